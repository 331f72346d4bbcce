"""Which organisation is part of which."""

from __future__ import annotations

from sqlalchemy import or_, select

from consult.accounts import events, rules
from consult.accounts.bodies import share_parent
from consult.accounts.models import Organisation
from consult.core.errors import Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor


def _lock_families(*, organisation: Organisation, parent: Organisation, **_: object) -> None:
    """All that has a parent, and these two, in one order: two who close a circle from both ends wait for each other."""
    ours = or_(Organisation.parent_id.is_not(None), Organisation.id.in_((organisation.id, parent.id)))
    session().execute(select(Organisation.id).where(ours).order_by(Organisation.id).with_for_update())


@operation(rule=rules.may_set_parent, on=("organisation", "parent"), first=_lock_families)
def set_parent(*, actor: Actor, organisation: Organisation, parent: Organisation) -> Organisation:
    """Say that an organisation is part of another one. Raises Invalid(parent) when that would run in a circle."""
    above: int | None = parent.id
    while above is not None:
        if above == organisation.id:
            raise Invalid(f"{parent.name} is {organisation.name} itself, or a part of it.", "parent")
        above = session().scalar(select(Organisation.parent_id).where(Organisation.id == above))
    if organisation.parent_id != parent.id:
        organisation.parent_id = parent.id
        share_parent(organisation.id)
        emit(events.ParentChanged(organisation.id))
    return organisation


@operation(rule=rules.may_end_parent, on="organisation")
def end_parent(*, actor: Actor, organisation: Organisation) -> None:
    """Say that an organisation is not a part of another one any more."""
    if organisation.parent_id is not None:
        organisation.parent_id = None
        share_parent(organisation.id)
        emit(events.ParentChanged(organisation.id))
