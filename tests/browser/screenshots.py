"""`make screenshots`: the main pages of the demo, narrow and wide, light and dark, into screenshots/.

`python -m tests.browser.screenshots --readme` takes the one picture of the README, docs/pictures/reading-room.png.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from consult.core.db import db

from .chromium import find
from .conftest import Site
from .demo import ACT, ANSWERED, CLAUSE, CSAF, NEXT, PREPARED, ROOM, STRANGER, Demo

FOLDER = Path("screenshots")
README = Path("docs/pictures/reading-room.png")
HEAVIEST = 150_000  # bytes of the README's picture
LETTERS = f"{ROOM}?at={CLAUSE}#c-{CLAUSE}"
WRITING = f"{ROOM}?at={CLAUSE}&write=1#c-{CLAUSE}"
SIZES: dict[str, Any] = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 900}}
COLOURS = ("light", "dark")
LONG = {"reading-room", "writing", "compare"}  # pages of many screens: only what the window shows


def pages(demo: Demo) -> dict[str, tuple[str, str]]:
    """Who looks at which address, by the name of the picture."""
    return {
        "home": (STRANGER, "/"),
        "overview": (STRANGER, f"/c/{ACT}"),
        "reading-room": (STRANGER, LETTERS),
        "writing": ("hanna", WRITING),
        "clause": (STRANGER, f"/c/{ACT}/v1/clauses/{CLAUSE}"),
        "compare": (STRANGER, f"/c/{CSAF}/draft/compare?view=side"),
        "comments": (STRANGER, f"/c/{ACT}/comments"),
        "comment": ("hanna", f"/c/{ACT}/comments/{demo.comment().number}"),
        "outcome": (STRANGER, f"/c/{CSAF}/outcome"),
        "my-comments": ("amara", "/me"),
        "workbench": ("miriam", f"/c/{ANSWERED}/manage/answers/{demo.unanswered[0].number}"),
        "carried": ("miriam", f"/c/{NEXT}/manage/carried"),
        "moderation-desk": ("miriam", f"/c/{ACT}/manage/moderation"),
        "opening-form": ("oskar", f"/c/{PREPARED}/manage/settings/positions"),
        "sign-in": (STRANGER, "/sign-in"),
        "register": (STRANGER, "/register"),
        "error": (STRANGER, "/nowhere"),
    }


@contextmanager
def demonstration() -> Iterator[Demo]:
    """The demo in a folder that goes away, answering browsers."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), "")
        print("Loading the demo …", flush=True)
        demo = Demo(site)
        site.start()
        try:
            yield demo
        finally:
            site.stop()
            with site.app.app_context():
                db.session.remove()
                db.engine.dispose()


def take(page: Page, path: Path, *, is_whole: bool = False) -> None:
    """Write a picture and say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=is_whole, animations="disabled")
    print(path, flush=True)


def take_all(demo: Demo, chromium: Browser) -> None:
    """Every page, in both widths and both colours; the reading room from right to left as well."""
    for width, size in SIZES.items():
        for colour in COLOURS:
            _take_these(demo, chromium, f"{width}-{colour}", {"viewport": size, "color_scheme": colour})


def _take_these(demo: Demo, chromium: Browser, mark: str, look: dict[str, Any]) -> None:
    for name, (who, address) in pages(demo).items():
        context = demo.context(chromium, who, **look)
        page = context.new_page()
        page.goto(demo.site.url + address)
        take(page, FOLDER / f"{name}-{mark}.png", is_whole=name not in LONG)
        if name == "reading-room":
            page.evaluate(
                f"document.documentElement.dir = 'rtl'; document.getElementById('c-{CLAUSE}').scrollIntoView()"
            )
            take(page, FOLDER / f"{name}-{mark}-rtl.png")
        context.close()


def take_for_readme(demo: Demo, chromium: Browser) -> None:
    """The reading room on a desk with the letters open; no heavier than it need be."""
    context = demo.context(chromium, STRANGER, viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    page.goto(demo.site.url + LETTERS)
    take(page, README)
    context.close()
    for command in (["pngquant", "--force", "--ext", ".png", "64"], ["optipng", "-quiet", "-o5"]):
        if shutil.which(command[0]):
            subprocess.run([*command, str(README)], check=True)
    weight = README.stat().st_size
    print(f"{README} weighs {weight // 1000} KB.")
    if weight > HEAVIEST:
        sys.exit(
            f"That is more than {HEAVIEST // 1000} KB. Install pngquant (Debian: apt-get install pngquant) and run this again."
        )


def main() -> None:
    """Take the pictures."""
    asked = argparse.ArgumentParser(description="Take pictures of the main pages with the demo in them.")
    asked.add_argument("--readme", action="store_true", help=f"only take {README}")
    is_for_readme = asked.parse_args().readme
    path = find()
    if path is None:
        sys.exit("This needs Chromium. `python -m tests.browser.chromium` brings one.")
    with demonstration() as demo, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        (take_for_readme if is_for_readme else take_all)(demo, chromium)
        chromium.close()


if __name__ == "__main__":
    main()
