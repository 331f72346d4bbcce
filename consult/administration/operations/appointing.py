"""What administrators do about people through lower rooms."""

from __future__ import annotations

from sqlalchemy import or_, select

from consult.accounts import operations as accounts
from consult.accounts.models import ROLES, Person, RoleGrant
from consult.accounts.rules import may_run_account
from consult.administration import rules
from consult.core.administered import Administered, reason_given
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.personal import Leaving
from consult.core.rules import SYSTEM, Actor
from consult.privacy import operations as privacy


@operation(rule=rules.may_appoint, on="consultation_id")
def appoint(*, actor: Actor, consultation_id: int, person: Person, role: str, reason: str) -> RoleGrant:
    """Give somebody a role on any consultation, as when its organiser is gone. Raises Conflict, Invalid(role)."""
    reason = reason_given(reason)
    if role not in ROLES:
        raise Invalid("Choose one of the roles.", "role")
    if person.suspended_at is not None or person.email_verified_at is None or person.is_machine:
        raise Conflict("Roles are for people with a confirmed address who are not suspended.", "email")
    grant = accounts.grant_role(actor=SYSTEM, consultation_id=consultation_id, person_id=person.id, role=role)
    where = {"consultation_id": consultation_id, "person_id": person.id}
    emit(Administered(actor, "grant_role", **where, detail=role, reason=reason))
    return grant


@operation(rule=rules.may_appoint, on="consultation_id")
def dismiss(*, actor: Actor, consultation_id: int, person_id: int, role: str, reason: str) -> None:
    """Take somebody's role back; the last organiser stays. Raises Missing, Invalid."""
    reason = reason_given(reason)
    accounts.revoke_role(actor=SYSTEM, consultation_id=consultation_id, person_id=person_id, role=role)
    where = {"consultation_id": consultation_id, "person_id": person_id}
    emit(Administered(actor, "revoke_role", **where, detail=role, reason=reason))


def _lock_administrators(*, person: Person, **_: object) -> None:
    """As in accounts: all who run the site and this person, in one order, as the last of them cannot be erased."""
    mine = or_(Person.is_administrator, Person.id == person.id)
    session().execute(select(Person.id).where(mine).order_by(Person.id).with_for_update())


@operation(rule=may_run_account, on="person", first=_lock_administrators)
def erase_person(*, actor: Actor, person: Person, words_go: bool, reason: str) -> tuple[Leaving, str]:
    """Erase somebody else at once, for who cannot sign in to ask; returns what `privacy.packing.forget` takes.

    Raises Conflict where others depend on her.
    """
    reason = reason_given(reason)
    try:
        return privacy.erase_now(actor=actor, email=person.email, words_go=words_go, reason=reason)
    except Refused as bonds:
        told = bonds.sentence.replace("You are", "She is").replace("Only you sign", "Only she signs")
        raise Conflict(f"Others depend on her. {told}") from bonds
