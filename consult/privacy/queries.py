"""What is read about people’s own data: always the viewer's, or by the system, which makes copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import false, select, true

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.jobs import Job
from consult.core.personal import Held
from consult.core.rules import Actor

from . import inventory
from .models import DataCopy

KEPT = timedelta(days=7)
GONE = "There is no copy here. It is kept for seven days; you can ask for a new one."
STUCK = timedelta(hours=1)  # then one may ask again


@dataclass(frozen=True, slots=True)
class DataPage:
    """What somebody can do with her own data."""

    copy: DataCopy | None
    gone_at: datetime | None

    @property
    def is_being_made(self) -> bool:
        return self.copy is not None and self.copy.ready_at is None and self.copy.asked_at > clock.now() - STUCK


def data_page(*, viewer: Actor) -> DataPage:
    """The viewer's copy, and how far it is."""
    copy = db.session.scalars(
        select(DataCopy)
        .where(DataCopy.person_id == viewer.person_id, _is_kept())
        .execution_options(populate_existing=True)
    ).first()
    return DataPage(copy, copy.ready_at + KEPT if copy and copy.ready_at else None)


def ready_copy(*, viewer: Actor) -> DataCopy:
    """The viewer's copy once it is ready; Missing before, and after seven days."""
    copy = data_page(viewer=viewer).copy
    if copy is None or copy.ready_at is None:
        raise Missing(GONE)
    return copy


def copy_to_make(*, viewer: Actor, copy_id: int) -> DataCopy | None:
    """A copy that was asked for and is not ready."""
    mine = true() if viewer.is_system else false()
    return db.session.scalars(select(DataCopy).where(DataCopy.id == copy_id, DataCopy.ready_at.is_(None), mine)).first()


def owner(*, viewer: Actor, copy: DataCopy) -> Person:
    """Whose copy it is."""
    return db.session.get_one(Person, copy.person_id)


def rows_of(*, viewer: Actor, held: Held, person_id: int) -> Sequence[Mapping[str, Any]]:
    """What one line of the declarations holds of a person, with the columns that come into a copy.

    Ids of other people are left out.
    """
    table = held.model.__table__
    names = [n for n in inventory.tables()[held.model.__tablename__].copied if not held.only or n in held.only]
    people = {c.name for c in table.columns if any(k.target_fullname == "person.id" for k in c.foreign_keys)}
    columns = [table.c.id, *(table.c[name] for name in names)]
    rows = db.session.execute(
        select(*columns).where(held.whose, true() if viewer.is_system else false()).order_by(table.c.id),
        {"person_id": person_id},
    ).mappings()
    return [{n: v for n, v in row.items() if n not in people or v == person_id} for row in rows]


def fading_key(day: date) -> str:
    """What marks the job of a day that forgets what is old enough."""
    return f"fade {day}"


def is_fading_ordered(*, viewer: Actor, day: date) -> bool:
    """Whether there is that job."""
    return db.session.scalars(select(Job.id).where(Job.dedupe_key == fading_key(day))).first() is not None


def copy_names(*, viewer: Actor) -> set[str]:
    """The files that some copy is in."""
    return set(db.session.scalars(select(DataCopy.name).where(true() if viewer.is_system else false())))


def _is_kept() -> Any:
    return DataCopy.ready_at.is_(None) | (DataCopy.ready_at >= clock.now() - KEPT)
