"""The real server in a process of its own, real Chromium, and people who use it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.policy import default as policy
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from consult.app import create_app
from consult.core import jobs
from consult.core.db import db
from consult.core.paths import MIGRATIONS
from consult.settings import Settings
from tests import postgresql
from tests.conftest import IS_POSTGRESQL
from tests.make import Make

from .chromium import find

PATIENCE = 120  # s for the server to start on a busy machine


TARGETS = {"target-size": {"enabled": True}}  # axe leaves it out unless it is asked for
# At 320 px (a desk at 400 %), from left to right and from right to left: what of the page cannot be read.
SMALL = """() => {
  const root = document.documentElement, found = [];
  for (const way of ["ltr", "rtl"]) {
    root.dir = way;
    if (root.scrollWidth > innerWidth) found.push(`${way}: it can be pushed sideways`);
    const boxes = [...document.querySelectorAll(".top a")].map((e) => [e, e.getBoundingClientRect()]);
    for (const [a, one] of boxes) for (const [b, two] of boxes)
      if (a !== b && one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 1 && two.top < one.bottom - 1)
        found.push(`${way}: ${a.textContent} lies over ${b.textContent}`);
  }
  root.dir = "ltr";
  return found;
}"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A running installation: its address, its database, its mail, its clock."""

    def __init__(self, folder: Path, database_url: str, host: str = "127.0.0.1") -> None:
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        self.folder = folder
        self.settings = Settings(instance=str(folder), database_url=database_url, mode="test", public_url=self.url)
        self.app: Flask = create_app(self.settings)
        self.make = Make(self.app)
        with self.app.app_context():
            upgrade(directory=str(MIGRATIONS))

    def start(self) -> None:
        """Serve in a process of its own; returns when the first page answers."""
        surroundings = os.environ | {
            "CONSULT_INSTANCE": str(self.folder), "CONSULT_DATABASE_URL": self.settings.database_url,
            "CONSULT_MODE": "test", "CONSULT_PUBLIC_URL": self.url, "CONSULT_WORKERS": "1",
        }  # fmt: skip
        command = [sys.executable, "-m", "consult", "serve", "--port", str(self.port), "--no-work"]
        self.process = subprocess.Popen(
            command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url + "/healthz", timeout=1)  # noqa: S310 (our own address)
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError("the server did not answer")

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def tick(self) -> None:
        """What a worker does once a minute: the clock, mail, jobs."""
        with self.app.app_context():
            jobs.sweep()
            while jobs.run_due():  # a job may have brought others
                pass
            db.session.remove()

    def mails(self, to: str) -> list[str]:
        """Texts of the mails to an address, oldest first, each beginning with its subject."""
        self.tick()
        letters = [
            message_from_bytes(path.read_bytes(), policy=policy) for path in sorted(self.folder.glob("mail/*.eml"))
        ]
        return [f"{m['Subject']}\n{m.get_content()}" for m in letters if m["To"] == to]

    def link_in_mail(self, to: str) -> str:
        """The first address of ours in the newest mail to somebody."""
        found = re.search(re.escape(self.url) + r"\S+", self.mails(to)[-1])
        assert found, self.mails(to)[-1]
        return found[0]


# On the breadth between the margins of a sheet of A4: what does not belong on paper, or does not fit on it.
ON_PAPER = """() => {
  const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().height > 0, found = [];
  const useless = "nav:not(.pager), form:not(:has(table)), button, .btn, input, select, .skip, .foot";
  for (const e of document.querySelectorAll(useless)) if (shown(e)) found.push(`${e.localName}.${e.className} is printed`);
  if (document.documentElement.scrollWidth > innerWidth) found.push("it is cut at the side");
  const dark = getComputedStyle(document.documentElement).colorScheme !== "light";
  return dark ? [...found, "it is printed dark"] : found;
}"""


def prints_well(page: Page, place: str) -> None:
    """The page that is open now is fit for paper: nothing to press on it, nothing cut, not dark."""
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 658, "height": 900})
    found = page.evaluate(ON_PAPER)
    page.emulate_media(media="screen")
    assert not found, f"{place} on paper: {found}"


