"""Who may say what: tables of state and person to a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consult.consultations.models import STATES, Consultation, Round
from consult.core import clock
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import rules
from consult.debate.models import Comment, Reply

PERSON = Actor(person_id=1, name="Ada", is_verified=True)
UNVERIFIED = Actor(person_id=1, name="Ada")
OTHER = Actor(person_id=2, name="Grace", is_verified=True)
MEMBER = Actor(person_id=3, name="Kari", is_verified=True, acting_for_id=9)
MODERATOR = Actor(person_id=4, name="Mira", is_verified=True, roles=frozenset({(7, "moderator")}))
ELSEWHERE = Actor(person_id=4, name="Mira", is_verified=True, roles=frozenset({(8, "moderator")}))


def consultation(state: str = "open", closes_in: int = 30) -> Consultation:
    return Consultation(id=7, access="public", state=state, closes_at=clock.now() + timedelta(days=closes_in))


def comment(state: str = "posted", at: str = "open", **values: object) -> Comment:
    given = {
        "author_id": 1, "consultation_id": 7, "state": state, "source": "web", "consultation": consultation(at),
        "round": Round(number=1),
    }  # fmt: skip
    return Comment(**(given | values))  # type: ignore[arg-type]


def test_only_an_open_consultation_takes_comments() -> None:
    for state in STATES:
        verdict = rules.may_post_comment(PERSON, consultation(state))
        assert bool(verdict) == (state == "open"), state
        assert verdict or verdict.reason.endswith("."), state


def test_the_clock_closes_before_anybody_presses_a_button() -> None:
    assert "closed" in rules.may_post_comment(PERSON, consultation(closes_in=-1)).reason


@pytest.mark.parametrize(
    ("actor", "told"), [(VISITOR, "Sign in"), (UNVERIFIED, "Confirm your e-mail"), (SYSTEM, "Sign in")]
)
def test_comments_come_from_people_with_a_confirmed_address(actor: Actor, told: str) -> None:
    assert told in rules.may_post_comment(actor, consultation()).reason


@pytest.mark.parametrize("rule", [rules.may_edit_comment, rules.may_withdraw_comment])
def test_only_the_author_changes_a_comment_that_is_shown(rule: object) -> None:
    assert rule(PERSON, comment())  # type: ignore[operator]
    for actor in (OTHER, VISITOR, MODERATOR, SYSTEM):
        assert not rule(actor, comment())  # type: ignore[operator]
    for state in ("withdrawn", "hidden"):
        assert not rule(PERSON, comment(state))  # type: ignore[operator]


def test_after_closing_one_may_withdraw_but_not_edit() -> None:
    assert not rules.may_edit_comment(PERSON, comment(at="analysis"))
    assert rules.may_withdraw_comment(PERSON, comment(at="analysis"))
    assert not rules.may_withdraw_comment(PERSON, comment(at="published"))


@pytest.mark.parametrize(
    ("actor", "is_allowed"), [(PERSON, False), (OTHER, True), (UNVERIFIED, False), (VISITOR, False), (MEMBER, False)]
)
def test_everybody_votes_but_on_ones_own(actor: Actor, is_allowed: bool) -> None:
    assert bool(rules.may_vote(actor, comment(organisation_id=9))) == is_allowed
    assert not rules.may_vote(actor, comment("hidden"))
    assert not rules.may_vote(actor, comment(at="analysis"))


def test_comments_from_outside_are_placed_by_author_or_moderator() -> None:
    outside = comment(source="paper")
    assert rules.may_place_comment(PERSON, outside)
    assert rules.may_place_comment(MODERATOR, outside)
    assert rules.may_place_comment(SYSTEM, outside)
    assert not rules.may_place_comment(OTHER, outside)
    assert not rules.may_place_comment(ELSEWHERE, outside)
    assert not rules.may_place_comment(MODERATOR, comment())
    assert not rules.may_place_comment(VISITOR, comment(source="paper", author_id=None))


def test_moderators_act_in_their_own_consultation_only() -> None:
    reply = Reply(author_id=1, state="posted", comment=comment())
    for rule, subject in (
        (rules.may_hide, comment()), (rules.may_hide, reply), (rules.may_decide, comment()),
        (rules.may_record_comment, consultation()),
    ):  # fmt: skip
        assert rule(MODERATOR, subject)  # type: ignore[operator]
        assert not rule(ELSEWHERE, subject)  # type: ignore[operator]
        assert not rule(PERSON, subject)  # type: ignore[operator]


def test_replies_follow_their_comment() -> None:
    assert rules.may_reply(OTHER, comment())
    assert not rules.may_reply(OTHER, comment("withdrawn"))
    assert not rules.may_reply(VISITOR, comment())
    reply = Reply(author_id=1, state="posted", comment=comment())
    assert rules.may_edit_reply(PERSON, reply)
    assert not rules.may_edit_reply(OTHER, reply)
    late = Reply(author_id=1, state="posted", comment=comment(at="analysis"))
    assert not rules.may_edit_reply(PERSON, late)
    assert rules.may_withdraw_reply(PERSON, late)
    assert not rules.may_withdraw_reply(PERSON, Reply(author_id=1, state="posted", comment=comment(at="published")))


def test_the_debate_of_a_round_ends_with_its_outcome_while_the_next_round_is_open() -> None:
    over = Round(number=1, published_at=clock.now())
    earlier = comment(round=over)
    reply = Reply(author_id=1, state="posted", comment=earlier)
    for rule, actor, thing in (
        (rules.may_edit_comment, PERSON, earlier), (rules.may_withdraw_comment, PERSON, earlier),
        (rules.may_reply, OTHER, earlier), (rules.may_vote, OTHER, earlier), (rules.may_edit_reply, PERSON, reply),
        (rules.may_withdraw_reply, PERSON, reply),
    ):  # fmt: skip
        verdict = rule(actor, thing)  # type: ignore[operator]
        assert not verdict
        assert "outcome is published" in verdict.reason


def test_answers_of_an_earlier_round_stay_public_and_those_of_the_next_wait_for_their_review() -> None:
    over, current = Round(number=1, published_at=clock.now()), Round(number=2)
    for state in STATES:
        row = consultation(state)
        assert rules.may_read_answers(VISITOR, row, over)
        assert rules.may_read_answers(VISITOR, row, current) == (state in ("review", "published", "adopted"))
    staff = Actor(person_id=4, name="Mira", is_verified=True, roles=frozenset({(7, "moderator")}))
    assert rules.may_read_answers(staff, consultation("analysis"), current)
