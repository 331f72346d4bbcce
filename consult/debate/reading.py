"""What the reading room shows beside the text: who has spoken about which clause, from which position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import escape

from consult.consultations.models import Consultation, Position
from consult.core.errors import Missing
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.documents import queries as documents
from consult.documents import reading as text
from consult.documents import weaving
from consult.documents.models import Clause, DraftVersion, ReadingPage
from consult.learning import queries as learning
from consult.learning.glossary import Glossary
from consult.learning.reading import Meaning, explained

from . import passages, queries, rules
from .passages import Span

SORTS = {"text": "As they came", "discussed": "Most argued", "newest": "Newest"}
BIG = 4  # letters of a heading's number that is set big
FEW = 3  # up to so many comments the mark needs no bars


class Argued(NamedTuple):
    """A position as a mark shows it."""

    sign: str
    name: str


class Mark(Record):
    """The margin mark of a clause: countable comments, and how many argue from each position. Values only: see `once`."""

    count: int
    shares: tuple[tuple[Argued, int], ...]

    @property
    def is_few(self) -> bool:
        return self.count <= FEW


class Passage(Record):
    """A clause as it stands on the page; `level` is how far it is set in, from 0."""

    clause: Clause
    mark: Mark
    level: int
    html: str  # its words, those that comments quote marked, terms as links to what they mean
    meanings: Sequence[Meaning] = ()
    is_above: bool = False  # a heading with headings right below it
    total: int = 0  # comments on a heading and everything below it

    @property
    def is_big(self) -> bool:
        """Whether it is a heading with a big number before it."""
        return bool(self.clause.own_label) and len(self.clause.own_label) <= BIG and not self.is_above


class Quoted(Record):
    """Words of a clause that comments quote, and how many argue from each position."""

    span: Span
    words: str
    counts: Sequence[tuple[Position, int]]
    is_open: bool


class RoomPage(Record):
    """One page of the reading room: the text before, at and after the clause that is open, if one is."""

    version: DraftVersion
    versions: Sequence[DraftVersion]  # those this viewer may see, newest first
    page: ReadingPage
    contents: text.Contents
    before: Sequence[Passage]
    open: Passage | None
    after: Sequence[Passage]
    spoken: Sequence[queries.Marked]  # words of the open clause that comments quote
    most: int  # the longest share on the page: the scale of the bars

    @property
    def is_newest(self) -> bool:
        return self.version.id == self.versions[0].id

    @property
    def line(self) -> str:
        """The key of the line of the contents one is at."""
        return self.contents.at(self.open.clause.rank if self.open else None)


class ClausePage(Record):
    """One clause on its own page, in its context."""

    version: DraftVersion
    versions: Sequence[DraftVersion]
    around: text.Around
    mark: Mark
    html: str  # of the clause, the words that comments quote marked, terms as links to what they mean
    meanings: Sequence[Meaning]
    below: Sequence[tuple[Clause, str, Sequence[Meaning]]]  # its points, with theirs
    spoken: Sequence[queries.Marked]

    @property
    def clause(self) -> Clause:
        return self.around.clause

    @property
    def is_newest(self) -> bool:
        return self.version.id == self.versions[0].id


class Column(Record):
    """What stands beside an open clause: its letters, and whether one may write there."""

    letters: Listing[queries.Card]
    sort: str
    on: Span | None  # only what quotes these words
    on_words: str
    quoted: Sequence[Quoted]
    may_write: Verdict
    closed_because: str  # "" while comments are open


def column(
    *, viewer: Actor, consultation: Consultation, version: DraftVersion, clause: Clause, sort: str = "text",
    on: str = "", spoken: Sequence[queries.Marked] = (),
) -> Column:  # fmt: skip
    """The letters of a clause (`on`: of words of it), and what to show in the place of the form when one may not write.

    `spoken`: what comments quote of the clause.
    """
    asked = passages.parse(f"{clause.key}:{on}")
    span = asked if passages.is_there(asked, {clause.key: clause.text}) else None
    return Column(
        letters=queries.letters(viewer=viewer, clause=clause, sort=sort if sort in SORTS else "text", on=span),
        sort=sort if sort in SORTS else "text",
        on=span,
        on_words=clause.text[span.start : span.end] if span else "",
        quoted=_quoted(clause, spoken, span),
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


def room_page(
    *, viewer: Actor, consultation: Consultation, number: int, key: str, at: str = "", here: Sequence[str] = ()
) -> RoomPage:
    """A page of the reading room; `at` opens that clause. The same number of statements for any length.

    `here`: passages the reader is at.
    """
    versions = documents.versions(viewer=viewer, consultation_id=consultation.id)
    version = _pick(versions, number)
    pages = text.pages(viewer=viewer, version=version, key=key)
    page = _page(pages.near, key)
    contents = text.contents(viewer=viewer, version=version, pages=pages, key=key)
    clauses = text.clauses(viewer=viewer, page=page)
    spoken = queries.spoken(viewer=viewer, consultation=consultation, clauses=clauses)
    words = learning.glossary(viewer=viewer, consultation_id=consultation.id)
    there = passages_of(clauses, spoken, here, words)
    place = next((i for i, passage in enumerate(there) if passage.clause.key == at), None)
    if at and place is None:
        raise Missing(text.NO_CLAUSE)
    return RoomPage(
        version=version,
        versions=versions,
        page=page,
        contents=contents,
        before=there if place is None else there[:place],
        open=None if place is None else there[place],
        after=() if place is None else there[place + 1 :],
        spoken=() if place is None else spoken.get(there[place].clause.id, queries.SILENCE).quoted,
        most=max((count for p in there for _position, count in p.mark.shares), default=0),
    )


def clause_page(
    *, viewer: Actor, consultation: Consultation, number: int, key: str, here: Sequence[str] = ()
) -> ClausePage:
    """One clause with what it hangs from, its points, and its neighbours. `here`: passages the reader is at."""
    versions = documents.versions(viewer=viewer, consultation_id=consultation.id)
    version = _pick(versions, number)
    around = text.around(viewer=viewer, version=version, key=key)
    clauses = (around.clause, *around.below)
    spoken = queries.spoken(viewer=viewer, consultation=consultation, clauses=clauses)
    words = learning.glossary(viewer=viewer, consultation_id=consultation.id)
    of = [spoken.get(clause.id, queries.SILENCE) for clause in clauses]
    made = [_explained(clause, its.quoted, here, "{key}?", words) for clause, its in zip(clauses, of, strict=True)]
    html, meanings = made[0]
    return ClausePage(
        version=version, versions=versions, around=around, mark=mark_of(around.clause, of[0]), html=html, meanings=meanings,
        below=[(clause, *one) for clause, one in zip(around.below, made[1:], strict=True)],
        spoken=of[0].quoted,
    )  # fmt: skip


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


def mark_of(clause: Clause, its: queries.Spoken) -> Mark:
    """The margin mark of a clause."""
    shares = tuple((Argued(position.sign, position.name), count) for position, count in its.shares)
    return Mark(count=clause.comment_count, shares=shares)


def passages_of(
    clauses: Sequence[Clause], spoken: Mapping[int, queries.Spoken], here: Sequence[str], words: Glossary
) -> Sequence[Passage]:
    """Clauses as they stand on a page: each as far in as it lies below the last heading."""
    of = [spoken.get(clause.id, queries.SILENCE) for clause in clauses]
    made = [_explained(clause, its.quoted, here, "?at={key}&", words) for clause, its in zip(clauses, of, strict=True)]
    return tuple(
        Passage(
            clause=clause,
            mark=mark_of(clause, its),
            level=level,
            html=html,
            meanings=meanings,
            is_above=following is not None and following.is_heading and following.depth > clause.depth,
            total=clause.total_count,
        )
        for clause, its, following, level, (html, meanings) in zip_longest(
            clauses, of, clauses[1:], text.levels(clauses), made
        )
    )


def _explained(
    clause: Clause, spoken: Sequence[queries.Marked], here: Sequence[str], way: str, words: Glossary
) -> tuple[str, Sequence[Meaning]]:
    """A clause with what comments quote marked and its terms explained; a heading may be a link, and takes no other."""
    html = _html(clause, spoken, here, way)
    return (html, ()) if clause.is_heading else explained(clause.key, html, words)


def _html(clause: Clause, spoken: Sequence[queries.Marked], here: Sequence[str], way: str) -> str:
    """A clause with the words that comments quote marked. `way` is where a mark leads, before `on=`."""
    is_plain = clause.is_heading  # stands on pages as plain words, which may be a link
    words = str(escape(clause.title or clause.text)) if is_plain else clause.html
    at = passages.settle((passages.parse(name) for name in here), {clause.key: clause.text})
    if not (spoken or at):
        return words
    tallies = [(row.start, row.end, row.position.sign) for row in spoken]
    cut = passages.stretches(tallies, [(span.start, span.end) for span in at])
    return weaving.marked(words, clause.text, [_woven(clause, piece, way, is_plain=is_plain) for piece in cut])


def _woven(clause: Clause, piece: passages.Stretch, way: str, *, is_plain: bool) -> weaving.Mark:
    looks = " ".join([*(["spoken", *piece.signs] if piece.signs else []), *(["at"] if piece.is_here else [])])
    mark = (f'<mark class="{escape(looks)}">', "</mark>")
    if is_plain or not piece.signs:
        return weaving.Mark(piece.start, piece.end, *mark)
    key = quote(clause.key, safe="")
    address = escape(f"{way.format(key=key)}on={piece.start}-{piece.end}#c-{key}")
    link = f'<a class="{escape(looks)}" tabindex="-1" draggable="false" rel="nofollow" data-open="{escape(clause.key)}" href="{address}">'
    return weaving.Mark(piece.start, piece.end, link, "</a>", in_link=mark)


def _quoted(clause: Clause, spoken: Sequence[queries.Marked], on: Span | None) -> Sequence[Quoted]:
    """The words that comments quote, each stretch once."""
    found = []
    for (start, end), rows in groupby(spoken, key=lambda row: (row.start, row.end)):
        counts = sorted(((row.position, row.count) for row in rows), key=lambda pair: pair[0].rank)
        span = Span(clause.key, start, end)
        found.append(Quoted(span, clause.text[start:end], counts, is_open=span == on))
    return found
