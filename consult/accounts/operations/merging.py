"""Making one organisation of two that are the same, and two again."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, select, true, update
from sqlalchemy.exc import OperationalError

from consult.accounts import events, rules
from consult.accounts.bodies import HOLDING, REFERS, Refers, share_parent
from consult.accounts.models import (
    Invitation,
    Membership,
    MergedValue,
    Organisation,
    OrganisationApart,
    OrganisationMerge,
)
from consult.core import clock
from consult.core.administered import Administered
from consult.core.db import KEY_STAYS, Base, insert_new
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor, administrators
from consult.core.text import normalise

LONGEST_REASON = 500
BUSY = "Somebody is just writing for one of the two organisations. Nothing was changed; press the button again."
INSIDE = "{} is a part of a part of {}. Say first what each of them is a part of, then merge them."
NOBODY_SIGNS = "Nobody would sign for {} then. Choose at least one person who does."
IN_ORDER = {"asked": 1, "member": 2}  # of two memberships of one person the further one is kept


def _hold(*, former: Organisation, into: Organisation, **_: object) -> None:
    for hold in HOLDING:
        hold()
    _lock(Organisation, Organisation.id.in_((former.id, into.id)), is_whole=True)
    above = select(Organisation.parent_id).where(Organisation.id.in_((former.id, into.id)))
    _lock(Organisation, Organisation.id.in_(above))


def _hold_merge(*, merge: OrganisationMerge, **_: object) -> None:
    _hold(former=merge.former, into=merge.into)


@operation(rule=rules.may_merge_organisations, on=("former", "into"), first=_hold)
def merge_organisations(
    *, actor: Actor, former: Organisation, into: Organisation, reason: str, signing: Collection[int] = ()
) -> OrganisationMerge:
    """From now on `former` counts as `into`, and its address leads there. `signing`: people of `former` who sign for `into`.

    What was said in the name of `former` stays so, with its numbers. Raises Conflict when somebody is just writing
    for one of them: whoever writes waits for what this holds, so this must not wait for them.
    """
    reason = _reason(reason)
    for refers in REFERS:
        if refers.moves:
            _lock(refers.model, refers.column.in_((former.id, into.id)))
    merge = OrganisationMerge(former_id=former.id, into_id=into.id, reason=reason, by_id=actor.person_id)
    session().add(merge)
    session().flush()
    _join_families(merge, former, into)
    _join_members(merge, frozenset(signing), into)
    for refers in REFERS:
        if refers.moves:
            _move(merge, refers)
    _set(merge, former, "merged_into_id", into.id)
    if not into.register_number:
        _set(merge, into, "register_number", former.register_number)
    session().flush()
    share_parent(into.id)
    emit(events.OrganisationsMerged(merge.id, former.id, into.id, actor.person_id, reason))
    emit(Administered(actor, "merge", organisation_id=into.id, detail=former.name, reason=reason))
    return merge


@operation(rule=rules.may_undo_merge, on="merge", first=_hold_merge)
def undo_merge(*, actor: Actor, merge: OrganisationMerge) -> None:
    """Make two of them again: what the merge changed and nobody changed since is as it was before.

    What was said meanwhile stays with the one it was said for. Raises Conflict like `merge_organisations`.
    """
    former = session().get_one(Organisation, merge.former_id, populate_existing=True)
    if former.merged_into_id != merge.into_id:
        raise Conflict("One of them was merged further since. Undo that first.")
    values = select(MergedValue).where(MergedValue.merge_id == merge.id).order_by(MergedValue.id.desc())
    for value in session().scalars(values).all():
        table = Base.metadata.tables[value.table]
        column = table.c[value.column]
        is_same: ColumnElement[bool] = _is(column, json.loads(value.after)) & _is_free(
            table, column, json.loads(value.before)
        )
        if column is Organisation.__table__.c.parent_id and value.row_id == former.id:
            is_same = table.c.id == former.id  # it followed the other one meanwhile
        session().execute(
            update(table).where(table.c.id == value.row_id, is_same).values({column: json.loads(value.before)})
        )
    merge.undone_at, merge.undone_by_id = clock.now(), actor.person_id
    session().flush()
    session().expire_all()
    for organisation_id in (merge.former_id, merge.into_id):
        share_parent(organisation_id)
    emit(events.OrganisationsParted(merge.id, merge.former_id, merge.into_id, actor.person_id))
    emit(Administered(actor, "part", organisation_id=merge.into_id, detail=former.name))


@operation(rule=administrators)
def say_apart(*, actor: Actor, one: Organisation, other: Organisation) -> None:
    """Say that two organisations are not the same, so that nobody is asked again. Twice is once."""
    low, high = sorted((one.id, other.id))
    if insert_new(OrganisationApart, one_id=low, other_id=high, by_id=actor.person_id, at=clock.now()) is not None:
        emit(Administered(actor, "say_apart", organisation_id=one.id, detail=other.name))


def _reason(reason: str) -> str:
    reason = " ".join(normalise(reason).split())
    if not reason:
        raise Invalid("Say why they are the same; everybody can read it.", "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"This is {len(reason):,} characters long; {LONGEST_REASON} is the most.", "reason")
    return reason


def _lock(model: type[Base], which: ColumnElement[bool], *, is_whole: bool = False) -> None:
    """Hold these rows without waiting. `is_whole`: nothing can begin to point to them either."""
    strength: dict[str, Any] = {} if is_whole else KEY_STAYS
    try:
        session().execute(select(model.id).where(which).order_by(model.id).with_for_update(nowait=True, **strength))
    except OperationalError as error:
        raise Conflict(BUSY) from error


def _join_families(merge: OrganisationMerge, former: Organisation, into: Organisation) -> None:
    """Set the parent of the one that goes on, and keep the other one's the same, so that its words have that family."""
    chain = _above(into)
    if former.id in chain[1:]:
        raise Invalid(INSIDE.format(into.name, former.name))
    if chain[:1] == [former.id] or (into.parent_id is None and into.id not in _above(former)):
        _set(merge, into, "parent_id", former.parent_id)
    _set(merge, former, "parent_id", into.parent_id)
    session().flush()
    _keep_invitations(merge)