def stays_whole_when_small(page: Page, place: str) -> None:
    """The page that is open now has its place on 320 px, in both directions."""
    page.set_viewport_size({"width": 320, "height": 640})
    found = page.evaluate(SMALL)
    assert not found, f"{place} on 320 px: {found}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    name = f"consult_browser_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    database_url = postgresql.fresh(name) if IS_POSTGRESQL else ""
    site = Site(tmp_path_factory.mktemp("site"), database_url)
    site.start()
    yield site
    site.stop()
    with site.app.app_context():
        db.session.remove()
        db.engine.dispose()
    if database_url:
        postgresql.drop(database_url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.fail("The browser tests need Chromium; `make test` brings one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Surfer:
    """One person at a browser. Each page she passes is checked: no server error, no axe finding, no script error."""

    def __init__(self, site: Site, context: BrowserContext, has_script: bool) -> None:
        self.site, self.has_script = site, has_script
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        """An answer like 404 or 422 is no fault of a script."""
        if kind == "error" and "status of 4" not in text:
            self.errors.append(text)

    def open(self, address: str) -> Page:
        """Go to an address of the site."""
        answer = self.page.goto(address if address.startswith("http") else self.site.url + address)
        assert answer is not None
        assert answer.status == 200, (address, answer.status)
        return self.look()

    def look(self) -> Page:
        """Check the page that is shown now."""
        self.page.wait_for_load_state("load")
        assert not self.errors, self.errors
        if self.has_script:
            found = Axe().run(self.page, options={"rules": TARGETS})
            assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        return self.page

    def fill(self, **typed: str) -> Surfer:
        """Type into fields by name; for a radio or a box the value is chosen."""
        for name, value in typed.items():
            field = self.page.locator(f'[name="{name}"]:not([type=hidden])')
            kind = field.first.evaluate("e => e.type") if self.has_script else field.first.get_attribute("type")
            if kind in ("radio", "checkbox"):
                box = self.page.locator(f'[name="{name}"][value="{value}"]')
                box.check(force=True)
            elif kind == "select-one" or field.first.locator("option").count():
                field.first.select_option(value)
            else:
                field.first.fill(value)
        return self

    def named(self, text: str) -> Locator:
        """A button, or else a link, by its words."""
        place = self.page.get_by_role("button", name=text, exact=True)
        return (place if place.count() else self.page.get_by_role("link", name=text, exact=True)).first

    def press(self, text: str) -> Page:
        """Press a button or follow a link by its words."""
        with self.page.expect_navigation():
            self.named(text).click()
        return self.look()

    def unfold(self, text: str) -> None:
        """Open what stands behind a summary."""
        self.page.locator("summary", has_text=text).first.click()

    def tick(self, label: str) -> None:
        """Choose a radio button or a box by its words."""
        self.page.get_by_label(label).check()

    def attach(self, path: Path) -> None:
        """Choose a file."""
        self.page.locator("main input[type=file]").first.set_input_files(path)

    def sees(self, *words: str) -> None:
        """The page shows these words."""
        shown = re.sub(r"\s+", " ", self.page.locator("main").inner_text())
        for part in words:
            assert part.lower() in shown.lower(), f"{part!r} is not on {self.page.url}:\n{shown[:1500]}"


class Typist(Surfer):
    """Somebody who has no pointer: reaches everything with Tab, as it comes."""

    def walk_to(self, place: Locator) -> None:
        """Press Tab until `place` has the focus; a place that Tab never reaches fails."""
        goal = place.element_handle()
        for _ in range(400):
            if self.page.evaluate("e => e === document.activeElement", goal):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {place} on {self.page.url}")

    def fill(self, **typed: str) -> Surfer:
        for name, value in typed.items():
            field = self.page.locator(f'[name="{name}"]:not([type=hidden])').first
            kind = field.evaluate("e => e.type")
            if kind == "radio":
                self._choose(name, value)
            elif kind == "checkbox":
                self.tick_place(self.page.locator(f'[name="{name}"][value="{value}"]').first)
            else:
                self.walk_to(field)
                self._type(field, kind, value)
        return self

    def _choose(self, name: str, value: str) -> None:
        group = self.page.locator(f'[name="{name}"]')
        chosen = self.page.locator(f'[name="{name}"]:checked')
        self.walk_to(chosen.first if chosen.count() else group.first)
        wanted = self.page.locator(f'[name="{name}"][value="{value}"]')
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked(), (name, value)

    def _type(self, field: Locator, kind: str, value: str) -> None:
        keyboard = self.page.keyboard
        if kind == "select-one":
            keyboard.type(field.locator(f'option[value="{value}"]').first.inner_text())
        elif kind == "datetime-local":
            moment = datetime.fromisoformat(value)
            keyboard.type(moment.strftime("%m%d%Y"))
            keyboard.press("ArrowRight")
            keyboard.type(moment.strftime("%I%M%p"))
        else:
            keyboard.press("Control+a")
            keyboard.type(value)
        assert field.input_value() == value

    def tick_place(self, place: Locator) -> None:
        """Choose one with Space."""
        self.walk_to(place)
        self.page.keyboard.press("Space")
        assert place.is_checked()

    def tick(self, label: str) -> None:
        place = self.page.get_by_label(label)
        self._choose(str(place.get_attribute("name")), str(place.get_attribute("value")))

    def press(self, text: str) -> Page:
        self.walk_to(self.named(text))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.look()

    def unfold(self, text: str) -> None:
        self.walk_to(self.page.locator("summary", has_text=text).first)
        self.page.keyboard.press("Enter")

    def attach(self, path: Path) -> None:
        """The field is reached by Tab; the dialog behind it is the system's."""
        self.walk_to(self.page.locator("main input[type=file]").first)
        super().attach(path)


@pytest.fixture
def surfer(site: Site, chromium: Browser) -> Iterator[Callable[..., Surfer]]:
    """`surfer()` opens a browser of its own for one person; `has_script=False` turns JavaScript off."""
    contexts: list[BrowserContext] = []

    def arrive(*, has_script: bool = True, kind: type[Surfer] = Surfer, **options: object) -> Surfer:
        context = chromium.new_context(
            java_script_enabled=has_script,
            viewport={"width": 1280, "height": 900},
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return kind(site, context, has_script)

    yield arrive
    for context in contexts:
        context.close()
