"""Who may do what, as tables."""

from __future__ import annotations

import pytest

from consult.accounts import rules
from consult.accounts.models import Interest, Membership, Organisation, Person, SignIn
from consult.core import clock
from consult.core.rules import SYSTEM, VISITOR, Actor, Verdict

VERIFIED = Actor(person_id=1, is_verified=True)
UNVERIFIED = Actor(person_id=1)
MEMBER = Actor(person_id=1, is_verified=True, member_of=frozenset({7}))
SIGNATORY = Actor(person_id=1, is_verified=True, member_of=frozenset({7}), signatory_of=frozenset({7}))
ELSEWHERE = Actor(person_id=1, is_verified=True, member_of=frozenset({8}), signatory_of=frozenset({8}))
ADMIN = Actor(person_id=1, is_verified=True, is_administrator=True)
ORGANISER = Actor(person_id=1, is_verified=True, roles=frozenset({(5, "organiser")}))
MODERATOR = Actor(person_id=1, is_verified=True, roles=frozenset({(5, "moderator")}))
BODY = Organisation(id=7, name="Guild")


def membership(state: str = "asked", person_id: int = 2) -> Membership:
    return Membership(organisation_id=7, person_id=person_id, state=state)


def says(verdict: Verdict, reason: str) -> bool:
    """An empty reason means yes; otherwise the sentence holds it and is one."""
    if not reason:
        return bool(verdict)
    return not verdict and reason in verdict.reason and verdict.reason.endswith(".")


@pytest.mark.parametrize(
    ("actor", "reason"), [(VISITOR, ""), (SYSTEM, ""), (VERIFIED, "an account already"), (ADMIN, "already")]
)
def test_register(actor: Actor, reason: str) -> None:
    assert says(rules.may_register(actor), reason)


def test_sign_in() -> None:
    assert rules.may_start_sign_in(VISITOR, Person())
    assert says(rules.may_start_sign_in(VISITOR, Person(suspended_at=clock.now())), "suspended")


@pytest.mark.parametrize(
    ("actor", "reason"),
    [(VISITOR, "Sign in"), (UNVERIFIED, "Confirm"), (VERIFIED, ""), (SYSTEM, ""), (Actor(is_verified=True), "")],
)
def test_found_organisation(actor: Actor, reason: str) -> None:
    assert says(rules.may_found_organisation(actor), reason)


@pytest.mark.parametrize("actor", [VISITOR, UNVERIFIED, VERIFIED, SIGNATORY, ORGANISER])
def test_only_administrators_verify(actor: Actor) -> None:
    assert says(rules.may_verify_organisation(actor, BODY), "Only administrators")
    assert rules.may_verify_organisation(ADMIN, BODY)
    assert rules.may_verify_organisation(SYSTEM, BODY)


@pytest.mark.parametrize(
    ("actor", "reason"),
    [(VISITOR, "Sign in"), (UNVERIFIED, "Confirm"), (VERIFIED, ""), (ELSEWHERE, ""), (MEMBER, "a member already")],
)
def test_ask_membership(actor: Actor, reason: str) -> None:
    assert says(rules.may_ask_membership(actor, BODY), reason)


@pytest.mark.parametrize(
    ("actor", "row", "reason"),
    [
        (SIGNATORY, membership(), ""), (ADMIN, membership(), ""), (SYSTEM, membership(), ""),
        (MEMBER, membership(), "Only a signatory"), (ELSEWHERE, membership(), "Only a signatory"),
        (VISITOR, membership(), "Only a signatory"), (ADMIN, membership(person_id=1), "own request"),
        (SIGNATORY, membership(person_id=1), "own request"), (SIGNATORY, membership("member"), "already"),
        (ADMIN, membership("refused"), "already"), (ADMIN, membership("left"), "already"),
    ],
)  # fmt: skip
def test_decide_membership(actor: Actor, row: Membership, reason: str) -> None:
    assert says(rules.may_decide_membership(actor, row), reason)


@pytest.mark.parametrize(
    ("actor", "row", "reason"),
    [
        (VERIFIED, membership("member", 1), ""), (VERIFIED, membership("asked", 1), ""),
        (VERIFIED, membership("left", 1), "ended"), (VERIFIED, membership("refused", 1), "ended"),
        (MEMBER, membership("member"), "Only the member"), (SIGNATORY, membership("member"), ""),
        (ADMIN, membership("member"), ""), (ELSEWHERE, membership("member"), "Only the member"),
    ],
)  # fmt: skip
def test_end_membership(actor: Actor, row: Membership, reason: str) -> None:
    assert says(rules.may_end_membership(actor, row), reason)


@pytest.mark.parametrize(
    ("actor", "row", "reason"),
    [
        (SIGNATORY, membership("member"), ""), (ADMIN, membership("member"), ""),
        (SIGNATORY, membership("asked"), "Only members"), (MEMBER, membership("member"), "Only a signatory"),
    ],
)  # fmt: skip
def test_choose_signatories(actor: Actor, row: Membership, reason: str) -> None:
    assert says(rules.may_choose_signatories(actor, row), reason)


@pytest.mark.parametrize(
    ("actor", "organisation_id", "reason"),
    [
        (VISITOR, None, "Sign in"),
        (VERIFIED, None, ""),
        (MEMBER, 7, ""),
        (MEMBER, 8, "approved"),
        (ADMIN, 7, "approved"),
    ],
)
def test_act_for(actor: Actor, organisation_id: int | None, reason: str) -> None:
    assert says(rules.may_act_for(actor, organisation_id), reason)


@pytest.mark.parametrize(
    ("actor", "consultation_id", "reason"),
    [
        (ORGANISER, 5, ""), (ORGANISER, 6, "Only organisers"), (MODERATOR, 5, "Only organisers"), (ADMIN, 5, ""),
        (SYSTEM, 5, ""), (VERIFIED, 5, "Only organisers"), (VISITOR, 5, "Only organisers"),
    ],
)  # fmt: skip
def test_grant_roles(actor: Actor, consultation_id: int, reason: str) -> None:
    assert says(rules.may_grant_roles(actor, consultation_id), reason)


def test_what_is_one_s_own() -> None:
    assert rules.may_end_interest(VERIFIED, Interest(person_id=1))
    assert not rules.may_end_interest(ADMIN, Interest(person_id=2))
    assert rules.may_end_sign_in(VERIFIED, SignIn(person_id=1))
    assert not rules.may_end_sign_in(ADMIN, SignIn(person_id=2))
    assert rules.may_change_account(VERIFIED)
    assert not rules.may_change_account(VISITOR)
