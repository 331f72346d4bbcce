"""What the reading room shows of a version: its pages, its contents, the clauses of one page, neighbours.

Every function takes a version as `queries.version()` gave it to this viewer: whoever may see the version
may see all of its text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.core.db import db
from consult.core.errors import Missing
from consult.core.rules import Actor

from .lines import lines_of
from .models import Clause, ClauseTally, DraftVersion, ReadingPage

DEEPEST = 2  # headings further down are not in the contents
FARTHEST_IN = 2  # further levels are set like this one: a phone has no room for more
LONGEST = 400  # lines of contents; longer ones show only the part one is in, and the parts around it
LINE = (Clause.rank, Clause.key, Clause.label, Clause.title, Clause.text, Clause.depth, Clause.is_heading)
NO_CLAUSE = "There is no such clause in this version of the draft."


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: a heading, or a page that goes on in the middle of one."""

    page: str
    key: str
    rank: int
    label: str
    title: str
    depth: int
    count: int  # comments on the clauses from here to the next line
    is_above: bool  # it has lines of its own below it
    is_here: bool  # on this page
    is_continued: bool = False  # a page that begins in the middle of a part


@dataclass(frozen=True, slots=True)
class Part:
    """A top heading with the lines below it; `count` sums up all of them."""

    head: Entry
    entries: Sequence[Entry]
    count: int
    is_here: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a version as seen from one of its pages, and the pages before and after it."""

    parts: Sequence[Part]
    counts: Mapping[str, int]  # comments below each heading, by its key
    place: int  # of this page, from 1
    total: int
    previous: ReadingPage | None
    next: ReadingPage | None
    is_cut: bool  # too long to be shown whole

    def at(self, rank: int | None) -> str:
        """The key of the line one is at: the last before a clause's rank; without one the page's first with text."""
        here = [entry for part in self.parts for entry in (part.head, *part.entries) if entry.is_here]
        if rank is not None:
            here = [entry for entry in here if entry.rank <= rank][-1:]
        return next((entry.key for entry in here if not entry.is_above), here[0].key if here else "")


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


def pages(*, viewer: Actor, version: DraftVersion) -> Sequence[ReadingPage]:
    """The pages of a version in order."""
    return db.session.scalars(
        select(ReadingPage).where(ReadingPage.version_id == version.id).order_by(ReadingPage.rank)
    ).all()


def contents(*, viewer: Actor, version: DraftVersion, pages: Sequence[ReadingPage], here: ReadingPage) -> Contents:
    """The contents of the version with `here`, one of its `pages`, marked. Two statements."""
    lines = db.session.execute(
        select(*LINE, Clause.page_id, ReadingPage.key.label("page_key"), ReadingPage.title.label("page_title"))
        .join(Clause.page)
        .where(
            Clause.version_id == version.id,
            or_(Clause.is_heading & (Clause.depth <= DEEPEST), Clause.key == ReadingPage.key),
        )
        .order_by(Clause.rank)
    ).all()
    spoken = db.session.execute(
        select(Clause.rank, Clause.comment_count)
        .where(Clause.version_id == version.id, Clause.comment_count > 0)
        .order_by(Clause.rank)
    ).all()
    counts = _counts([line.rank for line in lines], spoken)
    flat = [_entry(line, lines[i + 1 : i + 2], counts[i], here) for i, line in enumerate(lines)]
    parts = _parts(flat)
    is_cut = len(flat) > LONGEST
    place = next(i for i, page in enumerate(pages) if page.id == here.id)
    return Contents(
        parts=_shortened(parts) if is_cut else parts,
        counts={entry.key: count for entry, count in zip(flat, _with_below(flat, counts), strict=True)},
        place=place + 1,
        total=len(pages),
        previous=pages[place - 1] if place else None,
        next=pages[place + 1] if place + 1 < len(pages) else None,
        is_cut=is_cut,
    )


def _counts(starts: Sequence[int], spoken: Iterable[tuple[int, int]]) -> list[int]:
    """Comments from each start (a rank) up to the next."""
    counts = [0] * len(starts)
    for rank, count in spoken:
        counts[max(0, bisect_right(starts, rank) - 1)] += count
    return counts


def _entry(line: Any, following: Sequence[Any], count: int, here: ReadingPage) -> Entry:
    is_continued = not line.is_heading
    title = line.page_title if is_continued else line.title or line.text
    is_above = bool(following) and following[0].is_heading and following[0].depth > line.depth
    return Entry(
        page=line.page_key, key=line.key, rank=line.rank, label=line.label, title=title, depth=DEEPEST if is_continued else line.depth,
        count=count, is_above=is_above and not is_continued, is_here=line.page_id == here.id, is_continued=is_continued,
    )  # fmt: skip


def _with_below(flat: Sequence[Entry], counts: Sequence[int]) -> list[int]:
    """For each line its count with those of all lines below it."""
    sums, open_lines = list(counts), list[int]()
    for place, entry in enumerate(flat):
        while open_lines and flat[open_lines[-1]].depth >= entry.depth:
            open_lines.pop()
        for above in open_lines:
            sums[above] += counts[place]
        open_lines.append(place)
    return sums


def _parts(flat: Iterable[Entry]) -> Sequence[Part]:
    parts = list[list[Entry]]()
    for entry in flat:
        if entry.depth and parts:
            parts[-1].append(entry)
        else:
            parts.append([entry])
    return [
        Part(lines[0], lines[1:], sum(line.count for line in lines), any(line.is_here for line in lines))
        for lines in parts
    ]


def _shortened(parts: Sequence[Part]) -> Sequence[Part]:
    """The part one is in, with its lines nearest to the page, and the heads of the parts around it."""
    place = next((i for i, part in enumerate(parts) if part.is_here), 0)
    near = parts[max(0, place - LONGEST // 8) : place + LONGEST // 8]
    return [replace(part, entries=_nearest(part.entries) if part.is_here else ()) for part in near]


def _nearest(entries: Sequence[Entry]) -> Sequence[Entry]:
    place = next((i for i, entry in enumerate(entries) if entry.is_here), 0)
    return entries[max(0, place - LONGEST // 4) : place + LONGEST // 4]


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


def at_line(*, viewer: Actor, version: DraftVersion, number: int) -> Clause:
    """The clause that a line of the numbered text belongs to; Missing says how many lines there are."""
    clause = db.session.scalars(
        select(Clause)
        .where(Clause.version_id == version.id, Clause.line <= number)
        .order_by(Clause.line.desc())
        .limit(1)
    ).first()  # fmt: skip
    if clause is None:
        raise Missing("Lines are numbered from 1.")
    last = clause.line + len(lines_of(clause)) - 1
    if number > last:
        raise Missing(f"This version has {last:,} lines.")
    return clause


def around(*, viewer: Actor, version: DraftVersion, key: str) -> Around:
    """One clause in its context, in five statements whatever its depth."""
    if "\0" in key:  # PostgreSQL takes no such text, and no key has one
        raise Missing(NO_CLAUSE)
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


def levels(clauses: Sequence[Clause]) -> list[int]:
    """How far in each clause is set, from 0: as far as it lies below the last heading, two levels at most."""
    found = []
    base = min((c.depth for c in clauses), default=0) - 1
    for clause in clauses:
        base = clause.depth if clause.is_heading else base
        found.append(max(0, min(FARTHEST_IN, clause.depth - base - 1)))
    return found


def _above(clause: Clause) -> Sequence[Clause]:
    """The ancestors of a clause, outermost first, in one recursive statement."""
    step = select(Clause.id, Clause.parent_id).where(Clause.id == clause.parent_id).cte("above", recursive=True)
    step = step.union_all(select(Clause.id, Clause.parent_id).join(step, Clause.id == step.c.parent_id))
    return db.session.scalars(select(Clause).where(Clause.id.in_(select(step.c.id))).order_by(Clause.rank)).all()
