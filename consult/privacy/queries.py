"""What is read about people’s own data: always the viewer's, or by the system, which makes copies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import false, func, select, true
from sqlalchemy.orm import aliased

from consult.accounts.models import Membership, Organisation, Person, RoleGrant
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.jobs import Job
from consult.core.personal import HELD, Held, whom
from consult.core.records import Record
from consult.core.rules import Actor

from . import inventory
from .inventory import Table
from .models import DataCopy, Erasure

KEPT = timedelta(days=7)
MONTH = timedelta(days=30)  # unconfirmed accounts and written mails
GONE = "There is no copy here. It is kept for seven days; you can ask for a new one."
STUCK = timedelta(hours=1)  # then one may ask again


class DataPage(Record):
    """What somebody can do with her own data."""

    copy: DataCopy | None
    gone_at: datetime | None
    erasure: Erasure | None

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
    return DataPage(copy, copy.ready_at + KEPT if copy and copy.ready_at else None, pending_erasure(viewer=viewer))


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
        whom(person_id),
    ).mappings()
    return [{n: v for n, v in row.items() if n not in people or v == person_id} for row in rows]


def names(
    *, viewer: Actor, consultations: Collection[int], organisations: Collection[int]
) -> dict[tuple[str, int], str]:
    """What some consultations and organisations are called: (column that leads to it, id) → name; for the system."""
    mine = true() if viewer.is_system else false()
    titles = select(Consultation.id, Consultation.title).where(Consultation.id.in_(consultations), mine)
    called = select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisations), mine)
    found = {("consultation_id", row_id): title for row_id, title in db.session.execute(titles)}
    return found | {("organisation_id", row_id): name for row_id, name in db.session.execute(called)}


def fading_key(day: date) -> str:
    """What marks the job of a day that forgets what is old enough."""
    return f"fade {day}"


def is_fading_ordered(*, viewer: Actor, day: date) -> bool:
    """Whether there is that job."""
    return db.session.scalars(select(Job.id).where(Job.dedupe_key == fading_key(day))).first() is not None


def pending_erasure(*, viewer: Actor) -> Erasure | None:
    """That the viewer asked to be erased, until it is done."""
    mine = select(Erasure).where(Erasure.person_id == viewer.person_id, Erasure.done_at.is_(None))
    return db.session.scalars(mine).first()


def erasure_due(*, viewer: Actor, erasure_id: int) -> Erasure | None:
    """An erasure whose day has come and that was not taken back."""
    due = select(Erasure).where(Erasure.id == erasure_id, Erasure.done_at.is_(None), Erasure.due_at <= clock.now())
    return db.session.scalars(due.where(true() if viewer.is_system else false())).first()


class Bond(Record):
    """What somebody must hand over before she can go: a sentence, and where to do it."""

    sentence: str
    consultation: str = ""  # slugs
    organisation: str = ""


def bonds(*, viewer: Actor, person_id: int) -> Sequence[Bond]:
    """Where a person is the only one: as organiser, as signatory with other members, as administrator."""
    if not viewer.is_system and viewer.person_id != person_id:
        return []
    return [*_led_alone(person_id), *_signed_alone(person_id), *_run_alone(person_id)]


def _led_alone(person_id: int) -> Iterator[Bond]:
    other = aliased(RoleGrant)
    others = select(other.id).where(
        other.consultation_id == RoleGrant.consultation_id, other.role == "organiser", other.person_id != person_id
    )
    alone = (
        select(Consultation.title, Consultation.slug)
        .join(RoleGrant, RoleGrant.consultation_id == Consultation.id)
        .where(RoleGrant.person_id == person_id, RoleGrant.role == "organiser", ~others.exists())
        .order_by(Consultation.id)
    )
    for title, slug in db.session.execute(alone):
        name = title or "a consultation without a title"
        yield Bond(f"You are the only organiser of {name}. Make somebody else an organiser first.", consultation=slug)


def _signed_alone(person_id: int) -> Iterator[Bond]:
    other = aliased(Membership)
    others = select(other.id).where(
        other.organisation_id == Membership.organisation_id, other.state == "member", other.person_id != person_id
    )
    alone = (
        select(Organisation.name, Organisation.slug)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.state == "member", Membership.is_signatory)
        .where(others.exists(), ~others.where(other.is_signatory).exists())
        .order_by(Organisation.name)
    )
    for name, slug in db.session.execute(alone):
        yield Bond(f"Only you sign for {name}. Make another member a signatory first.", organisation=slug)


def _run_alone(person_id: int) -> Iterator[Bond]:
    there = select(Person.id).where(Person.is_administrator, Person.suspended_at.is_(None))
    if db.session.scalars(there).all() == [person_id]:
        yield Bond("You are the only administrator of this site. Make somebody else one first.")


class Fate(Record):
    """What an erasure does to one kind of rows, of which somebody has `count`."""

    table: Table
    count: int

    @property
    def emptied(self) -> Sequence[str]:
        """What in rows that stay is emptied, in plain words."""
        gone = (column for column in self.table.columns if column.erased == "blanked" != self.table.erased)
        return [column.what for column in gone if column.is_copied]


class ErasurePage(Record):
    """What goes, what stays and why, and what must be handed over first."""

    going: Sequence[Fate]
    staying: Sequence[Fate]
    bonds: Sequence[Bond]
    erasure: Erasure | None


def erasure_page(*, viewer: Actor) -> ErasurePage:
    """What an erasure would do to the viewer, counted in one statement."""
    person_id = viewer.person_id or 0
    whole = [held for held in HELD if not held.only and held.is_copied]
    counts = [select(func.count()).select_from(h.model).where(h.whose).scalar_subquery() for h in whole]
    found: dict[str, int] = {}
    for held, count in zip(whole, db.session.execute(select(*counts), whom(person_id)).one(), strict=True):
        found[held.model.__tablename__] = found.get(held.model.__tablename__, 0) + count
    fates = [Fate(table, found[name]) for name, table in inventory.tables().items() if found.get(name)]
    return ErasurePage(
        [fate for fate in fates if fate.table.erased != "kept"], [fate for fate in fates if fate.table.erased == "kept"],
        bonds(viewer=viewer, person_id=person_id), pending_erasure(viewer=viewer),
    )  # fmt: skip


def unconfirmed(*, viewer: Actor) -> Sequence[int]:
    """People who made an account a month ago and never confirmed their address."""
    old = (Person.email_verified_at.is_(None), Person.suspended_at.is_(None), Person.created_at < clock.now() - MONTH)
    return db.session.scalars(select(Person.id).where(*old, true() if viewer.is_system else false())).all()


def copy_names(*, viewer: Actor) -> set[str]:
    """The files that some copy is in."""
    return set(db.session.scalars(select(DataCopy.name).where(true() if viewer.is_system else false())))


def _is_kept() -> Any:
    return DataCopy.ready_at.is_(None) | (DataCopy.ready_at >= clock.now() - KEPT)
