"""Accounts, organisations and roles: what is written, who may, and what is told by mail."""

from __future__ import annotations

import pytest
from flask import Flask

from consult.accounts import operations
from consult.accounts.models import Membership, Person, RoleGrant
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import SYSTEM, VISITOR
from tests.make import HASH, Make


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
