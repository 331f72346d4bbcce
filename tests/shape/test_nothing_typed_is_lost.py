"""Product rule 12: nothing typed is ever lost, not by a time-out, an expired token, a limit, or a busy database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import Session

from consult.accounts.models import Person, SignIn
from consult.core import clock
from consult.core.db import db
from consult.debate.models import Comment, Letter, Reply
from consult.documents.models import StagedDraft
from consult.learning.models import Guide
from consult.moderation.models import Report
from consult.outcomes.models import Disposition, OutcomeSummary, Statement
from tests.make import PASSWORD, Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
LONG = 'A thought of many words, with ünïcode, <b>tags</b> & "quotes".\n\nAnd a second paragraph.'
# state, page, button, the field that is typed into, what else is chosen, what there is one more of afterwards
CASES: dict[str, tuple[str, str, str, str, dict[str, Any], Any]] = {
    "comment": (
        "open", "/c/kept/comments/new", "Post comment", "body", {"positions": ["safety"], "stance": "object"}, Comment,
    ),
    "reply": ("open", "/c/kept/comments/P0001-001", "Post reply", "body", {}, Reply),
    "letter": ("open", "/c/kept/letters/new", "Send the letter", "body", {}, Letter),
    "report": ("open", "/c/kept/comments/P0001-001/report", "Report it", "text", {"rule": "spam"}, Report),
    "statement": (
        "open", "/c/kept/comments/MAIL-001/disowning", "Send it to the moderators", "text",
        {"name": "Ada", "email": "ada@example.org"}, Report,
    ),
    "decision": (
        "analysis", "/c/kept/manage/answers/P0001-001", "Save and next", "observation", {"code": "noted"}, Disposition,
    ),
    "sentence": ("analysis", "/c/kept/manage/summary", "Add sentence", "text", {"section": "said"}, Statement),
    "headline": ("analysis", "/c/kept/manage/summary", "Save headline", "headline", {}, OutcomeSummary),
    "settings": ("draft", "/c/kept/manage/settings/words", "Save and go on", "summary", {"title": "Its title"}, None),
    "guide": ("open", "/c/kept/manage/learning/guide", "Save the guide", "text", {}, Guide),
    "draft": ("draft", "/c/kept/manage/draft", "Look at it first", "text", {}, StagedDraft),
}  # fmt: skip


@pytest.fixture(params=CASES, ids=list(CASES))
def case(request: pytest.FixtureRequest) -> tuple[str, str, str, str, dict[str, Any], Any]:
    return CASES[request.param]


def somebody(make: Make, state: str) -> Person:
    """Who may do all of it, in a consultation with one comment."""
    row = make.consultation(state, slug="kept")
    clause = make.clauses(make.version(row))[1] if state != "draft" else None
    if clause is not None:
        make.comment(row, clause, number="P0001-001")
        make.comment(row, clause, number="MAIL-001", author=None, author_name="Ada", source="email")
    person = make.staff(row, "organiser")
    make.role(person, row, "moderator")
    return person


def end_all_sign_ins(make: Make) -> None:
    with make.writing() as session:
        session.execute(update(SignIn).values(ended_at=clock.now()))


def keeps(page: Page) -> bool:
    return LONG in unescape(page.body).replace("\r\n", "\n")


def test_a_session_that_ended_while_typing(make: Make, visit: Visit, case: Any) -> None:
    state, address, button, name, chosen, model = case
    person = somebody(make, state)
    browser = visit(person)
    browser.open(address)
    before = make.count(model) if model else 0
    end_all_sign_ins(make)
    if name == "text" and model is Report:
        browser.press(button, status=200, **{name: LONG}, **chosen)  # a visitor may report too
    else:
        page = browser.press(button, status=401, **{name: LONG}, **chosen)
        assert keeps(page)
        page = browser.press("Sign in", email=person.email, password="not this one", status=422)
        assert keeps(page)
        page = browser.press("Sign in", email=person.email, password=PASSWORD)
        assert keeps(page)
        page = browser.press("Send it now")
    if model is not None:
        assert make.count(model) == before + 1


def test_a_token_that_expired(make: Make, visit: Visit, case: Any) -> None:
    state, address, button, name, chosen, model = case
    browser = visit(somebody(make, state))
    browser.open(address)
    before = make.count(model) if model else 0
    with browser.client.session_transaction() as cookie:
        cookie.pop("csrf_token")
    page = browser.press(button, status=400, **{name: LONG}, **chosen)
    assert keeps(page)
    browser.press("Send it now")
    if model is not None:
        assert make.count(model) == before + 1


def test_a_limit_that_was_reached(make: Make, visit: Visit) -> None:
    browser = visit(somebody(make, "open"))
    for _ in range(10):  # all that one address may do in a quarter of an hour
        browser.open("/c/kept/comments/P0001-001/report")
        browser.press("Report it", rule="spam", text="x" * 10_000, status=422)
    page = browser.press("Report it", rule="spam", text=LONG, status=429)
    assert keeps(page)


@contextmanager
def busy() -> Iterator[None]:
    """Every write finds the database locked."""

    def refuse(session: Session, *_: object) -> None:
        if session.info.get("writing"):
            raise OperationalError("database is locked", None, Exception("locked"))

    event.listen(Session, "before_flush", refuse)
    event.listen(Session, "before_commit", refuse)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", refuse)
        event.remove(Session, "before_commit", refuse)


def test_a_busy_database(make: Make, visit: Visit, case: Any) -> None:
    state, address, button, name, chosen, model = case
    browser = visit(somebody(make, state))
    browser.open(address)
    before = make.count(model) if model else 0
    with busy():
        page = browser.press(button, status=503, **{name: LONG}, **chosen)
    assert keeps(page)
    assert page.headers["Retry-After"]
    if model is not None:
        assert make.count(model) == before


def test_a_file_cannot_be_kept_and_the_page_says_so(make: Make, visit: Visit) -> None:
    browser = visit(somebody(make, "draft"))
    browser.open("/c/kept/manage/draft")
    end_all_sign_ins(make)
    page = browser.press(
        "Look at it first", files={"file": (BytesIO(b"# Title\n\nWords."), "draft <i>.md")}, status=401
    )
    assert "The file “draft <i>.md” did not come through" in page.text
    assert "choose it again" in page.text


def test_back_and_other_words_are_not_swallowed(make: Make, visit: Visit, case: Any) -> None:
    """The browser's Back shows the form as it was sent; with other words it is another submission."""
    state, address, button, name, chosen, model = case
    browser = visit(somebody(make, state))
    as_sent = browser.open(address)
    browser.press(button, **{name: "What was sent first."}, **chosen)
    browser.page = as_sent
    page = browser.press(button, status=None, **{name: LONG}, **chosen)
    if page.status == 200 and not keeps(page):
        browser.open(address)  # accepted: then it is on the page, or one more of its kind is there
        assert keeps(browser.page) or (model and stored(make, model, LONG))
    else:
        assert page.status == 422 or keeps(page)
        assert keeps(page)


