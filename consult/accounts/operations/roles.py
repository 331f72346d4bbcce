"""Roles of people on consultations."""

from __future__ import annotations

from sqlalchemy import select

from consult.accounts import events, rules
from consult.accounts.models import ROLES, Person, RoleGrant
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Invalid, Missing
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor


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
        emit(events.RoleGranted(consultation_id, person_id, role))
    return session().scalars(select(RoleGrant).filter_by(**found)).one()


@operation(rule=rules.may_grant_roles, on="consultation_id")
def revoke_role(*, actor: Actor, consultation_id: int, person_id: int, role: str) -> None:
    """Take a role back; a consultation keeps at least one organiser."""
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
        raise Invalid("This is the only organiser. Give the role to somebody else first.", "role")
    session().delete(holders[person_id])
    emit(events.RoleRevoked(consultation_id, person_id, role))
