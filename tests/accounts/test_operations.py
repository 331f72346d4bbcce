"""Accounts, organisations and roles: what is written, who may, and what is told by mail."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts import events, links, operations, queries
from consult.accounts.models import Interest, Membership, Person, RoleGrant, SignIn
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.events import _listeners
from consult.core.jobs import Job
from consult.core.rules import SYSTEM, VISITOR
from tests.make import HASH, Make

NAUGHTY = json.loads((Path(__file__).parent.parent / "data" / "strings-naughty" / "blns.json").read_text("utf-8"))


@contextlib.contextmanager
def heard(kind: type, into: list[object]) -> Iterator[None]:
    """Collect the events of a kind."""
    _listeners[kind].append(into.append)
    try:
        yield
    finally:
        _listeners[kind].remove(into.append)


def mailed() -> list[tuple[str, str]]:
    """Template and address of the mails that wait."""
    rows = db.session.scalars(select(Job.payload).where(Job.kind == "mail.send").order_by(Job.id))
    return [(payload["template"], payload["to"]) for payload in map(json.loads, rows)]


def test_a_person_is_created_once_per_address(inside: Flask, make: Make) -> None:
    given = {"name": " Ada  Lovelace ", "password_hash": HASH, "category": "academia", "country": "GB"}
    ada = operations.create_person(actor=SYSTEM, email="Ada@Example.org", is_verified=True, **given)
    assert (ada.email, ada.name, ada.email_verified_at is not None) == ("ada@example.org", "Ada Lovelace", True)
    with pytest.raises(Conflict, match="already"):
        operations.create_person(actor=SYSTEM, email="ada@example.org", **given)
    with pytest.raises(Refused):
        operations.create_person(actor=VISITOR, email="bob@example.org", **given)
    assert make.count(Person) == 1


def test_a_founder_becomes_member_and_signatory(inside: Flask, make: Make) -> None:
    ada = make.actor(make.person())
    body = operations.found_organisation(actor=ada, name="Maintainers Guild", category="nonprofit")
    assert (body.slug, body.code, body.is_verified) == ("maintainers-guild", "MG", False)
    assert make.count(Membership, Membership.is_signatory, Membership.state == "member") == 1
    other = operations.found_organisation(actor=SYSTEM, name="Ministry of Games", category="government")
    assert other.code == "MG2"
    with pytest.raises(Conflict, match="already"):
        operations.found_organisation(actor=ada, name="Maintainers  Guild", category="industry")


def test_roles_are_given_by_organisers_and_one_organiser_stays(inside: Flask, make: Make) -> None:
    consultation, ada = make.consultation(), make.person()
    operations.grant_role(actor=SYSTEM, consultation_id=consultation.id, person_id=ada.id, role="organiser")
    operations.grant_role(actor=SYSTEM, consultation_id=consultation.id, person_id=ada.id, role="organiser")
    assert make.count(RoleGrant) == 1
    with pytest.raises(Invalid, match="only organiser"):
        operations.revoke_role(
            actor=make.actor(ada), consultation_id=consultation.id, person_id=ada.id, role="organiser"
        )
    with pytest.raises(Refused):
        operations.grant_role(
            actor=make.actor(make.person()), consultation_id=consultation.id, person_id=ada.id, role="moderator"
        )
    with pytest.raises(Invalid):
        operations.grant_role(actor=SYSTEM, consultation_id=consultation.id, person_id=ada.id, role="king")


def test_a_membership_is_asked_for_once_and_answered_once(inside: Flask, make: Make) -> None:
    guild, signatory, bob = make.organisation(), make.person(email="sig@example.org"), make.person()
    make.member(signatory, guild, is_signatory=True)
    seen: list[object] = []
    with heard(events.MembershipAsked, seen), heard(events.MembershipDecided, seen):
        one = operations.ask_membership(actor=make.actor(bob), organisation=guild)
        two = operations.ask_membership(actor=make.actor(bob), organisation=guild)
        assert one.id == two.id
        operations.decide_membership(actor=make.actor(signatory), membership=one, is_approved=True)
        with pytest.raises(Refused, match="already"):
            operations.decide_membership(actor=make.actor(signatory), membership=one, is_approved=False)
    assert seen == [events.MembershipAsked(one.id), events.MembershipDecided(one.id)]
    assert mailed() == [("accounts/membership_asked", "sig@example.org"), ("accounts/membership_decided", bob.email)]
    assert guild.id in make.actor(bob).member_of


def test_without_a_signatory_administrators_are_asked(inside: Flask, make: Make) -> None:
    make.person(email="root@example.org", is_administrator=True)
    operations.ask_membership(actor=make.actor(make.person()), organisation=make.organisation())
    assert mailed() == [("accounts/membership_asked", "root@example.org")]


@pytest.mark.parametrize("state", ["refused", "left"])
def test_asking_again_after_it_ended(inside: Flask, make: Make, state: str) -> None:
    guild, bob = make.organisation(), make.person()
    row = make.row(Membership(organisation_id=guild.id, person_id=bob.id, state=state, is_signatory=True))
    again = operations.ask_membership(actor=make.actor(bob), organisation=guild)
    assert (again.id, again.state, again.is_signatory) == (row.id, "asked", False)


def test_leaving_ends_speaking_for_it(inside: Flask, make: Make) -> None:
    guild, ada = make.organisation(), make.person()
    row = make.member(ada, guild)
    sign_in = make.row(SignIn(token_digest="d", person_id=ada.id, acting_for_id=guild.id, expires_at=clock.now()))
    operations.end_membership(actor=make.actor(ada), membership=row)
    db.session.refresh(sign_in)
    assert sign_in.acting_for_id is None


def test_the_last_signatory_stays_while_there_are_members(inside: Flask, make: Make) -> None:
    guild, ada, bob = make.organisation(), make.person(), make.person()
    signing, other = make.member(ada, guild, is_signatory=True), make.member(bob, guild)
    for act in (
        lambda: operations.end_membership(actor=make.actor(ada), membership=signing),
        lambda: operations.choose_signatory(actor=make.actor(ada), membership=signing, is_signatory=False),
    ):
        with pytest.raises(Invalid, match="nother member"):
            act()
    operations.end_membership(actor=make.actor(ada), membership=other)
    operations.end_membership(actor=make.actor(ada), membership=signing)
    assert make.count(Membership, Membership.state == "left") == 2


def test_a_role_taken_back(inside: Flask, make: Make) -> None:
    consultation = make.consultation()
    one, two = make.staff(consultation, "organiser"), make.staff(consultation, "organiser")
    seen: list[object] = []
    with heard(events.RoleRevoked, seen):
        operations.revoke_role(
            actor=make.actor(one), consultation_id=consultation.id, person_id=two.id, role="organiser"
        )
    assert seen == [events.RoleRevoked(consultation.id, two.id, "organiser")]
    assert not make.actor(two).roles
    with pytest.raises(Missing):
        operations.revoke_role(actor=SYSTEM, consultation_id=consultation.id, person_id=two.id, role="organiser")
    with pytest.raises(Missing):
        operations.grant_role(actor=SYSTEM, consultation_id=consultation.id, person_id=10**9, role="editor")


def test_registering_emits_for_new_accounts_only(inside: Flask, make: Make) -> None:
    given = {"name": "Ada", "email": "ada@example.org", "password_hash": HASH, "category": "individual"}
    seen: list[object] = []
    with heard(events.Registered, seen):
        operations.register(actor=VISITOR, **given, interest="Paid by Acme.")
        operations.register(actor=VISITOR, **given | {"name": "Not Ada", "password_hash": "x"}, interest="Mine")
    assert len(seen) == 1
    assert [p.name for p in db.session.scalars(select(Person))] == ["Ada"]
    assert make.count(Interest) == 1
    with pytest.raises(Refused, match="already"):
        operations.register(actor=make.actor(make.person()), **given)


@pytest.mark.parametrize("field", ["name", "category", "country", "email"])
def test_what_cannot_be_stored_is_told_at_its_field(inside: Flask, make: Make, field: str) -> None:
    given = {"name": "Ada", "email": "ada@example.org", "category": "other", "country": "PT"} | {field: "!"}
    with pytest.raises(Invalid) as told:
        operations.register(actor=VISITOR, password_hash=HASH, **given)
    assert told.value.field == field
    assert make.count(Person) == 0


def test_a_password_that_was_changed_meanwhile_lets_nobody_in(inside: Flask, make: Make) -> None:
    ada = make.person()
    with pytest.raises(Conflict, match="changed"):
        operations.start_sign_in(actor=VISITOR, person=ada, token="t", checked_hash="an earlier one")
    assert make.count(SignIn) == 0


def test_signing_in_again_ends_the_sign_in_before(inside: Flask, make: Make) -> None:
    ada = make.person()
    first = operations.start_sign_in(actor=VISITOR, person=ada, token="one", checked_hash=HASH)
    operations.start_sign_in(actor=queries.actor_for_token("one"), person=ada, token="two", checked_hash=HASH)
    db.session.refresh(first)
    assert first.ended_at is not None
    assert not queries.actor_for_token("one").is_authenticated
    assert queries.actor_for_token("two").person_id == ada.id


def test_a_used_link_is_refused_inside_the_transaction_too(inside: Flask, make: Make) -> None:
    ada = make.person(email_verified_at=None)
    link = links.Link(links.CONFIRM, ada.id, links.mark(links.CONFIRM, ada), ada.email)
    operations.confirm_email(actor=VISITOR, link=link)
    with pytest.raises(Missing, match="used already"):
        operations.confirm_email(actor=VISITOR, link=link)


def test_interests_have_an_end(inside: Flask, make: Make) -> None:
    ada = make.actor(make.person())
    for number in range(20):
        operations.declare_interest(actor=ada, text=f"Grant {number}")
    with pytest.raises(Invalid, match="20 are the most"):
        operations.declare_interest(actor=ada, text="One more")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Federation of Public Libraries", "FPL"), ("Acme", "ACME"), ("OpenForge", "OPENFO"), ("3D Printing Union", "3PU"),
        ("The Guild", "GUILD"), ("Universidade de Coimbra", "UC"), ("P", "P2"),
    ],
)  # fmt: skip
def test_codes_stand_for_their_organisation(inside: Flask, make: Make, name: str, code: str) -> None:
    assert operations.found_organisation(actor=SYSTEM, name=name, category="other").code == code


def test_names_in_any_script_get_an_address_and_a_code(inside: Flask, make: Make) -> None:
    for name in ("Библиотека", "図書館", "مكتبة", "new", "New", "🚀 1", "a" * 200):
        body = operations.found_organisation(actor=SYSTEM, name=name, category="other")
        assert re.fullmatch(r"[a-z0-9-]{1,60}", body.slug), body.slug
        assert re.fullmatch(r"[A-Z0-9]{1,8}", body.code), body.code
        assert body.slug != "new"
    for name in ("", " ", "---", "🚀", "x" * 201):
        with pytest.raises(Invalid):
            operations.found_organisation(actor=SYSTEM, name=name, category="other")


def test_any_text_can_be_a_name_or_is_refused_with_a_sentence(inside: Flask, make: Make) -> None:
    ada = make.actor(make.person())
    with write_transaction():
        for text in NAUGHTY:
            for act in (
                lambda t: operations.describe_person(actor=ada, name=t, category="other"),
                lambda t: operations.found_organisation(actor=ada, name=t, category="other", register_number=t, note=t),
            ):
                with contextlib.suppress(Invalid, Conflict):
                    act(text)
        limit = operations.declare_interest(actor=ada, text="; ".join(NAUGHTY)[:290])
    assert limit.text
    assert "\x00" not in limit.text
