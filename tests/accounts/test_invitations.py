"""Invitations: bound to a confirmed address, good for 14 days, answered by whoever has the address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts import operations
from consult.accounts.models import Invitation, Membership, Organisation, Person
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Refused
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
Mails = Callable[[], list[EmailMessage]]


def _signatory(make: Make) -> tuple[Person, Organisation]:
    person, body = make.person("Sig"), make.organisation("ACME", slug="acme")
    make.member(person, body, is_signatory=True)
    return person, body


def test_an_invitation_makes_a_member_of_whoever_has_the_address(make: Make, visit: Visit, mails: Mails) -> None:
    sig, _body = _signatory(make)
    here, eve, ada = visit(sig), visit(make.person("Eve")), make.person("Ada", email="ada@example.org")
    here.open("/organisations/acme")
    here.open(here.page.links()["Invite people"])
    page = here.press("Send the invitation", email="Ada@Example.org", role="signatory")
    assert "ada@example.org" in page.text
    (mail,) = mails()
    assert (mail["To"], "ACME" in mail["Subject"]) == ("ada@example.org", True)
    assert "/me/invitations" in mail.get_content()
    assert "ACME" not in eve.open("/me/invitations").text
    there = visit(ada)
    assert "Sig invites you as signatory" in there.open("/me/invitations").text
    address = next(form.action for form in there.page.forms if form.action.endswith("/acceptance"))
    token = eve.open("/appearance").form("Use this").fields["csrf_token"]
    eve.send(address, {"csrf_token": token}, status=404)
    there.press("Accept")
    assert make.count(Membership, Membership.person_id == ada.id, Membership.is_signatory) == 1
    assert make.count(Invitation) == 0
    eve.open("/organisations/acme/invitations", status=403)


def test_an_unconfirmed_or_late_address_cannot_accept(inside: Flask, make: Make) -> None:
    sig, body = _signatory(make)
    ada = make.person("Ada", email="ada@example.org", email_verified_at=None)
    row = operations.invite_member(actor=make.actor(sig), organisation=body, email=ada.email, role="member")
    with pytest.raises(Refused, match="Confirm your e-mail address"):
        operations.accept_invitation(actor=make.actor(ada), invitation=row)
    with make.writing() as session:
        session.get_one(Person, ada.id).email_verified_at = clock.now()
    with clock.shifted(timedelta(days=14, minutes=1)), pytest.raises(Refused, match="expired"):
        operations.accept_invitation(actor=make.actor(ada), invitation=row)
    again = operations.invite_member(actor=make.actor(sig), organisation=body, email="ada@example.org", role="member")
    assert again.id == row.id, "inviting twice invites once"
    operations.end_membership(actor=make.actor(sig), membership=db.session.scalars(select(Membership)).one())
    assert make.count(Invitation) == 0, "an invitation ends with the right of whoever gave it"
