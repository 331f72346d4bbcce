"""What the reading room shows of a version: its pages, its contents, the clauses of one page, neighbours.

Every function takes a version as `queries.version()` gave it to this viewer: whoever may see the version
may see all of its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, exists, false, func, select, true, union_all
from sqlalchemy.orm import aliased, joinedload

from consult.core.db import db, read_rows
from consult.core.errors import Missing
from consult.core.records import Record, field, replace
from consult.core.rules import Actor

from .exporters import held
from .exporters import markdown as exported
from .exporters.rows import units_of
from .lines import lines_of
from .models import Clause, DraftVersion, Picture, ReadingPage
from .parsed import PictureFile

DEEPEST = 2  # headings further down are not in the contents
FARTHEST_IN = 2  # further levels are set like this one: a phone has no room for more
LONGEST = 400  # lines of contents; longer ones show only the part one is in, and the parts around it
NEAR = LONGEST // 4  # lines before and after the page that are shown of longer ones; half as many parts
NO_CLAUSE = "There is no such clause in this version of the draft."

# Statements that are built once.
_VERSION = bindparam("version_id", type_=BigInteger)
_RANK = bindparam("rank", type_=BigInteger)  # of the page one is on
_LINE = (
    Clause.rank.label("rank"), Clause.key, Clause.label, Clause.title, Clause.text, Clause.depth, Clause.page_id,
    ReadingPage.key.label("page_key"), ReadingPage.title.label("page_title"),
)  # fmt: skip
# The lines that are headings. The place of a page is joined by its key, not by its words.
_HEADINGS = (
    select(*_LINE, Clause.total_count.label("count"), false().label("is_continued"))
    .join(Clause.page)
    .where(Clause.version_id == _VERSION, Clause.is_heading, Clause.depth <= DEEPEST)
)
_OTHER = aliased(ReadingPage)
_THIS = select(_OTHER.rank).where(_OTHER.version_id == _VERSION, _OTHER.key == bindparam("key")).scalar_subquery()
_NEIGHBOURS = (
    select(
        ReadingPage,
        select(func.count())
        .select_from(_HEADINGS.with_only_columns(Clause.id).limit(LONGEST + 1).subquery())
        .scalar_subquery(),
        select(func.max(_OTHER.rank)).where(_OTHER.version_id == _VERSION).scalar_subquery(),
    )
    .where(ReadingPage.version_id == _VERSION, ReadingPage.rank.between(_THIS - 1, _THIS + 1))
    .order_by(ReadingPage.rank)
)


def _continued() -> Any:
    """The lines that are pages which begin in the middle of a part, with the comments up to their first heading."""
    unit, heading = aliased(Clause), aliased(Clause)
    earlier_heading = exists().where(heading.page_id == unit.page_id, heading.is_heading, heading.rank <= unit.rank)
    spoken = (
        select(func.coalesce(func.sum(unit.comment_count), 0))
        .where(unit.page_id == ReadingPage.id, unit.comment_count > 0, ~earlier_heading)
        .scalar_subquery()
    )
    return (
        select(*_LINE, spoken.label("count"), true().label("is_continued"))
        .join(ReadingPage, (Clause.version_id == ReadingPage.version_id) & (Clause.key == ReadingPage.key))
        .where(ReadingPage.version_id == _VERSION, ~Clause.is_heading)
        .where(ReadingPage.rank.between(_RANK - NEAR, _RANK + NEAR))
    )


def _near() -> Any:
    """Of very many lines the nearest before and after the beginning of a page, and the nearest top headings."""
    page = bindparam("page_id", type_=BigInteger)
    start = select(func.min(Clause.rank)).where(Clause.page_id == page).scalar_subquery()
    ids = _HEADINGS.with_only_columns(Clause.id)
    sides = (
        ids.where(Clause.rank < start).order_by(Clause.rank.desc()),
        ids.where(Clause.rank >= start).order_by(Clause.rank),
    )
    nearest = [side.limit(NEAR).subquery() for side in sides]
    nearest += [side.where(Clause.depth == 0).limit(NEAR // 2).subquery() for side in sides]
    return _HEADINGS.where(Clause.id.in_(union_all(*(select(part.c.id) for part in nearest))))


def _beside() -> Any:
    """What a clause hangs from, what hangs from it, and the clauses right before and behind it, in order."""
    its, place = Clause.version_id == _VERSION, bindparam("place", type_=BigInteger)
    step = select(Clause.id, Clause.parent_id).where(Clause.id == bindparam("parent_id", type_=BigInteger))
    above = step.cte("above", recursive=True)
    above = above.union_all(select(Clause.id, Clause.parent_id).join(above, Clause.id == above.c.parent_id))
    previous = select(Clause.id).where(its, Clause.rank < place).order_by(Clause.rank.desc()).limit(1)
    following = select(Clause.id).where(its, Clause.rank > place).order_by(Clause.rank).limit(1)
    below = select(Clause.id).where(its, Clause.parent_id == bindparam("clause_id", type_=BigInteger))
    parts = (select(above.c.id), select(previous.subquery().c.id), select(following.subquery().c.id), below)
    return select(Clause).where(Clause.id.in_(union_all(*parts))).order_by(Clause.rank)


_BESIDE = _beside()
_CLAUSE = (
    select(Clause).options(joinedload(Clause.page)).where(Clause.version_id == _VERSION, Clause.key == bindparam("key"))
)
_SHORT: Any = union_all(_HEADINGS, _continued()).order_by("rank")
_LONG: Any = union_all(_near(), _continued()).order_by("rank")
_CLAUSES = select(Clause).where(Clause.page_id == bindparam("page_id", type_=BigInteger)).order_by(Clause.rank)


class Entry(NamedTuple):  # a page has hundreds: dataclasses are slower to make
    """One line of the contents: a heading, or a page that goes on in the middle of one."""

    page: str
    key: str
    rank: int
    label: str
    title: str
    depth: int
    comments: int  # on it and below it; of a page that goes on: up to its first heading
    is_above: bool  # it has lines of its own below it
    is_here: bool  # on this page
    is_continued: bool = False  # a page that begins in the middle of a part


class Part(Record):
    """A top heading with the lines below it; `count` is of all of them. Values only: see `once`."""

    head: Entry
    entries: tuple[Entry, ...]
    count: int
    is_here: bool


class Contents(Record):
    """The contents of a version as seen from one of its pages, and the pages before and after it."""

    parts: Sequence[Part]
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


class Around(Record):
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


class Pages(Record):
    """A page and those right before and after it, in order, and how large the version is."""

    near: Sequence[ReadingPage]
    headings: int  # in the contents, counted up to one more than LONGEST
    last_rank: int  # of the last page


def pages(*, viewer: Actor, version: DraftVersion, key: str) -> Pages:
    """The page called `key` and its neighbours; none when there is no such page."""
    rows = db.session.execute(_NEIGHBOURS, {"version_id": version.id, "key": key}).all()
    _page, headings, last_rank = rows[0] if rows else (None, 0, 0)
    return Pages([page for page, *_ in rows], headings, last_rank)


def contents(*, viewer: Actor, version: DraftVersion, pages: Pages, key: str) -> Contents:
    """The contents of the version as seen from the page called `key`, of which `pages` are.

    One statement, which reads no more lines than are shown, however long the text is.
    """
    near, last_rank = pages.near, pages.last_rank
    here = next(page for page in near if page.key == key)
    is_long = pages.headings > LONGEST
    of = {"version_id": version.id, "rank": here.rank} | ({"page_id": here.id} if is_long else {})
    rows = read_rows(_LONG if is_long else _SHORT, of).all()
    lines = [_Line(*row) for row in rows]
    parts = _parts(_entry(line, following, here) for line, following in zip_longest(lines, lines[1:]))
    place = near.index(here)
    return Contents(
        parts=[replace(part, entries=part.entries if part.is_here else ()) for part in parts] if is_long else parts,
        place=here.rank + 1,
        total=last_rank + 1,
        previous=near[place - 1] if place else None,
        next=near[place + 1] if place + 1 < len(near) else None,
        is_cut=is_long or (last_rank > 2 * NEAR and any(line.is_continued for line in lines)),
    )


class _Line(NamedTuple):
    """What a line of the contents is made of."""

    rank: int
    key: str
    label: str
    title: str
    text: str
    depth: int
    page_id: int
    page_key: str
    page_title: str
    comments: int
    is_continued: bool


def _entry(line: _Line, following: _Line | None, here: ReadingPage) -> Entry:
    is_above = following is not None and not following.is_continued and following.depth > line.depth
    return Entry(
        page=line.page_key, key=line.key, rank=line.rank, label=line.label,
        title=line.page_title if line.is_continued else line.title or line.text,
        depth=DEEPEST if line.is_continued else line.depth, comments=line.comments,
        is_above=is_above and not line.is_continued, is_here=line.page_id == here.id, is_continued=line.is_continued,
    )  # fmt: skip


def _parts(flat: Iterable[Entry]) -> Sequence[Part]:
    parts = list[list[Entry]]()
    for entry in flat:
        if entry.depth and parts:
            parts[-1].append(entry)
        else:
            parts.append([entry])
    return [Part(lines[0], tuple(lines[1:]), lines[0].comments, any(line.is_here for line in lines)) for lines in parts]


def clauses(*, viewer: Actor, page: ReadingPage) -> Sequence[Clause]:
    """The clauses of a page in order."""
    return db.session.scalars(_CLAUSES, {"page_id": page.id}).all()


def text(*, viewer: Actor, version: DraftVersion) -> Sequence[Clause]:
    """All clauses of a version in order, for paper."""
    return db.session.scalars(select(Clause).where(Clause.version_id == version.id).order_by(Clause.rank)).all()


def headings(*, viewer: Actor, version: DraftVersion, deepest: int) -> Sequence[Clause]:
    """The headings of a version in order, down to a depth from 0."""
    return db.session.scalars(
        select(Clause)
        .where(Clause.version_id == version.id, Clause.is_heading, Clause.depth <= deepest)
        .order_by(Clause.rank)
    ).all()


def markdown(*, viewer: Actor, version: DraftVersion) -> str:
    """A version (as `version()` gave it to this viewer) as Markdown that is read as the same clauses again."""
    rows, along = text(viewer=viewer, version=version), pictures(viewer=viewer, version=version)
    return exported.write(version.draft.title, units_of(rows, version.number), pictures=along)


def pictures(*, viewer: Actor, version: DraftVersion) -> Mapping[str, str]:
    """The pictures of a version by name, as addresses that hold them, for a text in one file."""
    found = db.session.execute(
        select(Picture.name, Picture.media_type, Picture.data)
        .where(Picture.version_id == version.id)
        .order_by(Picture.id)
        .execution_options(yield_per=10)
    )
    return held.addresses((row.name, PictureFile(row.media_type, row.data)) for row in found)


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
    """One clause in its context, in three statements whatever its depth."""
    if "\0" in key:  # PostgreSQL takes no such text, and no key has one
        raise Missing(NO_CLAUSE)
    clause = db.session.scalars(_CLAUSE, {"version_id": version.id, "key": key}).first()
    if clause is None:
        raise Missing(NO_CLAUSE)
    near = {"version_id": version.id, "clause_id": clause.id, "parent_id": clause.parent_id, "place": clause.rank}
    beside = db.session.scalars(_BESIDE, near).all()
    before, behind = ([c for c in beside if c.rank < clause.rank], [c for c in beside if c.rank > clause.rank])
    return Around(
        clause=clause,
        above=_above(clause, before),
        below=() if clause.is_heading else [c for c in behind if c.parent_id == clause.id],
        previous=before[-1] if before else None,
        next=behind[0] if behind else None,
    )


def _above(clause: Clause, before: Sequence[Clause]) -> Sequence[Clause]:
    """The ancestors of a clause, outermost first."""
    known, found = {c.id: c for c in before}, list[Clause]()
    while (parent := known.get((found[0] if found else clause).parent_id or 0)) is not None:
        found.insert(0, parent)
    return found


def levels(clauses: Sequence[Clause]) -> list[int]:
    """How far in each clause is set, from 0: as far as it lies below the last heading, two levels at most."""
    found = []
    base = min((c.depth for c in clauses), default=0) - 1
    for clause in clauses:
        base = clause.depth if clause.is_heading else base
        found.append(max(0, min(FARTHEST_IN, clause.depth - base - 1)))
    return found
