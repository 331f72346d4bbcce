"""Who somebody is, and what a viewer may know of others."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask

from consult.accounts import queries
from consult.accounts.models import CategoryChange, Membership, SignIn
from consult.core import clock, ids
from consult.core.errors import Missing
from consult.core.rules import VISITOR
from tests.make import PASSWORD, Make


def test_a_token_leads_to_its_person_until_it_ends(inside: Flask, make: Make) -> None:
    ada, guild, consultation = make.person("Ada"), make.organisation("Guild"), make.consultation()
    make.member(ada, guild, is_signatory=True)
    make.role(ada, consultation, "moderator")
    expires = clock.now() + timedelta(hours=1)
    make.row(SignIn(token_digest=ids.digest("t"), person_id=ada.id, acting_for_id=guild.id, expires_at=expires))
    actor = queries.actor_for_token("t")
    assert (actor.person_id, actor.acting_for_name, actor.is_verified) == (ada.id, "Guild", True)
    assert actor.signatory_of == {guild.id}
    assert actor.holds("moderator", consultation.id)
    assert not actor.holds("organiser", consultation.id)
    assert queries.actor_for_token("T") == VISITOR
    with clock.shifted(timedelta(hours=2)):
        assert queries.actor_for_token("t") == VISITOR


def test_who_left_an_organisation_does_not_act_for_it(inside: Flask, make: Make) -> None:
    ada, guild = make.person(), make.organisation()
    make.row(Membership(organisation_id=guild.id, person_id=ada.id, state="left"))
    assert make.actor(ada, acting_for_id=guild.id).acting_for_id is None


@pytest.mark.parametrize(
    ("email", "password", "is_right"),
    [
        ("ada@example.org", PASSWORD, True), (" ADA@Example.org ", f" {PASSWORD}\n", True),
        ("ada@example.org", PASSWORD.upper(), False), ("bob@example.org", PASSWORD, False), ("", "", False),
        ("\x00", "\x00", False), ("ada@example.org' OR 1=1 --", PASSWORD, False), ("x" * 100_000, "y", False),
    ],
)  # fmt: skip
def test_who_has_an_address_and_a_password(
    inside: Flask, make: Make, email: str, password: str, is_right: bool
) -> None:
    make.person("Ada", email="ada@example.org")
    assert (queries.who_has(email, password) is not None) is is_right


def test_an_unknown_address_does_the_same_work_as_a_wrong_password(inside: Flask, make: Make) -> None:
    make.person("Ada", email="ada@example.org", password_hash=PasswordHasher().hash(PASSWORD))

    def seconds(email: str) -> float:
        taken = []
        for _ in range(5):
            start = time.process_time()
            queries.who_has(email, "wrong wrong wrong")
            taken.append(time.process_time() - start)
        return statistics.median(taken)

    known, unknown = seconds("ada@example.org"), seconds("bob@example.org")
    assert unknown > known / 3, "a quick no would tell that there is no account"


def test_voices(inside: Flask, make: Make) -> None:
    ada, one, two = make.person("Ada"), make.organisation("Zeta"), make.organisation("Beta")
    make.member(ada, one)
    make.member(ada, two)
    found = queries.voices(viewer=make.actor(ada, acting_for_id=one.id))
    assert [(v.name, v.is_current) for v in found] == [("Ada", False), ("Beta", False), ("Zeta", True)]
    assert [v.name for v in queries.voices(viewer=make.actor(make.person("Bob")))] == ["Bob"]


def test_what_waits_for_whom(inside: Flask, make: Make) -> None:
    guild, other = make.organisation(), make.organisation()
    signatory, admin, asking = make.person(), make.person(is_administrator=True), make.person()
    make.member(signatory, guild, is_signatory=True)
    here = make.row(Membership(organisation_id=guild.id, person_id=asking.id))
    there = make.row(Membership(organisation_id=other.id, person_id=asking.id))
    own = make.row(Membership(organisation_id=other.id, person_id=admin.id))

    def seen(person: object) -> list[int]:
        return [row.id for row in queries.waiting(viewer=make.actor(person))]  # type: ignore[arg-type]

    assert seen(signatory) == [here.id]
    assert seen(admin) == [here.id, there.id]
    assert own.id not in seen(signatory) + seen(asking)
    assert seen(asking) == []


def test_memberships_are_known_to_those_they_concern(inside: Flask, make: Make) -> None:
    guild, asking = make.organisation(), make.person()
    row = make.row(Membership(organisation_id=guild.id, person_id=asking.id))
    signatory, member = make.person(), make.person()
    make.member(signatory, guild, is_signatory=True)
    make.member(member, guild)
    for person in (asking, signatory, make.person(is_administrator=True)):
        assert queries.membership(viewer=make.actor(person), membership_id=row.id).id == row.id
    for person in (member, make.person()):
        with pytest.raises(Missing):
            queries.membership(viewer=make.actor(person), membership_id=row.id)


def test_earlier_categories_are_public(inside: Flask, make: Make) -> None:
    ada = make.person()
    make.row(CategoryChange(person_id=ada.id, before="industry", after="individual"))
    assert [c.before for c in queries.person_page(viewer=VISITOR, person_id=ada.id).changes] == ["industry"]


def test_pages_of_organisations_hold_each_once_in_order(inside: Flask, make: Make) -> None:
    for name in ("b", "B", "ä", "a", "Z", "10", "9", "é", "—"):
        make.organisation(name)
    seen: list[str] = []
    cursor = None
    while True:
        page = queries.organisations(viewer=VISITOR, after=cursor, limit=2)
        seen += [row.name for row in page.rows]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == page.total == 9
    back = queries.organisations(viewer=VISITOR, before=page.previous_cursor, limit=2)
    assert [row.name for row in back.rows] == seen[-3:-1]
