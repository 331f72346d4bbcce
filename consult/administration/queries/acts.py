"""Administrative acts, read by those who run the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Organisation, Person
from consult.core import clock
from consult.core.db import db
from consult.core.paging import Listing
from consult.core.rules import Actor, administrators

from ..models import VERBS, AdministrativeAct
from .listing import by_id

FEW = 20
STEP = 500
LOADED = (
    joinedload(AdministrativeAct.by), joinedload(AdministrativeAct.person), joinedload(AdministrativeAct.consultation),
)  # fmt: skip


def kept_for(viewer: Actor) -> ColumnElement[bool]:
    """All acts for those who run the site, until their time is over; none for others."""
    return AdministrativeAct.kept_until > clock.now() if administrators(viewer) else AdministrativeAct.id.is_(None)


def newest(*, viewer: Actor, where: Sequence[ColumnElement[bool]]) -> Sequence[AdministrativeAct]:
    """The last few acts about one thing."""
    rows = select(AdministrativeAct).options(*LOADED).where(kept_for(viewer), *where)
    return db.session.scalars(rows.order_by(AdministrativeAct.id.desc()).limit(FEW)).all()


def narrowed(viewer: Actor, verb: str, text: str) -> list[ColumnElement[bool]]:
    """Acts of one kind, and with words in the reason, or in the name or address of who did it or whom it was about."""
    where = [kept_for(viewer), *([AdministrativeAct.verb == verb] if verb in VERBS else [])]
    for word in text.split()[:8]:
        told = Person.name.icontains(word, autoescape=True) | Person.email.icontains(word, autoescape=True)
        people = select(Person.id).where(told)
        where.append(
            AdministrativeAct.reason.icontains(word, autoescape=True)
            | AdministrativeAct.by_name.icontains(word, autoescape=True)
            | AdministrativeAct.by_id.in_(people)
            | AdministrativeAct.person_id.in_(people)
        )
    return where


def acts(
    *, viewer: Actor, verb: str = "", text: str = "", after: str | None = None, before: str | None = None
) -> Listing[AdministrativeAct]:
    """Acts of one kind or with some words, the newest first."""
    return by_id(viewer, AdministrativeAct, narrowed(viewer, verb, text), after, before, *LOADED)


def every(*, viewer: Actor, verb: str = "", text: str = "") -> Iterator[AdministrativeAct]:
    """All acts that fit, oldest first, some hundred at a time."""
    last = 0
    while True:
        rows: Select[AdministrativeAct] = select(AdministrativeAct).options(*LOADED)
        found = db.session.scalars(
            rows.where(AdministrativeAct.id > last, *narrowed(viewer, verb, text))
            .order_by(AdministrativeAct.id)
            .limit(STEP)
        ).all()
        yield from found
        if len(found) < STEP:
            return
        last = found[-1].id


def organisations(*, viewer: Actor, acts: Sequence[AdministrativeAct]) -> dict[int, Organisation]:
    """The organisations some acts are about, by id; one that is not there any more is left out."""
    ids = {act.organisation_id for act in acts if act.organisation_id is not None}
    if not ids or not administrators(viewer):
        return {}
    return {row.id: row for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
