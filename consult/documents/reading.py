"""What the reading room shows of a version: its pages, its contents, the clauses of one page, neighbours.

Every function takes a version as `queries.version()` gave it to this viewer: whoever may see the version
may see all of its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from consult.core.db import db
from consult.core.errors import Missing
from consult.core.rules import Actor

from .models import Clause, ClauseTally, DraftVersion, ReadingPage

SEPARATOR = " · "  # between the headings in `ReadingPage.crumbs`
LONGEST_CONTENTS = 400  # entries; a longer contents shows the pages of the current part only
NO_CLAUSE = "There is no such clause in this version of the draft."


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the contents. `section`: the heading shown above it, where a new one begins."""

    key: str
    label: str
    title: str
    comment_count: int
    section: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Pages below one top heading; `is_folded`: too long a contents, only the way to its first page is shown."""

    title: str
    entries: Sequence[Entry]
    comment_count: int
    is_here: bool
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a version as seen from one of its pages, and the pages before and after it."""

    parts: Sequence[Part]
    place: int  # of this page, from 1
    total: int
    previous: Entry | None = None
    next: Entry | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """A clause with the headings and sentences it hangs from, and the clauses before and after it."""

    clause: Clause
    above: Sequence[Clause] = field(default_factory=tuple)  # outermost first
    below: Sequence[Clause] = field(default_factory=tuple)  # its points, when it has some
    previous: Clause | None = None
    next: Clause | None = None


def first_page(*, viewer: Actor, version: DraftVersion) -> str:
    """The key of the page a version begins with; Missing when it has no text."""
    key = db.session.scalar(
        select(ReadingPage.key).where(ReadingPage.version_id == version.id).order_by(ReadingPage.rank).limit(1)
    )
    if key is None:
        raise Missing("This version of the draft has no text yet.")
    return key


def page(*, viewer: Actor, version: DraftVersion, key: str) -> ReadingPage:
    """One page of a version."""
    row = db.session.scalars(
        select(ReadingPage).where(ReadingPage.version_id == version.id, ReadingPage.key == key)
    ).first()
    if row is None:
        raise Missing("There is no such page in this version of the draft.")
    return row


def contents(*, viewer: Actor, version: DraftVersion, here: ReadingPage) -> Contents:
    """All pages of the version in the order of the text, with `here` marked."""
    columns = (
        ReadingPage.key, ReadingPage.label, ReadingPage.title, ReadingPage.comment_count, ReadingPage.crumbs,
    )  # fmt: skip
    rows = db.session.execute(
        select(*columns).where(ReadingPage.version_id == version.id).order_by(ReadingPage.rank)
    ).all()
    flat, section_before = [], ""
    for row in rows:
        top, _, section = row.crumbs.partition(SEPARATOR)
        is_new = (top, section) != section_before
        section_before = (top, section)
        flat.append((top, Entry(*row[:4], section=section if is_new else "", is_here=row.key == here.key)))
    place = next(i for i, (_top, entry) in enumerate(flat) if entry.is_here)
    return Contents(
        parts=_parts(flat, is_long=len(flat) > LONGEST_CONTENTS),
        place=place + 1,
        total=len(flat),
        previous=flat[place - 1][1] if place else None,
        next=flat[place + 1][1] if place + 1 < len(flat) else None,
    )


def _parts(flat: Iterable[tuple[str, Entry]], *, is_long: bool) -> Sequence[Part]:
    parts = []
    for title, group in groupby(flat, key=lambda pair: pair[0]):
        entries = [entry for _title, entry in group]
        is_here = any(entry.is_here for entry in entries)
        count = sum(entry.comment_count for entry in entries)
        is_folded = is_long and not is_here and bool(title)
        parts.append(Part(title, entries[:1] if is_folded else entries, count, is_here, is_folded))
    return tuple(parts)


def clauses(*, viewer: Actor, page: ReadingPage) -> Sequence[Clause]:
    """The clauses of a page in order, each with how many comments argue from which position."""
    return db.session.scalars(
        select(Clause)
        .options(selectinload(Clause.tallies).joinedload(ClauseTally.position))
        .where(Clause.page_id == page.id)
        .order_by(Clause.rank)
    ).all()


def text(*, viewer: Actor, version: DraftVersion) -> Sequence[Clause]:
    """All clauses of a version in order, for paper."""
    return db.session.scalars(select(Clause).where(Clause.version_id == version.id).order_by(Clause.rank)).all()


def around(*, viewer: Actor, version: DraftVersion, key: str) -> Around:
    """One clause in its context, in four statements whatever its depth."""
    clause = db.session.scalars(
        select(Clause)
        .options(joinedload(Clause.page), selectinload(Clause.tallies).joinedload(ClauseTally.position))
        .where(Clause.version_id == version.id, Clause.key == key)
    ).first()
    if clause is None:
        raise Missing(NO_CLAUSE)
    same = select(Clause).where(Clause.version_id == version.id)
    below = db.session.scalars(same.where(Clause.parent_id == clause.id).order_by(Clause.rank)).all()
    return Around(
        clause=clause,
        above=_above(clause),
        below=() if clause.is_heading else below,
        previous=db.session.scalars(
            same.where(Clause.rank < clause.rank).order_by(Clause.rank.desc()).limit(1)
        ).first(),
        next=db.session.scalars(same.where(Clause.rank > clause.rank).order_by(Clause.rank).limit(1)).first(),
    )


def _above(clause: Clause) -> Sequence[Clause]:
    """The ancestors of a clause, outermost first, in one recursive statement."""
    step = select(Clause.id, Clause.parent_id).where(Clause.id == clause.parent_id).cte("above", recursive=True)
    step = step.union_all(select(Clause.id, Clause.parent_id).join(step, Clause.id == step.c.parent_id))
    return db.session.scalars(select(Clause).where(Clause.id.in_(select(step.c.id))).order_by(Clause.rank)).all()
