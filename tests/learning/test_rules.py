"""Who may explain, keep the shelf, propose, decide."""

from __future__ import annotations

import pytest

from consult.consultations.models import Consultation
from consult.core.rules import VISITOR, Actor
from consult.learning import rules
from consult.learning.models import Resource

PERSON = Actor(person_id=7, name="Reader", is_verified=True)
UNCONFIRMED = Actor(person_id=8, name="New")
ADMINISTRATOR = Actor(person_id=9, name="Ada", is_verified=True, is_administrator=True)


def holding(role: str, consultation_id: int = 1) -> Actor:
    return Actor(person_id=5, name=role, is_verified=True, roles=frozenset({(consultation_id, role)}))


def consultation(state: str = "open") -> Consultation:
    return Consultation(id=1, access="public", state=state)


def resource(state: str = "proposed", added_by_id: int = 7, of: str = "open") -> Resource:
    return Resource(state=state, added_by_id=added_by_id, consultation=consultation(of), consultation_id=1)


@pytest.mark.parametrize(
    ("actor", "explains", "keeps"),
    [
        (holding("organiser"), True, True), (holding("editor"), True, True), (holding("moderator"), False, True),
        (holding("observer"), False, False), (holding("organiser", 2), False, False), (ADMINISTRATOR, True, True),
        (PERSON, False, False), (VISITOR, False, False),
    ],
)  # fmt: skip
def test_who_explains_and_who_keeps(actor: Actor, explains: bool, keeps: bool) -> None:
    assert bool(rules.may_explain(actor, consultation())) is explains
    assert bool(rules.may_keep_shelf(actor, consultation())) is keeps
    for state in rules.ENDED:
        assert not rules.may_explain(actor, consultation(state))
        assert not rules.may_keep_shelf(actor, consultation(state))


@pytest.mark.parametrize(
    ("actor", "state", "reason"),
    [
        (PERSON, "open", ""), (PERSON, "announced", ""), (PERSON, "published", ""), (VISITOR, "open", "Sign in"),
        (UNCONFIRMED, "open", "Confirm your e-mail"), (PERSON, "draft", "not public yet"),
        (PERSON, "archived", "has ended"), (PERSON, "withdrawn", "has ended"),
    ],
)  # fmt: skip
def test_who_proposes(actor: Actor, state: str, reason: str) -> None:
    verdict = rules.may_propose(actor, consultation(state))
    assert bool(verdict) is (not reason)
    assert reason in verdict.reason


def test_editors_and_proposers_do_not_decide() -> None:
    assert rules.may_decide(holding("organiser"), resource())
    assert rules.may_decide(holding("moderator"), resource())
    assert not rules.may_decide(holding("editor"), resource())
    assert "yourself" in rules.may_decide(holding("moderator"), resource(added_by_id=5)).reason
    assert "decided already" in rules.may_decide(holding("moderator"), resource("declined")).reason


def test_a_proposal_is_taken_back_by_whoever_made_it_until_it_is_decided() -> None:
    assert rules.may_withdraw(PERSON, resource())
    assert not rules.may_withdraw(PERSON, resource("accepted"))
    assert not rules.may_withdraw(holding("organiser"), resource())


def test_only_what_is_there_is_changed_and_only_what_is_gone_comes_back() -> None:
    keeper = holding("moderator")
    assert rules.may_change(keeper, resource("accepted"))
    assert not rules.may_change(keeper, resource("removed"))
    assert rules.may_put_back(keeper, resource("removed"))
    assert not rules.may_put_back(keeper, resource("accepted"))
    assert not rules.may_put_back(PERSON, resource("removed"))
