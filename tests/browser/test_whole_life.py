"""The whole life on real input in Chromium, on the real days: tests/outcomes/whole_life.py tells it.

The server is a thread of this process, so that both have the same clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Response
from werkzeug.serving import make_server

from consult.accounts.models import Person
from tests.lengths import IS_LONG
from tests.make import Make
from tests.outcomes.whole_life import Life, walk
from tests.visitor import Page, Visitor, forms_of

FILL = """(form, [name, value]) => {
  const fields = [...form.elements].filter((e) => e.name === name && e.type !== "hidden");
  const chosen = fields.find((e) => e.value === value && (e.type === "radio" || e.type === "checkbox"));
  if (!fields.length) throw new Error(`no field ${name}`);
  if (chosen) chosen.checked = true;
  else fields[0].value = value;
}"""


class InChromium(Visitor):
    """What Visitor does, with a real browser."""

    def __init__(self, app: Flask, person: Person | None, browser: Browser, url: str) -> None:
        super().__init__(app, person)
        self.url, context = url, browser.new_context()
        cookie = self.client.get_cookie("consult")
        if cookie is not None:
            context.add_cookies([{"name": "consult", "value": cookie.value, "url": url}])
        self.tab = context.new_page()

    def open(self, url: str, *, status: int | None = 200, follow: bool = True) -> Page:
        return self._seen(self.tab.goto(self.url + url), status)

    def press(
        self, button: str, *, status: int | None = 200, files: Any = None, follow: bool = True, **typed: Any
    ) -> Page:
        place = self._named(button)
        form = place.locator("xpath=ancestor::form")
        for name, value in typed.items():
            form.evaluate(FILL, [name, value])
        with self.tab.expect_navigation() as arrived:
            place.evaluate("e => e.click()") if not place.is_visible() else place.click()
        return self._seen(arrived.value, status)

    def _named(self, button: str) -> Locator:
        return self.tab.locator("button", has_text=re.compile(rf"^\s*{re.escape(button)}\s*$")).first

    def _seen(self, answer: Response | None, status: int | None) -> Page:
        assert answer is not None
        self.tab.wait_for_load_state("load")
        parts, body = urlsplit(self.tab.url), self.tab.content()
        assert status is None or answer.status == status, (self.tab.url, answer.status)
        tree = html5lib.parse(body, namespaceHTMLElements=False)
        url = parts.path + (f"?{parts.query}" if parts.query else "")
        self.page = Page(answer.status, url, body, answer.headers, tree, forms_of(tree))
        return self.page


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application at an address of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.mark.skipif(not IS_LONG, reason="a second look at what tests/outcomes/test_whole_life.py does; make test-long")
def test_the_whole_life_in_chromium(app: Flask, make: Make, chromium: Browser) -> None:
    with served(app) as url:
        arrive: Callable[..., Visitor] = lambda person=None: InChromium(app, person, chromium, url)  # noqa: E731
        walk(Life(app, make, arrive))
