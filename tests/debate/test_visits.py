"""What is new since the last visit: told in words, found by a filter and a link, never written by a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.rules import SYSTEM
from consult.debate import operations, queries, rules
from consult.debate.models import Comment, Reply, Visit
from tests.debate.conftest import Statements, World
from tests.visitor import Visitor

Visit_ = Callable[..., Visitor]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("latest", "now", "since"),
    [
        (0, 1, -24),  # the visit goes on
        (0, 4, -24),
        (0, 5, 0),  # back on the same day
        (0, 50, 0),
    ],
)
def test_a_visit_ends_with_a_pause(latest: int, now: int, since: int) -> None:
    def at(hours: int) -> datetime:
        return NOON + timedelta(hours=hours)

    assert rules.since(at(-24), at(latest), at(now)) == at(since)


@pytest.mark.parametrize(("hours", "new"), [(3, 2), (4.1, 1)])  # while a visit goes on; after the pause
def test_the_page_of_a_comment_counts_what_is_new_as_its_marks_say(
    app: Flask, world: World, hours: float, new: int
) -> None:
    reader = world.actor("Alan")
    with app.app_context():
        number = world.post().number
    latest = clock.now() - timedelta(hours=hours)
    before = latest - timedelta(hours=1)
    for said_at in (before - timedelta(minutes=1), latest - timedelta(minutes=1), latest + timedelta(minutes=1)):
        row = reply(app, world, number, "One more.")
        with app.app_context(), write_transaction() as session:
            session.execute(update(Reply).where(Reply.id == row.id).values(posted_at=said_at))
    world.make.row(
        Visit(consultation_id=world.consultation.id, person_id=reader.person_id, before_at=before, latest_at=latest)
    )
    with app.app_context():
        comment = found(world, number)
        (card,) = queries.cards(viewer=reader, comments=[comment], since=rules.since(before, latest, clock.now()))
        assert queries.thread(viewer=reader, comment=comment).card.new_replies == card.new_replies == new
        assert queries.thread(viewer=world.actor("Grace"), comment=comment).card.new_replies == 0


def found(world: World, number: str) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=number)


def some_hours_later(app: Flask) -> None:
    """Everything that was said and noted so far is six hours older."""
    with app.app_context(), write_transaction() as session:
        for model, columns in (
            (Comment, ("posted_at", "active_at")),
            (Reply, ("posted_at",)),
            (Visit, ("before_at", "latest_at")),
        ):
            for row in session.scalars(db.select(model)).all():
                values = {column: getattr(row, column) - timedelta(hours=6) for column in columns}
                session.execute(update(model).where(model.id == row.id).values(values))


def reply(app: Flask, world: World, number: str, body: str, parent: Reply | None = None) -> Reply:
    with app.app_context():
        return operations.post_reply(actor=world.actor("Grace"), comment=found(world, number), parent=parent, body=body)


def read_on(browser: Visitor) -> None:
    """What the script of an open page does."""
    assert browser.page is not None
    form = next(form for form in browser.page.forms if form.action.endswith("/visit"))
    browser.send(form.action, {"csrf_token": form.fields["csrf_token"]}, status=204)


def test_what_came_since_the_last_visit_is_marked_and_can_be_shown_alone(
    app: Flask, world: World, visit: Visit_
) -> None:
    with app.app_context():
        old = [world.post(body=f"Old {n}.").number for n in range(3)]
    browser = visit(world.make.person("Kari"))
    page = browser.open(world.address)
    assert "From your next visit on" in page.text
    assert world.make.count(Visit) == 0
    read_on(browser)
    some_hours_later(app)
    assert "Nothing is new since your last visit" in browser.open(world.address).text
    reply(app, world, old[1], "A new reply.")
    with app.app_context():
        new = world.post(body="New one.").number
    page = browser.open(world.address)
    assert "2 comments are new or have new replies since your last visit" in page.text
    assert page.text.count("New New one.") == 0
    assert f"{new} New" in page.text
    assert "1 reply, 1 new" in page.text
    page = browser.open(page.links()["Show only what is new"])
    assert page.heading == "2 comments of 4"
    assert "Old 0." not in page.text
    assert "New since your last visit" in page.text
    read_on(browser)
    assert "2 comments are new" in browser.open(world.address).text  # the visit goes on
    page = browser.press("Mark all as read")
    assert "Marked as read." in page.text
    assert "Nothing is new since your last visit" in page.text
    stranger = visit().open(f"{world.address}?new=1")
    assert "since your last visit" not in stranger.text
    assert "All" in visit().open(world.address).heading


def test_the_first_new_reply_is_a_link_away_wherever_it_stands(app: Flask, world: World, visit: Visit_) -> None:
    with app.app_context():
        number = world.post().number
    parent = None
    for n in range(4):
        parent = reply(app, world, number, f"Old {n}.", parent)
    browser = visit(me := world.make.person("Kari"))
    page = browser.open(f"{world.address}/{number}")
    read_on(browser)
    some_hours_later(app)
    page = browser.open(f"{world.address}/{number}/first-new")
    assert page.url == f"{world.address}/{number}"
    deep = reply(app, world, number, "New and deep.", parent)
    hidden = reply(app, world, number, "Insult.")
    with app.app_context():
        row = queries.find_reply(viewer=SYSTEM, slug=world.consultation.slug, number=number, reply_id=hidden.id)
        operations.hide(actor=world.moderator(), thing=row, reason="It insults.")
        operations.post_reply(actor=world.make.actor(me), comment=found(world, number), parent=None, body="My own.")
    page = browser.open(f"{world.address}/{number}")
    page = browser.open(page.links()["Go to the first of 1 new reply"])
    assert parent is not None
    assert page.url == f"{world.address}/{number}/replies/{parent.id}"
    assert "New Grace answers Grace: New and deep." in page.text
    assert f'id="reply-{deep.id}"' in page.body
    assert visit().open(f"{world.address}/{number}/first-new").heading == "Sign in"


def test_pages_never_note_a_visit_and_cost_the_same(
    app: Flask, world: World, visit: Visit_, statements: Statements
) -> None:
    browser = visit(world.make.person())
    browser.open(world.address)
    read_on(browser)
    some_hours_later(app)

    def cost(n: int) -> tuple[int, int]:
        with app.app_context():
            for _ in range(n):
                number = world.post().number
        reply(app, world, number, "New.")
        with statements() as told:
            browser.open(f"{world.address}?new=1")
        listing = len(told)
        assert not [statement for statement in told if statement.startswith(("INSERT", "UPDATE", "DELETE"))]
        with statements() as told:
            browser.open(f"{world.address}/{number}")
        return listing, len(told)

    few = cost(1)
    assert cost(15) == few
    assert max(few) <= 24


@pytest.mark.usefixtures("inside")
def test_two_windows_are_one_visit(world: World) -> None:
    actor = world.actor()
    for _ in range(2):
        operations.note_visit(actor=actor, consultation=world.consultation)
    assert world.make.count(Visit) == 1
    since = queries.new_since(viewer=actor, consultation_id=world.consultation.id)
    assert since is not None
    assert clock.now() - since < timedelta(minutes=1)
