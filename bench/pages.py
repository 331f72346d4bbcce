"""What a first visit to each main page costs on a slow phone: requests, bytes, script, largest paint; ends with 1 when over.

    python bench/pages.py                 the demo, every page, twice
    python bench/pages.py --only outcome  those whose name holds this word

The production server with the demo, one Chromium on a screen of 360 × 640 points: 400 kbit/s down and up, 400 ms for each
answer to begin (what Lighthouse and WebPageTest call slow 3G), and a processor six times slower than this one. Every visit
is the first: nothing is in the browser's cache. Bytes are those on the wire, with headers; the largest paint is the last
entry of the browser's own LargestContentfulPaint, the better of `--turns`, since a busy machine only ever makes it later.
Needs Playwright and a Chromium (python -m tests.browser.chromium).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.running import Installation, installation
from tests.browser.chromium import find

BYTES, REQUESTS, SCRIPT, PAINT = 150_000, 6, 40_000, 2_500  # at most: on the wire, requests, of them script, ms
SLOWER = 6
LINK = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
}  # fmt: skip
LARGEST = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) last = entry.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(last), 300);
})"""
STRANGER, MEMBER, MODERATOR, ORGANISER, ADMINISTRATOR = (
    "stranger",
    "stakeholder",
    "moderator",
    "organiser",
    "administrator",
)
PAGES = [  # name, address, whose
    ("home", "/", STRANGER), ("consultations", "/consultations", STRANGER), ("overview", "/c/eu-ai-act", STRANGER),
    ("guide", "/c/eu-ai-act/guide", STRANGER), ("reading room", "/c/eu-ai-act/draft", STRANGER),
    ("clause", "/c/eu-ai-act/v1/clauses/article-53-2", STRANGER), ("comments", "/c/eu-ai-act/comments", STRANGER),
    ("comment", "{comment}", STRANGER), ("search", "/c/eu-ai-act/search?q=provider", STRANGER),
    ("resources", "/c/eu-ai-act/resources", STRANGER), ("CSAF overview", "/c/csaf-2-1", STRANGER),
    ("CSAF comments", "/c/csaf-2-1/comments", STRANGER), ("CSAF changes", "/c/csaf-2-1/draft/compare", STRANGER),
    ("outcome", "/c/csaf-2-1/outcome", STRANGER), ("library", "/standards", STRANGER), ("standard", "{standard}", STRANGER),
    ("sign in", "/sign-in", STRANGER), ("register", "/register", STRANGER), ("about", "/about", STRANGER),
    ("reading room, signed in", "/c/eu-ai-act/draft", MEMBER), ("comments, signed in", "/c/eu-ai-act/comments", MEMBER),
    ("writing", "/c/eu-ai-act/comments/new?version=1&clause=article-53-2", MEMBER), ("weigh in", "/c/eu-ai-act/weigh-in", MEMBER),
    ("my comments", "/me", MEMBER), ("inbox", "/me/inbox", MEMBER), ("account", "/me/account", MEMBER),
    ("profile", "/me/account/profile", MEMBER), ("password", "/me/account/password", MEMBER), ("my data", "/me/data", MEMBER),
    ("queue", "/c/eu-ai-act/manage/moderation", MODERATOR), ("desk", "/c/eu-ai-act/manage", ORGANISER),
    ("answers", "/c/eu-ai-act/manage/answers", ORGANISER), ("administration", "/administration", ADMINISTRATOR),
]  # fmt: skip


class Visit(NamedTuple):
    """One first visit."""

    status: int
    requests: int
    size: int
    script: int
    paint: float
    failed: int


