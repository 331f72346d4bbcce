"""Asking an author to change something: it stays on show, and comes back to the desk when it is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply
from consult.moderation import operations
from consult.moderation.models import ModerationAct, Report
from consult.moderation.queries import desk, things
from consult.settings import Settings
from tests.visitor import Visitor

from .test_operations import hide, report, state, statement
from .test_statements import is_shown, sent
from .world import World

Visit = Callable[..., Visitor]
REASON = "Say it without the advert."
ASKED = {"verb": "ask", "rule": "spam", "passage": "cheap watches", "reason": REASON, "days": "7"}


def ask(world: World, who: str = "moderator", thing: Any = None, **values: Any) -> ModerationAct:
    given = {"rule": "spam", "passage": "cheap watches", "reason": REASON, "days": 7, "seen_act_id": 0} | values
    return operations.ask_for_change(actor=world.actor(who), thing=world.load(who, thing), **given)


def change(world: World) -> None:
    comment = world.load("author")
    assert isinstance(comment, Comment)
    debate.edit_comment(
        actor=world.actor("author"), comment=comment, body="Buy nothing now.", seen_edit_number=comment.edit_number
    )


def listed(world: World) -> list[tuple[str, ...]]:
    page = desk.desk(viewer=world.actor("moderator"), consultation=world.load("moderator").consultation, shown="asked")  # type: ignore[union-attr]
    return [(line.key, *line.signs) for line in page.waiting]


def test_what_is_asked_for_stays_on_show_until_it_is_decided(inside: Flask, world: World) -> None:
    report(world)
    act = ask(world)
    assert state(world) == "posted"
    assert act.until is not None
    assert act.until - act.at == timedelta(days=7)
    assert world.make.count(Report, Report.closed_by_act_id == act.id) == 1
    assert listed(world) == [(world.comment.number, "Asked: Advertising or spam")]
    assert [row.id for row in things.requests_to(viewer=world.actor("author"))] == [act.id]
    assert not things.requests_to(viewer=world.actor("reader"))


def test_changing_it_answers_the_request_and_brings_it_back_to_the_desk(inside: Flask, world: World) -> None:
    act = ask(world)
    change(world)
    db.session.expire_all()
    assert db.session.get_one(ModerationAct, act.id).corrected_at is not None
    assert not things.requests_to(viewer=world.actor("author"))
    assert listed(world) == [(world.comment.number, "Corrected: Advertising or spam")]
    kept = operations.keep_contribution(
        actor=world.actor("second"), thing=world.load("second"), reason="It is in order now.", seen_act_id=act.id
    )
    assert kept.rule == "spam"
    assert not listed(world)


def test_a_reply_is_asked_about_and_changed_like_a_comment(inside: Flask, world: World) -> None:
    act = ask(world, thing=world.reply, passage="unseemly reply", rule="personal")
    reply = world.load("reader", world.reply)
    assert isinstance(reply, Reply)
    assert [row.id for row in things.requests_to(viewer=world.actor("reader"), comment=reply.comment)] == [act.id]
    debate.edit_reply(actor=world.actor("reader"), reply=reply, body="A better one.", seen_edit_number=0)
    assert not things.requests_to(viewer=world.actor("reader"))


def test_it_can_still_be_hidden_and_then_nothing_is_asked_any_more(inside: Flask, world: World) -> None:
    act = ask(world)
    with pytest.raises(Conflict, match=r"asked the author to change it \(Advertising or spam\)"):
        hide(world, "second")
    hide(world, "second", seen_act_id=act.id)
    assert not listed(world)
    assert not things.requests_to(viewer=world.actor("author"))


def test_when_the_time_is_over_the_desk_says_so(inside: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world, days=3)
    later = clock.now() + timedelta(days=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert listed(world) == [(world.comment.number, "The time is over: Advertising or spam")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rule": "x"}, "rule"), ({"passage": " "}, "passage"), ({"passage": "not there"}, "passage"),
        ({"reason": " "}, "reason"), ({"reason": "No cheap watches!"}, "reason"), ({"days": 400}, "days"),
    ],
)  # fmt: skip
def test_a_request_without_its_statement_leaves_no_trace(
    inside: Flask, world: World, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        ask(world, **wrong)
    assert raised.value.field == field
    assert world.make.count(ModerationAct) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "ask"}, {"verb": "hide", "until": clock.now()}, {"is_waiting": True},
        {"verb": "ask", "until": clock.now(), "passage": ""},
    ],
)  # fmt: skip
def test_the_table_refuses_a_request_without_a_day_or_words(inside: Flask, world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        world.make.row(statement(world, **wrong))


def test_nobody_is_asked_who_is_not_here_or_cannot_change_it(inside: Flask, world: World) -> None:
    outside = world.make.comment(world.consultation, author_id=None, source="csv", body="cheap watches")
    with pytest.raises(Conflict, match="came from outside"):
        ask(world, thing=outside)
    with pytest.raises(Refused, match="Only the moderators"):
        ask(world, "panel")
    mine = world.make.comment(world.consultation, author=world.moderator, body="cheap watches")
    with pytest.raises(Refused, match="Leave it to a colleague"):
        ask(world, thing=mine)


def test_the_author_reads_it_changes_it_and_a_moderator_keeps_it(
    app: Flask, visit: Visit, world: World, settings: Settings
) -> None:
    moderator, author = visit(world.moderator), visit(world.author)
    at = f"/c/{world.slug}/comments/{world.comment.number}"
    moderator.open(world.at_comment)
    seen = moderator.press("Show me the mail first", **ASKED).text
    assert "Asked. The author gets a mail" in moderator.press("Decide").text
    [mail] = sent(app, settings, world)
    assert f"asks you to change your comment {world.comment.number}" in mail["Subject"]
    assert is_shown(mail, seen)
    for page in (at, "/me", "/me/inbox"):
        assert REASON in author.open(page).text, page
    assert REASON not in visit().open(at).text
    assert f"{at}/wording" in author.open(at).links().values()
    author.open(f"{at}/wording")
    author.press("Save", body="Buy nothing now.")
    assert REASON not in author.open(at).text
    assert "Corrected: Advertising or spam" in moderator.open(f"{world.desk}?list=asked").text
    moderator.press("Decide", verb="keep", reason="It is in order now.")
    log = visit().open(f"/c/{world.slug}/moderation").text
    assert "Asked to change: Advertising or spam" in log
    assert "Kept: Advertising or spam" in log
