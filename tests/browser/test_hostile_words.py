"""Words that try to run a script, in every field that holds words, on every page: in real Chromium, nothing runs.

Without the Content-Security-Policy, so that it is the pages that hold and not only the header. Raw, the same words do
run: the first test says so, or the others would say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, Page, Route
from sqlalchemy import event, select

from consult.core import text
from consult.core.db import Base, db
from consult.core.limits import limiter
from consult.learning.models import Term
from tests.lengths import IS_LONG
from tests.shape.asked import value_of
from tests.shape.world import World

from .columns import NO_WORDS, UNSEEN, planted
from .further import further

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
# What may only be said where another column says so; filled where the world fills it.
WITH_ANOTHER = {"statement.heading", "objection.answer", "moderation_act.ground", "objection_act.ground"}
RENDERED: dict[str, dict[str, Callable[[str], str]]] = {
    "html": {"guide": text.article, "clause": text.clean}, "answer_html": {}, "redline": {},
}  # fmt: skip
SEEN_IN = ("analysis", "published")
STATES = ("draft", "open", "analysis", "review", "published", "adopted") if IS_LONG else SEEN_IN
ASKING = ("organiser", "moderator", "author", "member", "signatory", "administrator", "person", "unverified", "visitor")
# Pages on which somebody else sees more words than the first who may open them.
ALSO = {
    "accounts.account": "author", "debate.my_drafts": "author", "debate.whole_letter": "author",
    "outcomes.objections": "moderator", "outcomes.theme_desk": "moderator",
}  # fmt: skip
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
    """While this lasts, each row that is written holds hostile words in all its columns for words; what was used."""
    turn, used, marks = count(), set[str](), planted()

    def one_line(mark: str) -> str:
        one = next(one for one in (HOSTILE[next(turn) % len(HOSTILE)] for _ in HOSTILE) if len(one) < 180)
        used.add(one)
        return text.normalise(f"{one} {mark}")

    def text_of(mark: str) -> str:
        words = list[str]()
        while sum(map(len, words)) < 900:
            words.append(HOSTILE[next(turn) % len(HOSTILE)])
        used.update(words)
        return text.normalise("\n\n".join([mark, *words, mark]))  # of a long text perhaps only the beginning is shown

    def fill(_mapper: Any, _connection: Any, row: Any) -> None:
        table = row.__table__
        for column in table.columns:
            mark = marks.get(f"{table.name}.{column.name}")
            given = getattr(row, column.key)
            if (
                mark is None
                or given == ""
                or (given is None and (column.nullable or f"{table.name}.{column.name}" in WITH_ANOTHER))
            ):
                continue
            if column.name in RENDERED:
                value = RENDERED[column.name].get(table.name, text.markdown)(text_of(mark))
            elif column.name == "warnings":
                value = json.dumps([one_line(mark)])
            elif column.name == "fields":
                value = json.dumps({"body": text_of(mark), "new_text": text_of(mark)})
            else:
                value = one_line(mark) if _is_one_line(column.name) else text_of(mark)
            setattr(row, column.key, value)

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


class Written(NamedTuple):
    """What people wrote, in one state: the pages that show it, and which words were tried."""

    pages: dict[str, tuple[str, dict[str, str]]]
    used: set[str]


@pytest.fixture(scope="module")
def written(app: Flask) -> dict[str, Written]:
    """The pages of each state, read once for all tests."""
    was_limited, limiter.enabled = limiter.enabled, False
    found = {}
    for state in STATES:
        with hostile() as used:
            world = World(app, state)
            further(world)
        found[state] = Written(_pages(world), used)
        world.clear()
    limiter.enabled = was_limited
    return found


def test_what_is_left_out_is_there_and_is_left_out_once() -> None:
    there = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    told = [name for names in (NO_WORDS | UNSEEN).values() for name in names.split()]
    assert sorted(told) == sorted(set(told) & there)


def test_every_column_for_words_is_on_some_page(written: dict[str, Written]) -> None:
    """A new column of text is either here: planted, and shown; or it is listed with the reason why not."""
    shown = "".join(body for state in SEEN_IN for body, _headers in written[state].pages.values())
    unseen = {column for column, mark in planted().items() if mark not in shown}
    assert unseen == {name for names in UNSEEN.values() for name in names.split()}


@pytest.mark.parametrize("state", STATES)
def test_no_page_runs_what_people_wrote(window: Callable[..., Window], written: dict[str, Written], state: str) -> None:
    pages, used = written[state]
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
    """Every page of the URL map as the first who may see it sees it, and that of what is hidden: body and headers."""
    asked: list[tuple[str, dict[str, Any]]] = [
        (rule.endpoint, {argument: value_of(world, rule.endpoint, argument) for argument in rule.arguments})
        for rule in world.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "asset"
    ]
    hidden = [{"slug": "matrix", "kind": "comments", "key": number} for number in ("P0001-002", "P0001-003")]
    pages = {}
    more: list[tuple[str, dict[str, Any]]] = [
        *(("moderation.item", one) for one in hidden),
        *(("search.everything", {"q": word}) for word in ("script", "onerror", "javascript")),
        ("debate.clause", {"slug": "matrix", "version": 2, "key": "1-1"}),
        ("outcomes.standard", {"slug": "told"}),
        *(("learning.edit_item", {"slug": "matrix", "kind": "terms", "item_id": one}) for one in _terms(world)),
    ]
    for endpoint, values in [*asked, *more]:
        with world.app.test_request_context():
            address = world.app.url_for(endpoint, **values)
        for role in (ALSO[endpoint],) if endpoint in ALSO else ASKING:
            with world.client(role).get(address) as answer:
                body = answer.get_data()  # a stream must be read to its end
            if answer.status_code == 200:
                if (answer.content_type or "").startswith("text/html"):
                    pages[address] = (body.decode(), dict(answer.headers))
                break
    return pages


def _terms(world: World) -> Sequence[int]:
    with world.app.app_context():
        return db.session.scalars(select(Term.id)).all()