def _keep_invitations(merge: OrganisationMerge) -> None:
    """Whoever was invited to sign for the former one is invited as a member: the others did not choose them."""
    signing = select(Invitation).where(Invitation.organisation_id == merge.former_id, Invitation.role == "signatory")
    for invitation in session().scalars(signing).all():
        _set(merge, invitation, "role", "member")
    session().flush()


def _above(organisation: Organisation) -> list[int]:
    """The organisations it is a part of, the nearest first."""
    found: list[int] = []
    above = organisation.parent_id
    while above is not None and above not in found:
        found.append(above)
        above = session().scalar(select(Organisation.parent_id).where(Organisation.id == above))
    return found


def _join_members(merge: OrganisationMerge, signing: frozenset[int], into: Organisation) -> None:
    """One membership for each person. Who signed for the former one signs for the other only where it was said so."""
    rows = session().scalars(
        select(Membership)
        .where(Membership.organisation_id.in_((merge.former_id, merge.into_id)), Membership.state.in_(IN_ORDER))
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    there = {row.person_id: row for row in _memberships(merge.into_id)}
    for row in [row for row in rows if row.organisation_id == merge.former_id]:
        mine = there.get(row.person_id, row)
        is_signing = row.person_id in signing and row.is_signatory and row.state == "member"
        if mine is not row:
            if IN_ORDER.get(mine.state, 0) < IN_ORDER[row.state]:
                _set(merge, mine, "state", row.state)
            _set(merge, row, "state", "left")
            _set(merge, row, "is_signatory", False)
            is_signing = is_signing or mine.is_signatory
        _set(merge, mine, "is_signatory", is_signing)
    session().flush()
    signs = Membership.state == "member", Membership.is_signatory
    is_signed = select(Membership.id).where(Membership.organisation_id == merge.into_id, *signs).exists()
    chosen = any(row.is_signatory for row in rows if row.organisation_id == merge.former_id and row.state == "member")
    had = any(row.state == "member" for row in rows)
    if had and not chosen and not session().scalar(select(is_signed)):
        raise Invalid(NOBODY_SIGNS.format(into.name), "signing")


def _memberships(organisation_id: int) -> Collection[Membership]:
    return session().scalars(select(Membership).where(Membership.organisation_id == organisation_id)).all()


def _move(merge: OrganisationMerge, refers: Refers) -> None:
    """Let the rows point to the one that goes on; where such a row is there already, the former one's stays as it is."""
    table, name = cast(Table, refers.model.__table__), refers.column.key
    moved = select(table.c.id).where(table.c[name] == merge.former_id)
    if refers.alone_with:
        there = table.alias()
        same = [there.c[other] == table.c[other] for other in refers.alone_with]
        moved = moved.where(~select(there.c.id).where(there.c[name] == merge.into_id, *same).exists())
    for row_id in session().scalars(moved.order_by(table.c.id)).all():
        _note(merge, table, row_id, name, merge.former_id, merge.into_id)
        session().execute(update(table).where(table.c.id == row_id).values({name: merge.into_id}))
    session().expire_all()


def _set(merge: OrganisationMerge, row: Base, name: str, value: Any) -> None:
    before = getattr(row, name)
    if before != value:
        _note(merge, type(row).__table__, row.id, name, before, value)
        setattr(row, name, value)


def _note(merge: OrganisationMerge, table: Any, row_id: int, name: str, before: Any, after: Any) -> None:
    kept = {"before": json.dumps(before), "after": json.dumps(after)}
    session().add(MergedValue(merge_id=merge.id, table=table.name, row_id=row_id, column=name, **kept))


def _is_free(table: Table, column: Any, before: Any) -> ColumnElement[bool]:
    """Where a value stands once, whether it can stand there again: somebody may have put another row there since."""
    refers = next((one for one in REFERS if one.model.__table__ is table and one.column.key == column.key), None)
    if refers is None or not refers.alone_with:
        return true()
    there = table.alias()
    same = [there.c[other] == table.c[other] for other in refers.alone_with]
    return ~select(there.c.id).where(there.c[column.key] == before, *same).correlate(table).exists()


def _is(column: Any, value: Any) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value  # type: ignore[no-any-return]
