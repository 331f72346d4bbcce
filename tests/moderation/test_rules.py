"""Who may report, decide, appeal and look again; the sentence is what the person reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.records import replace
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate.models import Comment, Reply
from consult.moderation import rules
from consult.moderation.models import Appeal, ModerationAct

CONSULTATION = Consultation(id=1, access="public", state="open", timezone="Europe/Madrid", appeal_days=30)
COMMENT: Any = Comment(id=1, author_id=1, state="posted", organisation_id=None)
COMMENT.__dict__ |= {"consultation": CONSULTATION, "organisation": None}
FOR_A_BODY: Any = Comment(id=2, author_id=1, state="posted", organisation_id=7)
FOR_A_BODY.__dict__ |= {"consultation": CONSULTATION, "organisation": SimpleNamespace(parent_id=8)}
REPLY: Any = Reply(id=1, author_id=1, state="posted", organisation_id=None)
REPLY.__dict__ |= {"comment": COMMENT, "organisation": None}

AUTHOR = Actor(person_id=1)
READER = Actor(person_id=2)
MODERATOR = Actor(person_id=3, roles=frozenset({(1, "moderator")}))
PANEL = Actor(person_id=4, roles=frozenset({(1, "appeals_panel")}))
ELSEWHERE = Actor(person_id=5, roles=frozenset({(2, "moderator")}))
ORGANISER = Actor(person_id=6, roles=frozenset({(1, "organiser"), (1, "editor")}))
ADMINISTRATOR = Actor(person_id=7, is_administrator=True)

HIDE: Any = ModerationAct(id=1, verb="hide", moderator_id=3, appeal_until=clock.now() + timedelta(days=30))
HIDE.__dict__ |= {"consultation": CONSULTATION, "comment": COMMENT, "reply": None}
APPEAL: Any = Appeal(id=1, author_id=1)
APPEAL.__dict__ |= {"act": HIDE}


@pytest.mark.parametrize("actor", [VISITOR, READER, MODERATOR, ORGANISER])
@pytest.mark.parametrize("thing", [COMMENT, REPLY])
def test_every_reader_may_report(actor: Actor, thing: Comment | Reply) -> None:
    assert rules.may_report(actor, thing)


def test_nobody_reports_their_own_or_what_is_gone() -> None:
    assert "wrote this yourself" in rules.may_report(AUTHOR, COMMENT).reason
    gone: Any = Comment(author_id=1, state="withdrawn")
    assert "nothing to report" in rules.may_report(READER, gone).reason


@pytest.mark.parametrize(
    ("actor", "thing", "told"),
    [
        (MODERATOR, COMMENT, ""),
        (MODERATOR, REPLY, ""),
        (MODERATOR, FOR_A_BODY, ""),
        (replace(MODERATOR, person_id=1), COMMENT, "of their own"),
        (replace(MODERATOR, person_id=1), REPLY, "of their own"),
        (replace(MODERATOR, member_of=frozenset({7})), FOR_A_BODY, "own organisation"),
        (replace(MODERATOR, member_of=frozenset({8})), FOR_A_BODY, "own organisation"),
        (replace(MODERATOR, member_of=frozenset({9})), FOR_A_BODY, ""),
        (VISITOR, COMMENT, "Only the moderators"),
        (READER, COMMENT, "Only the moderators"),
        (ELSEWHERE, COMMENT, "Only the moderators"),
        (ORGANISER, COMMENT, "Only the moderators"),
        (ADMINISTRATOR, COMMENT, "Only the moderators"),
        (PANEL, COMMENT, "Only the moderators"),
        (SYSTEM, COMMENT, "Only the moderators"),
    ],
)
def test_only_moderators_decide_and_not_on_their_own_side(actor: Actor, thing: Comment | Reply, told: str) -> None:
    verdict = rules.may_decide(actor, thing)
    assert bool(verdict) is (told == "")
    assert told in verdict.reason


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        (replace(MODERATOR, person_id=9), ""),
        (PANEL, ""),
        (MODERATOR, "decided this yourself"),
        (replace(PANEL, person_id=1), "of their own"),
        (READER, "appeals panel"),
        (ELSEWHERE, "appeals panel"),
        (ADMINISTRATOR, "appeals panel"),
        (VISITOR, "appeals panel"),
        (SYSTEM, "appeals panel"),
    ],
)
def test_an_appeal_goes_to_somebody_else(actor: Actor, told: str) -> None:
    verdict = rules.may_decide_appeal(actor, APPEAL)
    assert bool(verdict) is (told == "")
    assert told in verdict.reason


@pytest.mark.parametrize("actor", [VISITOR, READER, MODERATOR, PANEL, SYSTEM])
def test_only_the_author_appeals(actor: Actor) -> None:
    assert rules.may_appeal(AUTHOR, HIDE)
    assert not rules.may_appeal(actor, HIDE)


@pytest.mark.parametrize("actor", [VISITOR, READER, ELSEWHERE, ORGANISER, ADMINISTRATOR])
def test_the_desk_is_for_moderators_and_the_panel(actor: Actor) -> None:
    assert rules.may_see_queue(MODERATOR, CONSULTATION)
    assert rules.may_see_queue(PANEL, CONSULTATION)
    assert not rules.may_see_queue(actor, CONSULTATION)


TOLD_AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # half past midnight on 2 March in Madrid
LAST_MOMENT = datetime(2026, 4, 1, 21, 59, tzinfo=UTC)  # the last minute of 1 April there, in summer time


@pytest.mark.parametrize(("late", "told"), [(timedelta(0), ""), (timedelta(microseconds=1), "ended on 1 April 2026")])
def test_the_time_to_appeal_ends_with_a_day(monkeypatch: pytest.MonkeyPatch, late: timedelta, told: str) -> None:
    assert rules.appeal_until(CONSULTATION, TOLD_AT) == LAST_MOMENT
    act: Any = ModerationAct(id=2, verb="redact", moderator_id=3, appeal_until=LAST_MOMENT)
    act.__dict__ |= {"consultation": CONSULTATION, "comment": COMMENT, "reply": None}
    monkeypatch.setattr(clock, "now", lambda: LAST_MOMENT + late)
    verdict = rules.may_appeal(AUTHOR, act)
    assert bool(verdict) is (told == "")
    assert told in verdict.reason


def test_what_gives_something_back_cannot_be_appealed_against() -> None:
    act: Any = ModerationAct(id=3, verb="restore", moderator_id=3)
    act.__dict__ |= {"consultation": CONSULTATION, "comment": COMMENT, "reply": None}
    assert not rules.may_appeal(AUTHOR, act)


@pytest.mark.parametrize("rule", ["may_take_back", "may_decide_correction"])
def test_nobody_takes_back_or_accepts_on_their_own_side(rule: str) -> None:
    act: Any = ModerationAct(id=4, verb="hide", moderator_id=3)
    act.__dict__ |= {"consultation": CONSULTATION, "comment": FOR_A_BODY, "reply": None}
    of: Any = act if rule == "may_take_back" else SimpleNamespace(act=act)
    assert getattr(rules, rule)(MODERATOR, of)
    for actor in (replace(MODERATOR, member_of=frozenset({8})), replace(MODERATOR, person_id=1), PANEL, READER):
        assert not getattr(rules, rule)(actor, of)
