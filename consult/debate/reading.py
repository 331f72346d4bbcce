"""What the reading room shows beside the text: who has spoken about which clause, from which position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from consult.consultations.models import Consultation, Position
from consult.core.errors import Missing
from consult.core.paging import Listing
from consult.core.rules import Actor, Verdict
from consult.documents import queries as documents
from consult.documents import reading as text
from consult.documents.models import Clause, DraftVersion, ReadingPage

from . import queries, rules

SORTS = {"text": "As they came", "discussed": "Most argued", "newest": "Newest"}
FEW = 3  # up to so many comments the mark needs no bars


@dataclass(frozen=True, slots=True)
class Mark:
    """The margin mark of a clause: countable comments, and how many argue from each position."""

    count: int
    shares: Sequence[tuple[Position, int]]

    @property
    def is_few(self) -> bool:
        return self.count <= FEW


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause as it stands on the page; `level` is how far it is set in, from 0."""

    clause: Clause
    mark: Mark
    level: int
    is_above: bool = False  # a heading with headings right below it
    total: int = 0  # comments on a heading and everything below it


@dataclass(frozen=True, slots=True)
class RoomPage:
    """One page of the reading room: the text before, at and after the clause that is open, if one is."""

    version: DraftVersion
    versions: Sequence[DraftVersion]  # those this viewer may see, newest first
    page: ReadingPage
    contents: text.Contents
    before: Sequence[Passage]
    open: Passage | None
    after: Sequence[Passage]
    most: int  # the longest share on the page: the scale of the bars

    @property
    def is_newest(self) -> bool:
        return self.version.id == self.versions[0].id

    @property
    def line(self) -> str:
        """The key of the line of the contents one is at."""
        return self.contents.at(self.open.clause.rank if self.open else None)


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One clause on its own page, in its context."""

    version: DraftVersion
    versions: Sequence[DraftVersion]
    around: text.Around
    mark: Mark

    @property
    def clause(self) -> Clause:
        return self.around.clause

    @property
    def is_newest(self) -> bool:
        return self.version.id == self.versions[0].id


@dataclass(frozen=True, slots=True)
class Column:
    """What stands beside an open clause: its letters, and whether one may write there."""

    letters: Listing[queries.Card]
    sort: str
    may_write: Verdict
    closed_because: str  # "" while comments are open


def column(
    *, viewer: Actor, consultation: Consultation, version: DraftVersion, clause: Clause, sort: str = "text"
) -> Column:
    """The letters of a clause, and what to show in the place of the form when one may not write."""
    return Column(
        letters=queries.letters(viewer=viewer, clause=clause, sort=sort if sort in SORTS else "text"),
        sort=sort if sort in SORTS else "text",
        may_write=rules.may_post_comment(viewer, consultation) and rules.is_up(version),
        closed_because=closed_because(consultation, version),
    )


def closed_because(consultation: Consultation, version: DraftVersion) -> str:
    """Why nobody can comment on this version now; empty while everybody can."""
    is_up = rules.is_up(version)
    is_earlier = version.round is not None and version.round.is_over and consultation.published_at is None
    if consultation.takes_comments() or is_earlier:
        return is_up.reason
    return rules.NOT_OPEN.get(consultation.state, rules.CLOSED)


def first_address(*, viewer: Actor, consultation: Consultation, number: int | None = None) -> dict[str, object]:
    """Where reading begins: the first page of a version, of the newest this viewer may see without `number`."""
    version = documents.version(viewer=viewer, consultation_id=consultation.id, number=number)
    return {"version": version.number, "page_key": text.first_page(viewer=viewer, version=version)}


def room_page(*, viewer: Actor, consultation: Consultation, number: int, key: str, at: str = "") -> RoomPage:
    """A page of the reading room; `at` opens that clause. The same number of statements for any length."""
    versions = documents.versions(viewer=viewer, consultation_id=consultation.id)
    version = _pick(versions, number)
    pages = text.neighbours(viewer=viewer, version=version, key=key)
    page = _page(pages, key)
    contents = text.contents(viewer=viewer, version=version, pages=pages, key=key)
    passages = passages_of(text.clauses(viewer=viewer, page=page))
    place = next((i for i, passage in enumerate(passages) if passage.clause.key == at), None)
    if at and place is None:
        raise Missing(text.NO_CLAUSE)
    return RoomPage(
        version=version,
        versions=versions,
        page=page,
        contents=contents,
        before=passages if place is None else passages[:place],
        open=None if place is None else passages[place],
        after=() if place is None else passages[place + 1 :],
        most=max((count for p in passages for _position, count in p.mark.shares), default=0),
    )


def clause_page(*, viewer: Actor, consultation: Consultation, number: int, key: str) -> ClausePage:
    """One clause with what it hangs from, its points, and its neighbours."""
    versions = documents.versions(viewer=viewer, consultation_id=consultation.id)
    version = _pick(versions, number)
    around = text.around(viewer=viewer, version=version, key=key)
    return ClausePage(version=version, versions=versions, around=around, mark=mark_of(around.clause))


def _pick(versions: Sequence[DraftVersion], number: int) -> DraftVersion:
    for version in versions:
        if version.number == number:
            return version
    raise Missing("There is no such version of the draft, or it is not public yet.")


def _page(pages: Sequence[ReadingPage], key: str) -> ReadingPage:
    for page in pages:
        if page.key == key:
            return page
    raise Missing("There is no such page in this version of the draft.")


def mark_of(clause: Clause) -> Mark:
    """The margin mark of a clause whose tallies are loaded."""
    tallies = sorted((t for t in clause.tallies if t.count), key=lambda t: t.position.rank)
    return Mark(count=clause.comment_count, shares=tuple((t.position, t.count) for t in tallies))


def passages_of(clauses: Sequence[Clause]) -> Sequence[Passage]:
    """Clauses as they stand on a page: each as far in as it lies below the last heading."""
    return tuple(
        Passage(
            clause=clause,
            mark=mark_of(clause),
            level=level,
            is_above=following is not None and following.is_heading and following.depth > clause.depth,
            total=clause.total_count,
        )
        for clause, following, level in zip_longest(clauses, clauses[1:], text.levels(clauses))
    )
