"""Words that try to run a script, in every field that holds words, on every page: in real Chromium, nothing runs.

Without the Content-Security-Policy, so that it is the pages that hold and not only the header. Raw, the same words do
run: the first test says so, or the others would say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, Page, Route
from sqlalchemy import String, event

from consult.core import text
from consult.core.db import Base
from consult.core.limits import limiter
from tests.lengths import IS_LONG
from tests.shape.asked import value_of
from tests.shape.world import World

HOME = "http://localhost/"
PAYLOADS: list[str] = json.loads(Path("tests/data/strings-xss/payloads.json").read_text("utf-8"))
NAUGHTY: list[str] = json.loads(Path("tests/data/strings-naughty/blns.json").read_text("utf-8"))
MARKDOWN = [
    form.format(address)
    for address in (
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)", "\x01javascript:alert(1)",
        "java\tscript:alert(1)", "vbscript:alert(1)", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "view-source:javascript:alert(1)", "https://example.org/\"onmouseover=alert(1)//", "javascript://%0aalert(1)",
    )
    for form in ("[x]({})", "[x](<{}>)", "![x]({})", "<{}>", "[x]\n\n[x]: {}", "[x]\n\n[x]: <{}> 'a\"b'", "[a](https://example.org '{}')")
] + ["```\"><script>alert(1)</script>\nx\n```", "| <svg onload=alert(1)> |\n|---|\n| `<script>alert(1)</script>` |", "~~<img src=x onerror=alert(1)>~~"]  # fmt: skip
HOSTILE = list(
    dict.fromkeys([*PAYLOADS, *MARKDOWN, *(one for one in NAUGHTY if "<" in one or "script" in one.lower())])
)
# Columns that hold words of people, wherever they stand; the html beside them is made of them as the product makes it.
WORDS = {
    "added_by_name", "answer", "author_name", "bodies", "body", "change_note", "clauses", "co_organisers", "definition",
    "description", "designation", "detail", "device", "editors", "explanation", "facts", "ground", "headline", "label",
    "licence_words", "name", "new_text", "note", "notice", "observation", "old_text", "organisation", "organiser",
    "organiser_name", "outcome_line", "own_label", "passage", "person_name", "question", "quote", "reason",
    "register_number", "scope", "sender", "source_name", "source_note", "state_reason", "summary", "text", "title",
}  # fmt: skip
NO_WORDS = {("position", "name"), ("import_batch", "name")}  # a short word of the program's own
HTML: dict[str, Callable[[str], str]] = {"guide": text.article, "clause": text.clean, "term": text.markdown}
STATES = ("draft", "open", "analysis", "review", "published", "adopted") if IS_LONG else ("analysis", "published")
ASKING = ("organiser", "moderator", "author", "member", "signatory", "administrator", "person", "unverified", "visitor")
AT_ONCE = 24  # pages in one window, each in a frame
LISTEN = "for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.ran(location.href);"
# What is in a page once the browser has understood it, and has no business there.
FOREIGN = """() => {
  const found = [];
  const leads = (value) => { try { return new URL(value, "http://localhost/").href; } catch { return "http:"; } };
  for (const e of document.querySelectorAll("*")) {
    if (e.localName === "script" && !/^\\/assets\\//.test(e.getAttribute("src") || "")) found.push(e.outerHTML);
    if (/^(iframe|object|embed|base|applet|frame|frameset|math|foreignobject|animate|set)$/.test(e.localName)) found.push(e.outerHTML);
    for (const {name, value} of e.attributes) {
      if (/^on/.test(name) || name === "srcdoc") found.push(e.outerHTML);
      if (/^(href|src|action|formaction|xlink:href|data|poster|background)$/.test(name))
        if (!/^(https?:|mailto:|otpauth:|data:image\\/)/.test(leads(value))) found.push(e.outerHTML);
    }
  }
  return found.map((one) => one.slice(0, 200));
}"""
FRAMES = """async (addresses) => {
  document.body.replaceChildren();
  await Promise.all(addresses.map((address) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.onload = () => setTimeout(done, 100);
    setTimeout(done, 30000);
    frame.src = address;
    document.body.append(frame);
  })));
}"""


class Window:
    """A browser in which all that answers is given to it, and whatever runs is heard."""

    def __init__(self, chromium: Browser, app: Flask, *, has_policy: bool) -> None:
        self.app, self.has_policy = app, has_policy
        self.context = chromium.new_context(bypass_csp=not has_policy)
        self.given: dict[str, tuple[str, dict[str, str]]] = {}
        self.ran: list[str] = []
        self.elsewhere: list[str] = []
        self.said: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.expose_binding("ran", lambda _source, what: self.ran.append(what))
        self.page.on("dialog", self._hear)
        self.page.on("console", lambda said: self.said.append(said.text))
        self.page.add_init_script(LISTEN)
        self.context.route("**/*", self._answer)

    def _hear(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def give(self, address: str, body: str, headers: dict[str, str] | None = None) -> str:
        """`body` is what the browser gets at this address."""
        given = {"Content-Type": "text/html; charset=utf-8"} | (headers or {})
        self.given[HOME + address.lstrip("/")] = (body, given)
        return HOME + address.lstrip("/")

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if url in self.given:
            body, headers = self.given[url]
            route.fulfill(body=body, headers=headers)
        elif url.startswith(HOME + "assets/"):
            answer = self.app.test_client().get(url.removeprefix("http://localhost"))
            route.fulfill(body=answer.data, headers={"Content-Type": answer.content_type})
        else:
            if not url.startswith(HOME):
                self.elsewhere.append(url)
            route.abort()

    def frames(self, addresses: list[str]) -> list[str]:
        """Open each in a frame; what is in them that should not be, once each."""
        self.page.goto(self.give("/all", "<!doctype html><title>All</title><body>"))
        found = list[str]()
        for at in range(0, len(addresses), AT_ONCE):
            self.page.evaluate(FRAMES, addresses[at : at + AT_ONCE])
            for frame in self.page.frames[1:]:
                found += [f"{frame.url}: {one}" for one in frame.evaluate(FOREIGN)]
        return found


@pytest.fixture
def window(chromium: Browser, app: Flask) -> Iterator[Callable[..., Window]]:
    opened: list[Window] = []

    def make(*, has_policy: bool = False) -> Window:
        opened.append(Window(chromium, app, has_policy=has_policy))
        return opened[-1]

    yield make
    for one in opened:
        one.context.close()


@contextmanager
def hostile() -> Iterator[set[str]]:
    """While this lasts, each row that is written holds hostile words in all its fields for words; what was used."""
    turn, used = count(), set[str]()

    def some(length: int | None, joint: str) -> str:
        words = ""
        while len(words) < min(length or 900, 900):
            one = HOSTILE[next(turn) % len(HOSTILE)]
            if words and len(words) + len(joint) + len(one) > (length or 900):
                break
            if length and len(one) > length:
                continue
            used.add(one)
            words += (joint if words else "") + one
            if length:
                break
        return text.normalise(words)

    def fill(_mapper: Any, _connection: Any, row: Any) -> None:
        table = row.__table__
        for column in table.columns:
            is_words = column.name in WORDS and (table.name, column.name) not in NO_WORDS
            if is_words and isinstance(column.type, String) and getattr(row, column.key) is not None:
                setattr(
                    row, column.key, some(column.type.length or (200 if _is_one_line(column.name) else None), "\n\n")
                )
        for name in ("html", "answer_html", "redline"):
            if name in table.columns:
                render = HTML.get(table.name, text.markdown)
                setattr(row, name, render(some(None, "\n\n")))
        if "fields" in table.columns:
            row.fields = json.dumps({"body": some(None, "\n\n"), "new_text": some(None, "\n\n")})

    event.listen(Base, "before_insert", fill, propagate=True)
    yield used
    event.remove(Base, "before_insert", fill)


def _is_one_line(name: str) -> bool:
    return name.endswith(("name", "title", "headline", "label", "organiser", "sender", "device", "organisation"))


def test_raw_the_words_do_run(window: Callable[..., Window]) -> None:
    one = window()
    addresses = [
        one.give(f"/raw/{n}", f"<!doctype html><title>x</title><body>{p}") for n, p in enumerate(PAYLOADS[::6])
    ]
    found = one.frames(addresses)
    assert len(set(one.ran)) > len(addresses) / 3, "the harness hears nothing"
    assert found


def test_with_the_policy_even_raw_words_do_not_run(window: Callable[..., Window], app: Flask) -> None:
    one = window(has_policy=True)
    policy = {"Content-Security-Policy": app.test_client().get("/").headers["Content-Security-Policy"]}
    raw = "<!doctype html><title>x</title><body><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>"
    one.page.goto(one.give("/raw", raw, policy))
    assert not one.ran
    assert any("Content Security Policy" in said for said in one.said), one.said


@pytest.mark.parametrize("render", [text.markdown, text.article, text.line, text.clean, lambda s: text.clean(s, with_pictures=True)])  # fmt: skip
def test_nothing_that_is_made_of_them_runs(window: Callable[..., Window], render: Callable[[str], str]) -> None:
    one = window()
    made = [render(words) for words in HOSTILE]
    addresses = [
        one.give(f"/made/{at}", "<!doctype html><title>x</title><body>" + "\n".join(made[at : at + 50]))
        for at in range(0, len(made), 50)
    ]
    assert one.frames(addresses) == []
    assert (one.ran, one.elsewhere) == ([], [])


@pytest.mark.parametrize("state", STATES)
def test_no_page_runs_what_people_wrote(window: Callable[..., Window], app: Flask, state: str) -> None:
    was_limited, limiter.enabled = limiter.enabled, False
    with hostile() as used:
        world = World(app, state)
    pages = _pages(world)
    world.clear()
    limiter.enabled = was_limited
    one = window()
    addresses = [one.give(address, body) for address, (body, _headers) in pages.items()]
    assert one.frames(addresses) == []
    assert (one.ran, one.elsewhere) == ([], [])
    assert len(pages) > 100
    assert len(used) > 300
    guarded = window(has_policy=True)
    shown = [(a, page) for a, page in pages.items() if "attachment" not in page[1].get("Content-Disposition", "")]
    for address, (body, headers) in shown[:: 1 if IS_LONG else 12]:
        guarded.page.goto(guarded.give(address, body, headers))
    assert not [said for said in guarded.said if "Content Security Policy" in said]
    assert guarded.ran == []


def _pages(world: World) -> dict[str, tuple[str, dict[str, str]]]:
    """Every page of the URL map as the first who may see it sees it: body and headers."""
    pages = {}
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "asset":
            continue
        values: dict[str, Any] = {argument: value_of(world, rule.endpoint, argument) for argument in rule.arguments}
        with world.app.test_request_context():
            address = world.app.url_for(rule.endpoint, **values)
        for role in ASKING:
            with world.client(role).get(address) as answer:
                body = answer.get_data()  # a stream must be read to its end
            if answer.status_code == 200:
                if (answer.content_type or "").startswith("text/html"):
                    pages[address] = (body.decode(), dict(answer.headers))
                break
    return pages