def stored(make: Make, model: Any, words: str) -> bool:
    column = next(getattr(model, c) for c in ("body", "observation", "source", "text") if hasattr(model, c))
    kept: str | bytes = words.encode() if column.type.python_type is bytes else words
    return make.count(model, column == kept) == 1


def test_the_same_again_has_one_effect(make: Make, visit: Visit, case: Any) -> None:
    state, address, button, name, chosen, model = case
    browser = visit(somebody(make, state))
    as_sent = browser.open(address)
    before = make.count(model) if model else 0
    for _ in range(2):
        browser.page = as_sent
        browser.press(button, **{name: LONG}, **chosen)
    if model is not None:
        assert make.count(model) == before + 1


class Reason(Exception):
    """What the driver says: that the transaction is a reading one."""

    sqlstate = "25006"


@contextmanager
def gone(app: Flask, failure: type[DBAPIError]) -> Iterator[None]:
    """Every question to the database fails, also who is asking."""

    def refuse(*_: object) -> None:
        raise failure("SELECT", None, Reason("the connection is closed"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("failure", [OperationalError, InterfaceError, InternalError])
def test_a_database_that_is_gone(app: Flask, make: Make, visit: Visit, failure: type[DBAPIError]) -> None:
    browser = visit(somebody(make, "open"))
    browser.open("/c/kept/comments/new?version=1&clause=1-1")
    before = make.count(Comment)
    with gone(app, failure):
        page = browser.press("Post comment", status=503, body=LONG)
        assert browser.client.get("/c/kept").status_code == 503
    assert keeps(page)
    assert page.headers["Retry-After"]
    assert make.count(Comment) == before


def test_a_connection_that_breaks_while_it_is_found_out_who_asks(app: Flask, make: Make, visit: Visit) -> None:
    """Whoever catches the first failure and goes on finds a transaction in ruins: that is no fault of ours either."""
    browser = visit(somebody(make, "open"))
    browser.open("/c/kept/comments/new?version=1&clause=1-1")
    cuts = []

    def cut(connection: Any, cursor: Any, *_: object) -> None:
        if not cuts:
            cuts.append(True)
            connection.invalidate()
            raise OperationalError("SELECT", None, Exception("the connection is closed"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", cut)
    try:
        page = browser.press("Post comment", status=503, body=LONG)
    finally:
        event.remove(engine, "before_cursor_execute", cut)
    assert keeps(page)


def test_what_only_had_to_wait_is_sent_again_from_the_page_and_counts_once(make: Make, visit: Visit) -> None:
    browser = visit(somebody(make, "open"))
    as_sent = browser.open("/c/kept/comments/new?version=1&clause=1-1")
    before = make.count(Comment)
    typed = {"body": LONG, "positions": ["safety"], "stance": "object"}
    with busy():
        refused = browser.press("Post comment", status=503, **typed)
    browser.press("Send it again")
    assert make.count(Comment, Comment.body == LONG) == 1
    browser.page = as_sent
    browser.press("Post comment", **typed)
    browser.page = refused
    browser.press("Send it again")
    assert make.count(Comment) == before + 1


def test_a_password_is_on_no_page_and_so_is_not_sent_again_from_one(app: Flask, visit: Visit) -> None:
    browser = visit()
    browser.open("/sign-in")
    with gone(app, OperationalError):
        page = browser.press("Sign in", status=503, email="ada@example.org", password="a long and odd sentence")
    assert "ada@example.org" in page.body
    assert "Send it again" not in page.body
    assert "odd sentence" not in page.body
