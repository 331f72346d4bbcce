"""Every page of the URL map with the demo in it: wide and light, narrow and dark, and without JavaScript.

The first look at an endpoint is the whole one, the others are on a phone only; `make test-long` looks at all of them
in every way. looks.py says who looks at an endpoint; one that is not there fails with a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.documents.models import Clause, Draft, DraftVersion, ReadingPage
from tests.lengths import IS_LONG

from .conftest import TARGETS, Site, prints_well, stays_whole_when_small
from .demo import ACT, CSAF, STRANGER, Demo
from .looks import ERRORS, NO_PAGES, PAGES, Look

WIDE: Any = {"width": 1280, "height": 900}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
BARE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
SEEN = ", runOnly: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size']"  # rules that look
ALL = f", rules: {json.dumps(TARGETS)}"
SAME = 0.8  # of the lines that JavaScript shows on a phone must be there without it; the rest is its own controls

STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const {left, right} = e.getBoundingClientRect();
  for (let p = e.parentElement; p !== document.body && p; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== "visible") return false;
  return right > innerWidth + 1 || left < -1;
}).map((e) => e.outerHTML.slice(0, 120))"""


class Gallery:
    """The demo, and for everybody two browsers that stay open: a new one for each page costs more than the page."""

    def __init__(self, demo: Demo, chromium: Browser) -> None:
        self.demo, self.chromium = demo, chromium
        self.pages: dict[tuple[str, str], Page] = {}
        self.said: list[str] = []  # on the console, since the last page was opened

    def address(self, endpoint: str, one: Look) -> str:
        with self.demo.site.app.test_request_context():
            path = self.demo.site.app.url_for(endpoint, **one.values)
        return f"{path}{'?' if one.query else ''}{one.query}"

    def browser(self, kind: str, options: dict[str, Any], who: str) -> Page:
        """The browser of this kind that `who` has."""
        if (who, kind) not in self.pages:
            page = self.pages[who, kind] = self.demo.context(self.chromium, who, **options).new_page()
            page.on("pageerror", lambda error: self.said.append(str(error)))
            page.on("console", lambda message: self._hear(message.type, message.text))
        return self.pages[who, kind]

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:  # an answer like 404 is no fault of a script
            self.said.append(text)

    def open(self, page: Page, one: Look, path: str) -> str:
        """Go to an address; it answers as it should. What it answered."""
        self.said.clear()
        answer = page.goto(self.demo.site.url + path)
        assert answer is not None
        assert answer.status == one.status, f"{path} answers {answer.status} to {one.who or 'a stranger'}"
        return answer.text()

    def bare_lines(self, answered: str) -> set[str]:
        """What one reads without JavaScript in the same answer; who asked for it does not matter any more."""
        page = self.browser("bare", BARE, STRANGER)
        home = self.demo.site.url + "/"
        page.route(home, lambda route: route.fulfill(body=answered, content_type="text/html"), times=1)
        page.goto(home)
        return set(_lines(page))

    @staticmethod
    def look_over(page: Page, place: str, rules: str = ALL) -> None:
        """Axe finds nothing, and nothing sticks out at the side."""
        options = f"{{resultTypes: ['violations'] {rules}}}"
        found = page.evaluate(f"axe.run(document, {options}).then((all) => all.violations)")
        assert not found, f"{place}\n{_told(found)}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{place} can be pushed sideways; this sticks out: {page.evaluate(STICKS_OUT)}"
        )

    def check(self, path: str, one: Look, *, is_all: bool = True) -> None:
        """All that is asked of every page; not `is_all`: on a phone only."""
        page = self.browser("whole", NARROW, one.who)
        page.set_viewport_size(NARROW["viewport"])
        page.emulate_media(color_scheme="dark")
        answered = self.open(page, one, path)
        page.evaluate(AXE_SCRIPT)
        self.look_over(page, f"{path} on a phone, dark, as {one.who or 'a stranger'}")
        assert page.locator("h1").count() == 1, f"{path} has {page.locator('h1').count()} h1"
        assert not self.said, f"{path}: {self.said}"
        if not is_all:
            return
        lines = _lines(page)
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        self.look_over(page, f"{path} on a desk, light, as {one.who or 'a stranger'}", SEEN)
        stays_whole_when_small(page, path)
        prints_well(page, path)
        bare = self.bare_lines(answered)
        gone = [line for line in lines if line not in bare]
        assert lines, f"{path} is empty"
        assert len(gone) <= (1 - SAME) * len(lines), f"{path} without JavaScript lacks {gone[:9]}"


def _told(found: list[dict[str, Any]]) -> str:
    """What axe found, a line for each element."""
    return "\n".join(
        f"{rule['help']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    )


def _lines(page: Page) -> list[str]:
    """The lines of the page's main part that one can read now, without how long ago things were: the clock goes on."""
    text = re.sub(r"just now|(in )?\d+ (minute|hour)s?( ago)?", "", page.locator("main").inner_text())
    return [line for line in (re.sub(r"\W+", " ", part).strip() for part in text.splitlines()) if line]


@pytest.fixture(scope="module")
def gallery(site: Site, chromium: Browser) -> Iterator[Gallery]:
    demo = Demo(site)
    site.tick()
    gallery = Gallery(demo, chromium)
    yield gallery
    for page in gallery.pages.values():
        page.context.close()


def test_every_page_is_on_the_list(site: Site) -> None:
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NO_PAGES
    missing = sorted(pages - set(PAGES))
    assert not missing, f"Say in PAGES who looks at these, with which values: {', '.join(missing)}"
    gone = sorted(set(PAGES) - pages)
    assert not gone, f"These are no pages any more, take them out of PAGES: {', '.join(gone)}"


@pytest.mark.parametrize("endpoint", sorted(PAGES))
def test_a_page_is_fit_for_everybody(gallery: Gallery, endpoint: str) -> None:
    for n, one in enumerate(PAGES[endpoint](gallery.demo)):
        gallery.check(gallery.address(endpoint, one), one, is_all=n == 0 or IS_LONG)


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_an_error_page_is_fit_for_everybody(gallery: Gallery, name: str) -> None:
    one = ERRORS[name]
    gallery.check(one.query, one)


WORDS = """async () => {
  const main = document.querySelector("script[src$='/js/main.js']").src;
  const { lettersOf } = await import(main.replace("main.js", "behaviours/select-words.js"));
  const words = (root) => lettersOf(root).map((one) => one.letter).join("");
  return Object.fromEntries([...document.querySelectorAll("[data-words]")].map((root) => [root.dataset.words, words(root)]));
}"""


@pytest.mark.parametrize("slug", [ACT, CSAF])
def test_words_are_counted_on_the_page_as_they_are_kept(site: Site, gallery: Gallery, slug: str) -> None:
    with site.app.app_context():
        version = db.session.scalars(
            select(DraftVersion)
            .join(DraftVersion.draft)
            .join(Draft.consultation)
            .where(Consultation.slug == slug, DraftVersion.number == 1)
        ).one()
        kept = dict(db.session.execute(select(Clause.key, Clause.text).where(Clause.version_id == version.id)).all())
        pages = db.session.scalars(
            select(ReadingPage.key).where(ReadingPage.version_id == version.id).order_by(ReadingPage.rank)
        ).all()
        db.session.remove()
    page, seen = gallery.browser("whole", NARROW, STRANGER), 0
    for key in pages[:: max(1, len(pages) // 6)]:
        page.goto(f"{site.url}/c/{slug}/v1/{key}")
        counted = page.evaluate(WORDS)
        assert counted == {name: kept[name] for name in counted}
        seen += len(counted)
    assert seen > 100
