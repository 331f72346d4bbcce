"""Organisations invited to take part in a consultation: as a whole, by its organisers, until either side ends it."""

from __future__ import annotations

from sqlalchemy import delete, select

from consult.accounts import rules
from consult.accounts.models import GuestOrganisation, Membership, Organisation, Person
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Missing
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import Actor


@operation(rule=rules.may_grant_roles, on="consultation_id")
def invite_organisation(
    *, actor: Actor, consultation_id: int, title: str, organisation: Organisation, key: SubmissionKey | None = None
) -> GuestOrganisation:
    """Let every member of an organisation take part; who signs for it is told. Inviting it twice is inviting it once."""
    where = {"consultation_id": consultation_id, "organisation_id": organisation.id}
    if insert_new(GuestOrganisation, **where, invited_by_id=actor.person_id, invited_at=clock.now()) is not None:
        for address in session().scalars(_signatories(organisation.id)):
            send_later(
                "accounts/organisation_invited", address, by=actor.name, what=title, organisation=organisation.name
            )
    return session().scalars(select(GuestOrganisation).filter_by(**where)).one()


@operation(rule=rules.may_grant_roles, on="consultation_id")
def uninvite_organisation(*, actor: Actor, consultation_id: int, organisation_id: int) -> None:
    """Take an organisation's invitation back; what its members wrote stays."""
    where = {"consultation_id": consultation_id, "organisation_id": organisation_id}
    gone = session().execute(delete(GuestOrganisation).filter_by(**where).returning(GuestOrganisation.id))
    if gone.first() is None:
        raise Missing("This organisation is not invited.")


@operation(rule=rules.may_leave_as_guest, on="guest")
def leave_as_guest(*, actor: Actor, guest: GuestOrganisation) -> None:
    """Say no for an organisation, at any time."""
    session().delete(guest)


def _signatories(organisation_id: int):  # type: ignore[no-untyped-def]
    can_be_mailed = (Person.email_verified_at.is_not(None), Person.suspended_at.is_(None), Person.is_demo.is_(False))
    signs = (Membership.organisation_id == organisation_id, Membership.state == "member", Membership.is_signatory)
    people = select(Person.email).join(Membership, Membership.person_id == Person.id)
    return people.where(*signs, *can_be_mailed).order_by(Person.id)
