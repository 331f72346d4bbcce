"""Invitations: into an organisation, or to a role on a consultation; bound to an address and good for 14 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from consult.accounts import events, rules
from consult.accounts.addresses import email_address
from consult.accounts.bodies import standing
from consult.accounts.models import ROLES, Invitation, Membership, Organisation, RoleGrant
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Invalid
from consult.core.events import emit
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import SYSTEM, Actor, system_only

from .sign_ins import ask_for_proof, renew_sign_in

LIFETIME = timedelta(days=14)


@operation(rule=rules.may_manage_organisation, on="organisation")
def invite_member(
    *, actor: Actor, organisation: Organisation, email: str, role: str, key: SubmissionKey | None = None
) -> Invitation:
    """Invite an address into an organisation, as `member` or `signatory`; once more makes it good for another 14 days.

    Whether the address has an account is neither asked nor told: the mail says how to answer in both cases.
    """
    if role not in ("member", "signatory"):
        raise Invalid("Choose member or signatory.", "role")
    return _invite(actor, email, role, what=organisation.name, organisation_id=organisation.id)


@operation(rule=rules.may_grant_roles, on="consultation_id")
def invite_to_role(
    *, actor: Actor, consultation_id: int, title: str, email: str, role: str, key: SubmissionKey | None = None
) -> Invitation:
    """Invite an address to a role on the consultation called `title`; the role begins when it is accepted."""
    if role not in ROLES:
        raise Invalid(f"There is no role “{role}”. Choose one of {', '.join(ROLES)}.", "role")
    return _invite(actor, email, role, what=title, consultation_id=consultation_id)


@operation(rule=rules.may_accept_invitation, on="invitation")
def accept_invitation(*, actor: Actor, invitation: Invitation, token: str = "") -> None:
    """Become a member, or take the role. Accepting twice is accepting once: the invitation is gone.

    `token`: the browser's new one; what she may do now, whoever had the one before may not.
    """
    if invitation.organisation_id is not None:
        _join(actor, invitation)
    else:
        _take_role(actor, invitation)
    if token:
        renew_sign_in(actor=actor, token=token)
    session().delete(invitation)


@operation(rule=rules.may_decline_invitation, on="invitation")
def decline_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Say no. Nothing of it is kept."""
    session().delete(invitation)


@operation(rule=rules.may_take_back_invitation, on="invitation")
def take_back_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Take back what was not accepted yet."""
    session().delete(invitation)


@operation(rule=system_only)
def end_invitations(
    *, actor: Actor, person_id: int, organisation_id: int | None = None, consultation_id: int | None = None
) -> None:
    """End those that a person gave into an organisation, or to roles on a consultation: they end with her right to."""
    where = {"organisation_id": organisation_id, "consultation_id": consultation_id}
    session().execute(delete(Invitation).filter_by(invited_by_id=person_id, **where))


def _invite(
    actor: Actor, email: str, role: str, *, what: str, organisation_id: int | None = None,
    consultation_id: int | None = None,
) -> Invitation:  # fmt: skip
    """One invitation for an address into an organisation, or for an address and a role; the newest is what counts."""
    address, moment = email_address(email), clock.now()
    target: dict[str, Any] = {"email": address, "organisation_id": organisation_id, "consultation_id": consultation_id}
    if consultation_id is not None:
        target["role"] = role
    fresh = {"role": role, "invited_by_id": actor.person_id, "invited_at": moment, "expires_at": moment + LIFETIME}
    insert_new(Invitation, **target | fresh)
    row = session().scalars(select(Invitation).filter_by(**target).with_for_update()).one()
    for name, value in fresh.items():
        setattr(row, name, value)
    send_later("accounts/invited", address, by=actor.name, what=what, role=role)
    return row


def _join(actor: Actor, invitation: Invitation) -> None:
    goes_on = session().scalar(select(standing(invitation.organisation_id)))  # it may have been merged meanwhile
    mine = {"organisation_id": goes_on, "person_id": actor.person_id}
    insert_new(Membership, **mine, state="left", is_signatory=False, asked_at=clock.now())
    row = session().scalars(select(Membership).filter_by(**mine).with_for_update()).one()
    row.is_signatory = invitation.role == "signatory" or (row.state == "member" and row.is_signatory)
    row.state, row.decided_by_id, row.decided_at = "member", invitation.invited_by_id, clock.now()
    session().flush()
    emit(events.MembershipDecided(row.id))


def _take_role(actor: Actor, invitation: Invitation) -> None:
    held: dict[str, Any] = {
        "consultation_id": invitation.consultation_id,
        "person_id": actor.person_id,
        "role": invitation.role,
    }
    given = {"granted_by_id": invitation.invited_by_id, "granted_at": clock.now()}
    if insert_new(RoleGrant, **held, **given) is not None:
        ask_for_proof(actor=SYSTEM, person_id=held["person_id"], but=actor.sign_in_id)
        emit(events.RoleGranted(**held))