def main() -> int:
    """Load the demo, visit, print; 1 when a page is over a limit."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", default="", help="pages whose name holds this")
    ask.add_argument("--turns", type=int, default=2)
    given = ask.parse_args()
    table = Table("page", "requests", "KB", "script, KB", "largest paint, s", "over", box=None)
    over = 0
    with installation(workers=1) as of:
        people = json.loads(of.run("demo", "--json"))["people"]
        with of.serving("--no-work"), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
            for name, address, visits in _visited(of, browser, people, given.only, given.turns):
                best = min(visits, key=lambda visit: visit.paint)
                wrong = _over(best)
                over += bool(wrong)
                table.add_row(
                    f"{name} {address}", str(best.requests), f"{best.size / 1000:.1f}", f"{best.script / 1000:.1f}",
                    f"{best.paint / 1000:.2f}", ", ".join(wrong),
                )  # fmt: skip
            browser.close()
    Console(width=150).print(table)
    print(
        f"at most {REQUESTS} requests, {BYTES // 1000} KB, {SCRIPT // 1000} KB of script, {PAINT / 1000} s; over: {over}"
    )
    return 1 if over else 0


def _over(visit: Visit) -> list[str]:
    looks = [
        (visit.status != 200, f"status {visit.status}"), (visit.failed > 0, f"{visit.failed} failed"),
        (visit.requests > REQUESTS, "requests"), (visit.size > BYTES, "bytes"), (visit.script > SCRIPT, "script"),
        (visit.paint > PAINT or not visit.paint, "paint"),
    ]  # fmt: skip
    return [what for is_so, what in looks if is_so]


def _visited(
    of: Installation, browser: Browser, people: list[dict[str, str]], only: str, turns: int
) -> Iterator[tuple[str, str, list[Visit]]]:
    cookies = {STRANGER: ""}
    for role in (MEMBER, MODERATOR, ORGANISER, ADMINISTRATOR):
        who = next(person for person in people if role in person["role"].lower())
        cookies[role] = of.sign_in(who["email"], who["password"])
    found = _found(of, browser)
    for name, address, whose in PAGES:
        if only in name:
            place = address.format(**found)
            _visit(of, browser, place, cookies[whose])  # so that no template is made for the first time
            yield name, place, [_visit(of, browser, place, cookies[whose]) for _ in range(turns)]


def _found(of: Installation, browser: Browser) -> dict[str, str]:
    """Addresses that only the demo knows."""
    page = browser.new_page()
    found = {}
    for name, at, pattern in (
        ("comment", "/c/eu-ai-act/comments", r"/c/eu-ai-act/comments/[A-Z]+-\d+"), ("standard", "/standards", r"/standards/[\w-]+"),
    ):  # fmt: skip
        page.goto(of.url + at)
        match = re.search(f'href="({pattern})"', page.content())
        found[name] = match[1] if match else at
    page.close()
    return found


def _visit(of: Installation, browser: Browser, address: str, cookies: str) -> Visit:
    context = browser.new_context(**PHONE)
    if cookies:
        pairs = (pair.split("=", 1) for pair in cookies.split("; "))
        context.add_cookies([{"name": name, "value": value, "url": of.url} for name, value in pairs])
    page = context.new_page()
    wire = _Wire(page)
    answer = page.goto(of.url + address, wait_until="networkidle", timeout=60_000)
    paint = float(page.evaluate(LARGEST))
    context.close()
    return Visit(answer.status if answer else 0, len(wire.asked), wire.size, wire.script, paint, wire.failed)


class _Wire:
    """A slow line and a slow processor for a page, and what went over the line."""

    def __init__(self, page: Page) -> None:
        self.asked: dict[str, str] = {}
        self.size = self.script = self.failed = 0
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._begun)
        session.on("Network.loadingFinished", self._done)
        session.on("Network.loadingFailed", self._broken)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def _begun(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.asked[event["requestId"]] = event.get("type", "")

    def _done(self, event: dict[str, Any]) -> None:
        if (kind := self.asked.get(event["requestId"])) is not None:
            self.size += int(event["encodedDataLength"])
            self.script += int(event["encodedDataLength"]) if kind == "Script" else 0

    def _broken(self, event: dict[str, Any]) -> None:
        self.failed += event["requestId"] in self.asked


if __name__ == "__main__":
    sys.exit(main())
