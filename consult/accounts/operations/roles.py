"""Roles of people on consultations, and who may not post there for some time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from consult.accounts import events, rules
from consult.accounts.models import ROLES, Person, RoleGrant, Suspension
from consult.core import clock
from consult.core.administered import Administered
from consult.core.db import insert_new
from consult.core.errors import Invalid, Missing
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor

from .invitations import end_invitations
from .sign_ins import ask_for_proof, renew_sign_in


@operation(rule=rules.may_grant_roles, on="consultation_id")
def grant_role(*, actor: Actor, consultation_id: int, person_id: int, role: str) -> RoleGrant:
    """Give a person a role on a consultation; giving it twice changes nothing."""
    if role not in ROLES:
        raise Invalid(f"There is no role “{role}”. Choose one of {', '.join(ROLES)}.", "role")
    if session().get(Person, person_id) is None:
        raise Missing("There is no such person.")
    values = {"granted_by_id": actor.person_id, "granted_at": clock.now()}
    found = {"consultation_id": consultation_id, "person_id": person_id, "role": role}
    if insert_new(RoleGrant, **found, **values) is not None:
        ask_for_proof(actor=SYSTEM, person_id=person_id, but=actor.sign_in_id)
        emit(events.RoleGranted(consultation_id, person_id, role))
        _tell_of_power(actor, "grant_role", found)
    return session().scalars(select(RoleGrant).filter_by(**found)).one()


@operation(rule=rules.may_grant_roles, on="consultation_id")
def revoke_role(*, actor: Actor, consultation_id: int, person_id: int, role: str) -> None:
    """Take a role back; a consultation keeps at least one organiser."""
    _end_role(consultation_id, person_id, role)
    _tell_of_power(actor, "revoke_role", {"consultation_id": consultation_id, "person_id": person_id, "role": role})


def _lock_holders(*, grant: RoleGrant, **_: object) -> None:
    """All who have the role, in one order, before one's own row is: of two who go at once neither waits for the other."""
    mine = (RoleGrant.consultation_id == grant.consultation_id, RoleGrant.role == grant.role)
    session().execute(select(RoleGrant.id).where(*mine).order_by(RoleGrant.id).with_for_update())


@operation(rule=rules.may_leave_role, on="grant", first=_lock_holders)
def leave_role(*, actor: Actor, grant: RoleGrant, token: str = "") -> RoleGrant:
    """Give up one's own role; the last organiser stays until there is another one. `token`: the browser's new one."""
    _end_role(grant.consultation_id, grant.person_id, grant.role)
    if token:
        renew_sign_in(actor=actor, token=token)
    return grant


@operation(rule=rules.may_suspend, on="consultation_id")
def suspend_posting(*, actor: Actor, consultation_id: int, person_id: int, until: datetime) -> Suspension:
    """Somebody posts nothing new in one consultation until a moment; what was there before gives way to it.

    Moderation calls this inside its own act, which keeps why. A moment that has passed lifts it.
    """
    found = {"consultation_id": consultation_id, "person_id": person_id}
    insert_new(Suspension, **found, until=until)
    row = session().scalars(select(Suspension).filter_by(**found).with_for_update()).one()
    row.until = until
    return row


def _tell_of_power(actor: Actor, verb: str, found: dict[str, Any]) -> None:
    """An administrator who is no organiser there did it."""
    if actor.is_administrator and not actor.holds("organiser", found["consultation_id"]):
        where = {"consultation_id": found["consultation_id"], "person_id": found["person_id"]}
        emit(Administered(actor, verb, **where, detail=found["role"]))


def _end_role(consultation_id: int, person_id: int, role: str) -> None:
    """Take the rows of all holders as the lock: of two who go at once, the second finds herself the last one."""
    holders = {
        grant.person_id: grant
        for grant in session().scalars(
            select(RoleGrant)
            .where(RoleGrant.consultation_id == consultation_id, RoleGrant.role == role)
            .order_by(RoleGrant.id)
            .with_for_update()
        )
    }
    if person_id not in holders:
        raise Missing("This person does not have that role.")
    if role == "organiser" and len(holders) == 1:
        raise Invalid("This is the only organiser. Make somebody else an organiser first.", "role")
    session().delete(holders[person_id])
    if role == "organiser":
        end_invitations(actor=SYSTEM, person_id=person_id, consultation_id=consultation_id)
    emit(events.RoleRevoked(consultation_id, person_id, role))
