"""A time without posting, a name withheld, and better words handed in: each with its statement, each can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import Actor
from consult.debate import mending
from consult.debate import operations as debate
from consult.debate.models import Comment, Revision
from consult.documents import queries as documents
from consult.moderation import operations
from consult.moderation.models import Appeal, Correction, ModerationAct
from consult.moderation.queries import desk, log, things
from consult.settings import Settings
from tests.visitor import Visitor

from .test_operations import hide, statement
from .test_statements import sent
from .test_views import hide as hide_in_browser
from .test_views import ids_of
from .world import World

Visit = Callable[..., Visitor]
BETTER = "Buy nothing; read the draft."


def suspend(world: World, who: str = "moderator", thing: Any = None, **values: Any) -> ModerationAct:
    given = {
        "rule": "spam", "passage": "cheap watches", "reason": "Ten adverts in a day.", "suspend_days": 7, "seen_act_id": 0
    } | values  # fmt: skip
    return operations.suspend_author(actor=world.actor(who), thing=world.load(who, thing), **given)


def post(world: World, who: str = "author", consultation: Consultation | None = None) -> Comment:
    actor: Actor = world.actor(who)
    consultation = consultation or world.consultation
    version = documents.version(viewer=actor, consultation_id=consultation.id)
    return debate.post_comment(
        actor=actor, consultation=consultation, version=version, clauses=[], positions=["access"], body="One more.",
        stance="object", type="general", key=world.make.key(),
    )  # fmt: skip


def found(world: World, act: ModerationAct, who: str = "second") -> ModerationAct:
    return things.find_act(viewer=world.actor(who), slug=world.slug, act_id=act.id)


# --- a time without posting


def test_who_is_suspended_posts_nothing_new_there_and_all_else_stays(inside: Flask, world: World) -> None:
    elsewhere = world.make.consultation()
    world.make.version(elsewhere)
    act = suspend(world)
    assert act.until == act.at + timedelta(days=7)
    author = world.actor("author")
    with pytest.raises(Refused, match=r"You may post nothing new in this consultation until .* ask for a second look"):
        post(world)
    with pytest.raises(Refused, match="post nothing new"):
        debate.post_reply(actor=author, comment=world.load("author"), parent=None, body="No.", key=world.make.key())  # type: ignore[arg-type]
    assert post(world, "reader").id
    assert post(world, consultation=elsewhere).id
    comment: Any = world.load("author")
    assert debate.edit_comment(actor=author, comment=comment, body="Nothing for sale.", seen_edit_number=0).edit_number
    mine = things.act_for_its_author(viewer=author, slug=world.slug, act_id=act.id)
    assert operations.appeal(actor=author, act=mine, text="It was a quotation.").act_id == act.id


@pytest.mark.parametrize(("after", "may_post"), [(timedelta(0), True), (timedelta(seconds=-1), False)])
def test_it_ends_by_itself(
    inside: Flask, world: World, monkeypatch: pytest.MonkeyPatch, after: timedelta, may_post: bool
) -> None:
    act = suspend(world)
    assert act.until is not None
    moment = act.until + after
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert (world.actor("author").suspended_until(world.consultation.id) is None) is may_post


def test_it_is_lifted_by_an_appeal(inside: Flask, world: World) -> None:
    act = suspend(world)
    mine = things.act_for_its_author(viewer=world.actor("author"), slug=world.slug, act_id=act.id)
    made = operations.appeal(actor=world.actor("author"), act=mine, text="Why?")
    with pytest.raises(Refused, match="decided this yourself"):
        answer(world, made, "moderator")
    answer(world, made, "panel")
    assert post(world).id
    verbs = db.session.scalars(select(ModerationAct.verb).order_by(ModerationAct.id)).all()
    assert verbs == ["suspend", "lift"]


def answer(world: World, appeal: Appeal, who: str, outcome: str = "restored") -> Appeal:
    loaded = things.find_appeal(viewer=world.actor(who), slug=world.slug, appeal_id=appeal.id)
    return operations.decide_appeal(actor=world.actor(who), appeal=loaded, outcome=outcome, reason="Looked at again.")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"suspend_days": 400}, "suspend_days"), ({"passage": ""}, "passage"), ({"reason": ""}, "reason")],
)
def test_without_its_statement_nobody_is_suspended(
    inside: Flask, world: World, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        suspend(world, **wrong)
    assert raised.value.field == field
    assert post(world).id


def test_nobody_is_suspended_who_is_not_here_or_by_their_own_side(inside: Flask, world: World) -> None:
    outside = world.make.comment(world.consultation, author_id=None, source="csv", body="cheap watches")
    with pytest.raises(Conflict, match="came from outside"):
        suspend(world, thing=outside)
    with pytest.raises(Refused, match="Only the moderators"):
        suspend(world, "panel")


def test_she_reads_it_where_she_would_write(app: Flask, visit: Visit, world: World, settings: Settings) -> None:
    moderator, author = visit(world.moderator), visit(world.author)
    moderator.open(world.at_comment)
    typed = {
        "verb": "suspend",
        "rule": "spam",
        "passage": "cheap watches",
        "reason": "Ten adverts.",
        "suspend_days": "30",
    }
    assert "post nothing new until" in moderator.press("Show me the mail first", **typed).text
    assert "may post nothing new here" in moderator.press("Decide").text
    [mail] = sent(app, settings, world)
    assert "until" in mail["Subject"]
    assert "/appeal" in mail.get_content()
    told = "You may post nothing new in this consultation until"
    for page in (f"comments/{world.comment.number}", "v1/clauses/1-1"):
        assert told in author.open(f"/c/{world.slug}/{page}").text, page
        assert told not in visit().open(f"/c/{world.slug}/{page}").text
    entry = visit().open(f"/c/{world.slug}/moderation").text
    assert "Not to post for some time: Advertising or spam" in entry
    assert "Ada Author" not in entry


# --- a name withheld


def outside(world: World) -> Comment:
    return world.make.comment(
        world.consultation, author_id=None, author_name="Maria Misused", source="csv", source_note="Letter of Maria Misused",
        body="I, maria misused, agree. Misusedly so.", html="<p>I, maria misused, agree. Misusedly so.</p>",
    )  # fmt: skip


def withhold(world: World, thing: Any, **values: Any) -> ModerationAct:
    given = {"rule": "false_identity", "reason": "She did not write it.", "seen_act_id": 0} | values
    return operations.withhold_name(actor=world.actor("moderator"), thing=world.load("moderator", thing), **given)


def test_a_name_is_withheld_everywhere_and_comes_back(inside: Flask, world: World) -> None:
    comment = outside(world)
    mending.recount(world.consultation)
    act = withhold(world, comment)
    row = world.load("moderator", comment)
    assert isinstance(row, Comment)
    assert row.author_name == f"Name withheld (no. {act.removal_id})"
    assert "aria" not in f"{row.body} {row.html} {row.source_note}".replace("Misusedly", "")
    assert mending.recount(world.consultation) == []
    named = log.log(viewer=world.actor("reader"), wanted=log.filters("", "")).listing.rows[0]
    assert "Maria" not in f"{named}"
    operations.take_back(actor=world.actor("second"), act=found(world, act), reason="She did.", seen_act_id=act.id)
    db.session.expire_all()
    row = world.load("moderator", comment)
    assert (row.author_name, row.body) == ("Maria Misused", "I, maria misused, agree. Misusedly so.")
    assert mending.recount(world.consultation) == []


def test_the_reason_does_not_name_her_and_an_account_keeps_its_name(inside: Flask, world: World) -> None:
    with pytest.raises(Invalid, match="without the hidden words"):
        withhold(world, outside(world), reason="Maria Misused did not write it.")
    with pytest.raises(Conflict, match="written from an account"):
        withhold(world, world.comment)


# --- better words


def hand_in(world: World, act: ModerationAct, body: str = BETTER, who: str = "author") -> Correction:
    mine = things.act_for_its_author(viewer=world.actor(who), slug=world.slug, act_id=act.id)
    return operations.hand_in_again(actor=world.actor(who), act=mine, body=body)


def decide(
    world: World, row: Correction, outcome: str, who: str = "moderator", reason: str = "In order."
) -> ModerationAct:
    loaded = things.find_correction(viewer=world.actor(who), slug=world.slug, correction_id=row.id)
    return operations.decide_correction(
        actor=world.actor(who), correction=loaded, outcome=outcome, reason=reason, seen_act_id=row.act_id
    )


def test_accepted_it_is_shown_with_the_new_words_only(inside: Flask, world: World) -> None:
    mending.recount(world.consultation)
    act = hide(world)
    row = hand_in(world, act)
    page = desk.desk(viewer=world.actor("second"), consultation=world.load("second").consultation, shown="again")  # type: ignore[union-attr]
    assert [(line.key, *line.signs) for line in page.waiting] == [
        (world.comment.number, "Better words: Advertising or spam")
    ]
    made = decide(world, row, "accepted")
    assert (made.verb, made.undoes_id) == ("restore", act.id)
    db.session.expire_all()
    comment: Any = world.load("author")
    assert (comment.state, comment.body, comment.edit_number) == ("posted", BETTER, 1)
    [earlier] = db.session.scalars(select(Revision.body).where(Revision.comment_id == comment.id))
    assert "watches" not in earlier
    assert mending.recount(world.consultation) == []
    comment = world.load("author")
    with pytest.raises(Invalid, match="words that a moderator removed"):
        debate.edit_comment(actor=world.actor("author"), comment=comment, body="Buy cheap watches", seen_edit_number=1)


def test_refused_it_stays_hidden_and_can_be_handed_in_again(inside: Flask, world: World) -> None:
    row = hand_in(world, hide(world))
    with pytest.raises(Conflict, match="already"):
        hand_in(world, db.session.get_one(ModerationAct, row.act_id))
    with pytest.raises(Invalid):
        decide(world, row, "refused", reason="Still cheap watches.")
    made = decide(world, row, "refused")
    assert made.verb == "keep_hidden"
    assert world.load("author").state == "hidden"
    assert hand_in(world, db.session.get_one(ModerationAct, row.act_id)).id != row.id


def test_the_old_words_are_not_handed_in_again_nor_by_others(inside: Flask, world: World) -> None:
    act = hide(world)
    with pytest.raises(Invalid, match="still in it"):
        hand_in(world, act, "Now: Cheap *watches*!")
    with pytest.raises(Refused, match="Only the author"):
        operations.hand_in_again(actor=world.actor("reader"), act=found(world, act), body=BETTER)


def test_the_old_and_the_new_side_by_side(visit: Visit, world: World) -> None:
    hide_in_browser(visit(world.moderator), world)
    author, second = visit(world.author), visit(world.second)
    [act_id] = ids_of(world, ModerationAct)
    page = author.open(f"/c/{world.slug}/moderation/{act_id}/appeal")
    assert "cheap watches" not in page.body
    author.press("Hand it in again", body=" ", status=422)
    assert "side by side" in author.press("Hand it in again", body=BETTER).text
    page = second.open(f"{world.desk}?list=again")
    assert BETTER in page.text
    assert "Buy our cheap watches" in page.text
    assert "Decided." in second.press("Answer", outcome="accepted", reason="In order now.").text
    public = visit().open(f"/c/{world.slug}/comments/{world.comment.number}")
    assert BETTER in public.text
    assert "cheap watches" not in public.body


# --- in time


def test_an_appeal_that_is_late_is_refused_by_rule_and_by_table(
    inside: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = hide(world)
    assert act.appeal_until is not None
    late = act.appeal_until + timedelta(microseconds=1)
    with pytest.raises(IntegrityError):
        world.make.row(
            Appeal(act_id=act.id, until=act.appeal_until, made_at=late, author_id=world.author.id, text="Why?")
        )
    db.session.rollback()
    monkeypatch.setattr(clock, "now", lambda: late)
    mine = things.act_for_its_author(viewer=world.actor("author"), slug=world.slug, act_id=act.id)
    with pytest.raises(Refused, match="The time to ask for a second look ended on"):
        operations.appeal(actor=world.actor("author"), act=mine, text="Why?")


@pytest.mark.parametrize("verb", ["hide", "redact", "suspend", "withhold", "put_back"])
def test_the_table_refuses_an_act_without_its_appeal_its_end_or_its_effect(
    inside: Flask, world: World, verb: str
) -> None:
    with pytest.raises(IntegrityError):
        world.make.row(statement(world, verb=verb, appeal_until=None))


def test_the_log_counts_by_rule_and_act_and_appeal(inside: Flask, world: World) -> None:
    act = hide(world)
    mine = things.act_for_its_author(viewer=world.actor("author"), slug=world.slug, act_id=act.id)
    answer(world, operations.appeal(actor=world.actor("author"), act=mine, text="Why?"), "panel", "upheld")
    suspend(world, seen_act_id=act.id)
    page = log.log(viewer=world.actor("reader"), wanted=log.filters("", ""), consultation=world.consultation)
    [line] = page.counts
    assert (line.rule, line.total, line.acts["hidden"], line.acts["suspended"]) == ("spam", 2, 1, 1)
    assert (line.appeals, line.upheld, line.overturned) == (1, 1, 0)
