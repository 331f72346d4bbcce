"""One act is one transaction: the decision, the tombstone, the closed reports, the mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import listen
from consult.core.jobs import Job
from consult.core.rules import VISITOR
from consult.debate.models import Comment, Reply
from consult.moderation import events, operations
from consult.moderation.models import MEANINGS, UNDONE_BY, Appeal, ModerationAct, Report
from consult.moderation.queries import things
from consult.notices.models import Notice
from tests.make import Make

from .world import World

HAPPENED: list[object] = []
for _kind in (events.Reported, events.Hidden, events.Restored, events.Kept, events.Appealed, events.AppealDecided):
    listen(_kind)(HAPPENED.append)


@pytest.fixture(autouse=True)
def _nothing_happened_yet() -> None:
    HAPPENED.clear()


def kinds() -> list[str]:
    return [type(event).__name__ for event in HAPPENED]


def report(world: World, who: str = "reader", thing: Any = None, **values: Any) -> Report:
    given = {"rule": "spam", "text": "They sell watches."} | values
    return operations.report(actor=world.actor(who), thing=world.load(who, thing), **given)


def hide(world: World, who: str = "moderator", thing: Any = None, **values: Any) -> ModerationAct:
    given = {
        "rule": "spam", "passage": "cheap watches", "reason": "Advertising has no place here.", "seen_act_id": 0
    } | values  # fmt: skip
    return operations.hide_contribution(actor=world.actor(who), thing=world.load(who, thing), **given)


def restore(world: World, act: ModerationAct, who: str = "moderator") -> ModerationAct:
    return operations.restore_contribution(
        actor=world.actor(who), thing=world.load(who), reason="It was a quotation.", seen_act_id=act.id
    )


def make_appeal(world: World, act: ModerationAct, who: str = "author") -> Appeal:
    loaded = things.act_for_its_author(viewer=world.actor(who), slug=world.slug, act_id=act.id)
    return operations.appeal(actor=world.actor(who), act=loaded, text="It was a joke.")


def answer(world: World, appeal: Appeal, outcome: str, who: str = "second") -> Appeal:
    loaded = things.find_appeal(viewer=world.actor(who), slug=world.slug, appeal_id=appeal.id)
    return operations.decide_appeal(
        actor=world.actor(who), appeal=loaded, outcome=outcome, reason="Looked at again."
    )  # fmt: skip


def state(world: World) -> str:
    return db.session.scalars(select(Comment.state).where(Comment.id == world.comment.id)).one()


# --- reports


def test_a_report_waits_for_the_moderators(inside: Flask, world: World) -> None:
    row = report(world)
    assert (row.consultation_id, row.comment_id, row.rule) == (world.consultation.id, world.comment.id, "spam")
    assert (row.reporter_id, row.closed_at) == (world.reader.id, None)
    assert [events.Reported(row.id)] == HAPPENED


def test_the_same_reader_twice_stays_one_open_report_with_the_newer_words(inside: Flask, world: World) -> None:
    first = report(world)
    again = report(world, rule="illegal", text="And it is against the law.")
    assert first.id == again.id
    assert world.make.count(Report) == 1
    assert (again.rule, again.text) == ("illegal", "And it is against the law.")
    assert kinds() == ["Reported"]


def test_visitors_are_told_apart_and_each_has_one_report(inside: Flask, world: World) -> None:
    for reader in ("a", "b", "a"):
        operations.report(actor=VISITOR, thing=world.load("reader"), rule="hate", reader=reader)
    assert world.make.count(Report, Report.reporter_id.is_(None)) == 2


def test_a_reply_is_reported_apart_from_its_comment(inside: Flask, world: World) -> None:
    report(world, "moderator")
    report(world, "moderator", world.reply)
    assert world.make.count(Report, Report.reply_id == world.reply.id) == 1
    assert world.make.count(Report, Report.comment_id == world.comment.id) == 1


def test_after_a_decision_the_same_reader_can_report_again(inside: Flask, world: World) -> None:
    report(world)
    keep = operations.keep_contribution(
        actor=world.actor("moderator"), thing=world.load("moderator"), reason="It is on topic.", seen_act_id=0
    )
    report(world)
    assert world.make.count(Report) == 2
    assert world.make.count(Report, Report.closed_by_act_id == keep.id) == 1


@pytest.mark.parametrize("rule", ["", "nothing", "spam; drop table"])
def test_an_unknown_rule_is_told_at_the_field(inside: Flask, world: World, rule: str) -> None:
    with pytest.raises(Invalid) as told:
        report(world, rule=rule)
    assert told.value.field == "rule"
    assert world.make.count(Report) == 0


def test_nobody_reports_their_own(inside: Flask, world: World) -> None:
    with pytest.raises(Refused, match="wrote this yourself"):
        report(world, "author")


# --- hiding


def test_hiding_is_one_act(inside: Flask, world: World) -> None:
    report(world)
    operations.report(actor=VISITOR, thing=world.load("reader"), rule="off_topic", reader="x")
    act = hide(world)
    row = db.session.scalars(select(Comment).where(Comment.id == world.comment.id)).one()
    assert (row.state, row.state_reason) == ("hidden", "Advertising or spam. Advertising has no place here.")
    assert world.make.count(Report, Report.closed_by_act_id == act.id, Report.closed_at.is_not(None)) == 2
    assert (act.verb, act.passage, act.moderator_id) == ("hide", "cheap watches", world.moderator.id)
    assert kinds() == ["Reported", "Reported", "Hidden"]
    told = db.session.scalars(select(Notice).where(Notice.what == "hidden")).one()
    assert (told.person_id, told.about) == (world.author.id, act.id)
    assert world.make.count(Job, Job.dedupe_key == f"notice {told.id}") == 1


def test_a_reply_can_be_hidden(inside: Flask, world: World) -> None:
    act = hide(world, thing=world.reply, rule="personal", passage="unseemly reply")
    assert act.reply_id == world.reply.id
    assert db.session.scalars(select(Reply.state).where(Reply.id == world.reply.id)).one() == "hidden"


@pytest.mark.parametrize("passage", ["CHEAP   watches", "cheap\nwatches", "Buy our", "Ada Author"])
def test_the_passage_is_found_whatever_its_case_and_blanks(inside: Flask, world: World, passage: str) -> None:
    assert hide(world, passage=passage).id


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"rule": ""}, "rule", "Choose the rule"),
        ({"rule": "none"}, "rule", "Choose the rule"),
        ({"passage": ""}, "passage", "Copy the words"),
        ({"passage": "  \n "}, "passage", "Copy the words"),
        ({"passage": "words that are not there"}, "passage", "not in the text"),
        ({"passage": "x" * 1_000_000}, "passage", "not in the text"),
        ({"reason": " "}, "reason", "Give the reason"),
        ({"reason": "It says “cheap watches”!"}, "reason", "without the hidden words"),
        ({"passage": "example.com", "reason": "Leads to EXAMPLE.COM."}, "reason", "without the hidden words"),
    ],
)
def test_hiding_without_rule_passage_or_reason_leaves_no_trace(
    inside: Flask, world: World, wrong: dict[str, str], field: str, told: str
) -> None:
    with pytest.raises(Invalid, match=told) as raised:
        hide(world, **wrong)
    assert raised.value.field == field
    assert state(world) == "posted"
    assert world.make.count(ModerationAct) == world.make.count(Job) == 0
    assert not HAPPENED


def statement(world: World, **values: Any) -> ModerationAct:
    """A hiding as its row, with `values` instead of what belongs there."""
    given = {
        "consultation_id": world.consultation.id, "comment_id": world.comment.id, "verb": "hide", "rule": "spam",
        "ground": "It sells something.", "passage": "cheap", "facts": "The words themselves.", "reason": "Why",
        "moderator_id": world.moderator.id, "role": "moderator",
    } | values  # fmt: skip
    if given["verb"] in UNDONE_BY:
        given.setdefault("appeal_until", clock.now() + timedelta(days=30))
    return ModerationAct(**given)


@pytest.mark.parametrize(
    "lacking",
    [
        {"rule": ""}, {"rule": "", "ground": ""}, {"ground": ""}, {"passage": ""}, {"facts": ""}, {"reason": ""},
        {"facts": None}, {"role": None}, {"role": ""}, {"moderator_id": None}, {"is_automated": True},
    ],
)  # fmt: skip
def test_the_table_itself_refuses_a_hiding_without_its_statement(
    inside: Flask, world: World, lacking: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        world.make.row(statement(world, **lacking))


def test_a_whole_statement_is_taken(inside: Flask, world: World) -> None:
    assert world.make.row(statement(world)).id


def test_a_decision_says_what_the_rule_says_and_what_it_relies_on(inside: Flask, world: World) -> None:
    act = hide(world)
    assert (act.ground, act.role, act.is_automated) == (MEANINGS["spam"], "moderator", False)
    assert act.facts == "The words themselves. It had not been reported."


def test_the_facts_are_public_so_the_hidden_words_are_not_among_them(inside: Flask, world: World) -> None:
    with pytest.raises(Invalid, match="without the hidden words") as raised:
        hide(world, facts="It says Cheap watches! twice")
    assert raised.value.field == "facts"
    report(world)
    assert hide(world, facts="The same text is on twelve other sites.").facts == (
        "The same text is on twelve other sites. It had been reported."
    )


@pytest.mark.parametrize("who", ["reader", "author", "panel"])
def test_only_moderators_hide(inside: Flask, world: World, who: str) -> None:
    with pytest.raises(Refused, match="Only the moderators"):
        hide(world, who)
    assert state(world) == "posted"


def test_nobody_decides_for_their_own_organisation(inside: Flask, world: World, make: Make) -> None:
    organisation = make.organisation("Helix")
    make.member(world.moderator, organisation)
    comment = make.comment(world.consultation, organisation_id=organisation.id, author=world.author)
    with pytest.raises(Refused, match="own organisation"):
        hide(world, thing=comment, passage="Remark")
    assert hide(world, "second", comment, passage="Remark").id


def test_who_decides_second_is_told_what_the_first_decided(inside: Flask, world: World) -> None:
    hide(world)
    with pytest.raises(Conflict, match=r"hid it \(Advertising or spam\), because: “Advertising has no place here\.”"):
        hide(world, "second", reason="I think so too.")
    assert world.make.count(ModerationAct) == 1


def test_the_same_form_twice_is_one_act(inside: Flask, world: World) -> None:
    key = world.make.key()
    assert hide(world, key=key).id == hide(world, key=key).id
    assert world.make.count(ModerationAct) == 1
    assert kinds() == ["Hidden"]


def test_what_its_author_took_back_cannot_be_hidden(inside: Flask, world: World) -> None:
    comment = world.make.comment(world.consultation, author=world.author, state="withdrawn")
    with pytest.raises(Conflict, match="withdrawn"):
        hide(world, thing=comment, passage="Remark")


# --- keeping and restoring


def test_keeping_closes_the_reports_and_names_the_rule_judged(inside: Flask, world: World) -> None:
    report(world, rule="off_topic")
    act = operations.keep_contribution(
        actor=world.actor("moderator"), thing=world.load("moderator"), reason="It is about clause 1.", seen_act_id=0
    )
    assert (act.verb, act.rule, state(world)) == ("keep", "off_topic", "posted")
    assert world.make.count(Report, Report.closed_at.is_(None)) == 0
    assert kinds() == ["Reported", "Kept"]


def test_keeping_what_nobody_reports_is_told(inside: Flask, world: World) -> None:
    with pytest.raises(Conflict, match="no open report"):
        operations.keep_contribution(
            actor=world.actor("moderator"), thing=world.load("moderator"), reason="Fine.", seen_act_id=0
        )
    assert world.make.count(ModerationAct) == 0


def test_restoring_brings_it_back_with_its_words(inside: Flask, world: World) -> None:
    act = restore(world, hide(world))
    row = db.session.scalars(select(Comment).where(Comment.id == world.comment.id)).one()
    assert (row.state, row.state_reason, row.body) == ("posted", "", world.comment.body)
    assert (act.verb, act.rule) == ("restore", "spam")
    assert kinds() == ["Hidden", "Restored"]


def test_what_is_on_show_cannot_be_restored(inside: Flask, world: World) -> None:
    with pytest.raises(Conflict, match="not hidden"):
        operations.restore_contribution(
            actor=world.actor("moderator"), thing=world.load("moderator"), reason="Why", seen_act_id=0
        )


# --- appeals


def test_the_author_appeals_once(inside: Flask, world: World) -> None:
    act = hide(world)
    appeal = make_appeal(world, act)
    assert (appeal.act_id, appeal.author_id, appeal.outcome) == (act.id, world.author.id, "")
    with pytest.raises(Conflict, match="already asked"):
        make_appeal(world, act)
    assert world.make.count(Appeal) == 1
    assert kinds() == ["Hidden", "Appealed"]


def test_an_appeal_needs_words_and_something_hidden(inside: Flask, world: World) -> None:
    act = hide(world)
    loaded = things.act_for_its_author(viewer=world.actor("author"), slug=world.slug, act_id=act.id)
    with pytest.raises(Invalid, match="Say why"):
        operations.appeal(actor=world.actor("author"), act=loaded, text=" \n")
    with pytest.raises(Refused, match="Only the author"):
        operations.appeal(actor=world.actor("reader"), act=loaded, text="Let it stand")
    restore(world, act)
    with pytest.raises(Conflict, match="not in force any more"):
        make_appeal(world, act)


def test_a_restored_appeal_shows_it_again(inside: Flask, world: World) -> None:
    appeal = answer(world, make_appeal(world, hide(world)), "restored", "panel")
    assert (appeal.outcome, appeal.decided_by_id, state(world)) == ("restored", world.panel.id, "posted")
    assert world.make.count(ModerationAct, ModerationAct.verb == "restore") == 1
    assert kinds() == ["Hidden", "Appealed", "Restored", "AppealDecided"]


def test_an_upheld_appeal_stays_hidden(inside: Flask, world: World) -> None:
    appeal = answer(world, make_appeal(world, hide(world)), "upheld")
    assert (appeal.outcome, appeal.reason, state(world)) == ("upheld", "Looked at again.", "hidden")
    assert world.make.count(ModerationAct) == 1
    with pytest.raises(Conflict, match=r"stays hidden, because: “Looked at again\.”"):
        answer(world, appeal, "restored", "panel")


def test_who_hid_it_does_not_look_again(inside: Flask, world: World) -> None:
    appeal = make_appeal(world, hide(world))
    with pytest.raises(Refused, match="decided this yourself"):
        answer(world, appeal, "upheld", "moderator")
    with pytest.raises(Invalid, match="Choose what becomes"):
        answer(world, appeal, "perhaps")


def test_restoring_answers_the_appeal_that_waits(inside: Flask, world: World) -> None:
    act = hide(world)
    make_appeal(world, act)
    restore(world, act)
    row = db.session.scalars(select(Appeal)).one()
    assert (row.outcome, row.decided_by_id) == ("restored", world.moderator.id)


def test_hiding_again_after_an_appeal_opens_the_way_again(inside: Flask, world: World) -> None:
    first = hide(world)
    answer(world, make_appeal(world, first), "restored")
    newest = db.session.scalars(select(ModerationAct.id).order_by(ModerationAct.id.desc())).first()
    again = hide(world, seen_act_id=newest)
    assert make_appeal(world, again).act_id == again.id
