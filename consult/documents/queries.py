"""Everything read about drafts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.rules import Actor

from .models import Clause, ClauseTally, Draft, DraftVersion


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Frozen versions of visible consultations; unfrozen ones for the staff. Needs a join to Consultation."""
    if viewer.is_administrator or viewer.is_system:
        return Consultation.id.is_not(None)
    frozen = DraftVersion.frozen_at.is_not(None) & consultations.visible_to(viewer)
    return or_(frozen, Consultation.id.in_(viewer.staff_of))


def versions(*, viewer: Actor, consultation_id: int) -> Sequence[DraftVersion]:
    """The versions of a consultation's draft this viewer may see, newest first."""
    return db.session.scalars(
        select(DraftVersion)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .options(contains_eager(DraftVersion.draft).contains_eager(Draft.consultation), joinedload(DraftVersion.round))
        .where(Draft.consultation_id == consultation_id, visible_to(viewer))
        .order_by(DraftVersion.number.desc())
    ).all()


def version(*, viewer: Actor, consultation_id: int, number: int | None = None) -> DraftVersion:
    """One version (the newest without `number`); Missing when it is not there for this viewer."""
    for row in versions(viewer=viewer, consultation_id=consultation_id):
        if number is None or row.number == number:
            return row
    raise Missing("There is no such version of the draft, or it is not public yet.")


def clauses(*, viewer: Actor, version: DraftVersion, keys: Sequence[str]) -> Sequence[Clause]:
    """Clauses of a version (as `version()` gave it to this viewer) by their keys, in the order of the text.

    Raises Missing if one of the keys is not there.
    """
    rows = db.session.scalars(
        select(Clause)
        .options(joinedload(Clause.page), selectinload(Clause.tallies).joinedload(ClauseTally.position))
        .where(Clause.version_id == version.id, Clause.key.in_(keys))
        .order_by(Clause.rank)
    ).all()
    if len(rows) != len(set(keys)):
        raise Missing("There is no such clause in this version of the draft.")
    return rows
