"""One's own inbox: read live, page by page, marked and unmarked, and the number at the top of every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from consult.accounts.models import RoleGrant
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.errors import Missing, Refused
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply
from consult.moderation import operations as moderation
from consult.notices import operations, queries
from consult.notices.models import KINDS, Notice
from consult.notices.wishes import DEFAULTS
from tests.make import Make
from tests.moderation.world import World, build
from tests.visitor import Visitor

from .conftest import commented

Visit = Callable[..., Visitor]


def fill(make: Make, world: World, count: int) -> list[Comment]:
    comments = [make.comment(world.consultation, author=world.author) for _ in range(count)]
    for comment in comments:
        commented(make, world.reader.id, comment)
    return comments


def test_every_kind_has_a_way_of_being_told() -> None:
    assert set(KINDS) == set(DEFAULTS)


def test_the_inbox_says_what_happened_where_with_an_excerpt_and_a_link(make: Make, visit: Visit) -> None:
    world = build(make)
    fill(make, world, 1)
    with make.writing() as session:
        session.execute(update(Comment).values(body="Say **who** does it.\n\nAnd " + "when " * 99))
        number = session.scalar(select(func.max(Comment.number)))
    page = visit(world.reader).open("/me/inbox")
    assert "Ada Author commented on the whole draft" in page.text
    assert "Say who does it. And when when" in page.text
    assert " …" in page.text
    assert "Unread" in page.text
    links = page.links()
    assert links["Ada Author commented on the whole draft"] == f"/c/{world.slug}/comments/{number}"
    assert links[world.consultation.title] == f"/c/{world.slug}"
    assert links["Inbox 1 unread"] == "/me/inbox"


def test_the_inbox_goes_on_page_by_page_newest_first_at_the_same_cost(
    make: Make, visit: Visit, statements: Callable[[], Any]
) -> None:
    world = build(make)
    fill(make, world, 1)
    reader = visit(world.reader)
    with statements() as few:
        reader.open("/me/inbox")
    fill(make, world, 24)
    with statements() as many:
        page = reader.open("/me/inbox")
    assert len(few) == len(many)
    lines = [form.action for form in page.forms if "/me/inbox/" in form.action and form.action[-8:-7].isdigit()]
    assert "25 unread notices, 25 notices in all." in page.text
    first = lines
    page = reader.open(page.links()["Show more"])
    lines = [form.action.partition("?")[0] for form in page.forms if "/reading?after" in form.action]
    assert len(lines) == 5
    assert not set(lines) & set(first)


def test_all_is_marked_as_read_up_to_what_was_shown_and_taken_back(make: Make, visit: Visit) -> None:
    world = build(make)
    fill(make, world, 3)
    early = commented(make, world.reader.id, make.comment(world.consultation), read_at=clock.now() - timedelta(days=1))
    reader = visit(world.reader)
    reader.open("/me/inbox")
    late = commented(make, world.reader.id, make.comment(world.consultation))
    page = reader.press("Mark all as read")
    assert "3 notices are marked as read." in page.text
    assert unread_ids(make) == [late.id]
    page = reader.press("Undo")
    assert "unread again" in page.text
    assert len(unread_ids(make)) == 4
    assert early.id not in unread_ids(make)


def unread_ids(make: Make) -> list[int]:
    with make.writing() as session:
        return list(session.scalars(select(Notice.id).where(Notice.read_at.is_(None)).order_by(Notice.id)))


def test_one_is_marked_as_read_and_as_unread(make: Make, visit: Visit) -> None:
    world = build(make)
    fill(make, world, 1)
    reader = visit(world.reader)
    reader.open("/me/inbox")
    label = ": Ada Author commented on the whole draft"
    page = reader.press(f"Mark as read{label}")
    assert "You have read everything" in page.text
    assert page.links()["Inbox"] == "/me/inbox"
    page = reader.press(f"Mark as unread{label}")
    assert "1 unread notice" in page.text


@pytest.mark.parametrize("moment", ["", "x", "-1", "9" * 40, "1e9"])
def test_a_moment_somebody_has_meddled_with_does_nothing(make: Make, visit: Visit, moment: str) -> None:
    world = build(make)
    fill(make, world, 1)
    reader = visit(world.reader)
    page = reader.open(f"/me/inbox?marked={moment}")
    token = page.form("Mark all as read").fields["csrf_token"]
    reader.send("/me/inbox/unreading", {"csrf_token": token, "moment": moment})
    reader.send("/me/inbox/reading", {"csrf_token": token, "up_to": moment})
    assert len(unread_ids(make)) in (0, 1)


def test_nobody_reads_or_marks_what_others_were_told(make: Make, visit: Visit, inside: Flask) -> None:
    world = build(make)
    fill(make, world, 1)
    row = db.session.scalars(select(Notice)).one()
    assert queries.inbox(viewer=world.actor("author")).listing.rows == []
    assert queries.unread_count(viewer=world.actor("author")) == 0
    with pytest.raises(Missing):
        queries.notice(viewer=world.actor("author"), notice_id=row.id)
    with pytest.raises(Refused):
        operations.mark_read(actor=world.actor("author"), notice=row)
    operations.mark_all_read(actor=world.actor("author"), up_to=row.id)
    assert queries.unread_count(viewer=world.actor("reader")) == 1


def test_hidden_and_withdrawn_words_are_gone_from_the_inbox_at_once(make: Make, visit: Visit, inside: Flask) -> None:
    world = build(make)
    comment = make.comment(world.consultation, author=world.author, body="unspeakable words", author_name="Ada Author")
    commented(make, world.reader.id, comment)
    reply = debate.post_reply(
        actor=world.actor("author"), comment=world.load("author"), parent=None, body="a rude reply"  # type: ignore[arg-type]
    )  # fmt: skip
    commented(make, world.reader.id, comment, kind="replies", what="replied", about=reply.id, event="reply")
    viewer = world.actor("reader")
    shown = queries.inbox(viewer=viewer).listing.rows
    assert [entry.excerpt for entry in shown] == ["a rude reply", "unspeakable words"]
    moderation.hide_contribution(
        actor=world.actor("moderator"), thing=world.load("moderator", comment), rule="spam", passage="unspeakable",
        reason="No.", seen_act_id=0,
    )  # fmt: skip
    debate.withdraw_reply(actor=world.actor("author"), reply=db.session.get_one(Reply, reply.id))
    shown = queries.inbox(viewer=viewer).listing.rows
    assert [entry.excerpt for entry in shown] == ["", ""]
    assert [entry.line.text for entry in shown] == [
        f"A reply under {world.comment.number} is not shown any more", f"Comment {comment.number} is not shown any more",
    ]  # fmt: skip


def test_who_is_no_moderator_any_more_does_not_see_reports(make: Make, inside: Flask) -> None:
    world = build(make)
    moderation.report(actor=world.actor("reader"), thing=world.load("reader"), rule="spam", text="They sell.")
    [entry] = queries.inbox(viewer=world.actor("moderator")).listing.rows
    assert entry.line.text == f"A reader reports {world.comment.number}: Advertising or spam"
    assert entry.excerpt == ""
    moderation.keep_contribution(
        actor=world.actor("second"), thing=world.load("second"), reason="It sells nothing.", seen_act_id=0
    )
    [entry] = queries.inbox(viewer=world.actor("moderator")).listing.rows
    assert entry.line.text == f"A reader reported {world.comment.number}: Advertising or spam (decided)"
    with write_transaction() as session:
        grants = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.moderator.id))
        for grant in grants:
            session.delete(grant)
    assert queries.inbox(viewer=world.actor("moderator")).listing.rows == []
    assert queries.unread_count(viewer=world.actor("moderator")) == 0


def test_the_passage_of_a_hiding_stays_in_the_mail(make: Make, inside: Flask) -> None:
    world = build(make)
    act = moderation.hide_contribution(
        actor=world.actor("moderator"), thing=world.load("moderator"), rule="spam", passage="cheap watches",
        reason="No adverts.", seen_act_id=0,
    )  # fmt: skip
    [entry] = queries.inbox(viewer=world.actor("author")).listing.rows
    assert (entry.line.text, entry.excerpt) == (f"A moderator hid your comment {world.comment.number}", "No adverts.")
    moderation.restore_contribution(
        actor=world.actor("second"), thing=world.load("second"), reason="It is mild.", seen_act_id=act.id
    )
    assert queries.inbox(viewer=world.actor("author")).listing.rows[0].line.text == (
        f"A moderator shows your comment {world.comment.number} again"
    )


def test_the_line_leads_the_author_to_the_statement_of_reasons(make: Make, app: Flask, visit: Visit) -> None:
    world = build(make)
    with app.app_context():
        act = moderation.hide_contribution(
            actor=world.actor("moderator"), thing=world.load("moderator"), rule="spam", passage="cheap watches",
            reason="No adverts.", seen_act_id=0,
        )  # fmt: skip
        db.session.remove()
    author = visit(world.author)
    page = author.open(author.open("/me/inbox").links()[f"A moderator hid your comment {world.comment.number}"])
    assert page.url == f"/c/{world.slug}/moderation/{act.id}/appeal"
    assert "No adverts." in page.text
    assert author.open(page.links()["See it in the public log"]).status == 200


def test_the_number_at_the_top_is_counted_up_to_a_hundred(make: Make, visit: Visit) -> None:
    world = build(make)
    comment = make.comment(world.consultation)
    with make.writing() as session:
        session.add_all(
            Notice(
                person_id=world.reader.id, consultation_id=world.consultation.id, kind="followed", what="commented",
                about=comment.id, event=f"e{n}",
            )
            for n in range(120)
        )  # fmt: skip
    assert "Inbox 99+ unread" in visit(world.reader).open("/about").links()


def test_a_failure_page_asks_the_database_nothing_more(make: Make, visit: Visit, statements: Callable[[], Any]) -> None:
    reader = visit(build(make).reader)
    with statements() as told:
        reader.open("/nowhere", status=404)
    assert not [statement for statement in told if "notice" in statement]


def test_system_reads_no_inbox(inside: Flask) -> None:
    assert queries.unread_count(viewer=SYSTEM) == 0
