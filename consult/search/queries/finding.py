"""What a reader finds: the rows that have the words, of things she may read, the best first.

How rows rank is said in tiers, not in the figures of one database, so that both agree: the number of a clause or a
comment; all words in a row in a title; all in a title; all in a title or in what a comment quotes and proposes; in a
row anywhere; anywhere. Within a tier explained terms come first, then standards, then the text of drafts, then the guide, then what
was said, each in the order of the text. Each tier reads at most MOST rows, so that a search costs what it shows and
not how much there is. For the same reason the last word may go on only in titles, as long as there is enough without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal, not_, or_, select, union_all

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Position
from consult.core.db import db
from consult.core.records import Record, replace
from consult.core.rules import Actor
from consult.debate import queries as debate
from consult.debate.models import Comment, CommentPosition, Reply, ReplyPosition
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion
from consult.outcomes.queries.visibility import visible_to as answers_visible_to

from .. import fulltext, words
from ..models import KINDS, LEARNING, SearchRow
from .hits import Found, Hit, hits

MOST = 200
PAGE = 20
IN_A_ROW = 4  # the tier of all words in a row anywhere
Tier = tuple[int, words.Wanted, Sequence[str]]  # its place, what is asked for, and in which columns
ORDER = ["term", *(kind for kind in KINDS if kind != "term")]  # who looks for a term may not know what it means


class Filters(Record):
    """What is looked for and where; each one empty: not narrowed by it."""

    typed: str = ""
    kinds: frozenset[str] = frozenset()
    position: str = ""  # key
    category: str = ""
    language: str = ""
    answer: str = ""  # "open", "answered"

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the words is given."""
        return self != Filters(typed=self.typed)


class SearchPage(Record):
    """A page of what was found."""

    hits: Sequence[Hit]
    total: int
    is_more: bool  # more than `total`, which are the best of them
    page: int
    pages: int
    can_find: bool  # whether there was a word to look for
    languages: Sequence[str]


def search(*, viewer: Actor, filters: Filters, consultation: Consultation | None = None, page: int = 1) -> SearchPage:
    """What this viewer finds in one consultation, or in all she may see; pages are of at most MOST things."""
    languages = [consultation.language] if consultation else _languages(viewer)
    wanted = words.read(filters.typed)
    chosen = [filters.language] if filters.language in languages else languages
    found = _ranked(_rows(viewer, filters, wanted, consultation, chosen)) if chosen and not wanted.is_empty else []
    is_more, found = len(found) > MOST, found[:MOST]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    terms = wanted.terms
    return SearchPage(
        hits(viewer=viewer, found=shown, terms=terms), len(found), is_more, page, pages, not wanted.is_empty, languages
    )


def _languages(viewer: Actor) -> list[str]:
    found = select(Consultation.language).where(consultations.visible_to(viewer)).distinct()
    return sorted(db.session.scalars(found))


def _rows(
    viewer: Actor, filters: Filters, wanted: words.Wanted, consultation: Consultation | None, languages: Sequence[str]
) -> list[Any]:
    """Id, tier, kind, consultation and place of what was found, at most MOST + 1 of each tier."""
    engine = fulltext.engine(db.session.get_bind().dialect.name, [fulltext.stemmer(name) for name in languages])
    where = [_readable(viewer), *_narrowed(viewer, filters), *_within(consultation, filters, languages)]
    named = [_base(0).where(SearchRow.number.in_(wanted.numbers), *where).limit(MOST + 1)] if wanted.numbers else []

    def asked(tiers: Iterable[Tier]) -> Iterator[Select[Any]]:
        for tier, these, place in tiers:
            for source in engine.sources:
                statement = _base(tier, engine.joined(source, SearchRow.id)).where(
                    engine.matches(source, these, place), *where
                )
                if tier == IN_A_ROW and engine.phrases_among:
                    apart = wanted if these.terms[0].is_prefix else wanted.whole
                    statement = statement.where(SearchRow.id.in_(_candidates(engine, apart, consultation)))
                yield statement.limit(MOST + 1)

    found = _together([*named, *asked(_tiers(wanted))])
    if len({row.id for row in found}) <= MOST:
        found += _together(list(asked(_open_tiers(wanted))))
    return found


def _candidates(
    engine: fulltext.Sqlite | fulltext.Postgresql, wanted: words.Wanted, consultation: Consultation | None
) -> Select[int]:
    """Some rows with all of the words, among which those that have them in a row come first. The others are found as well."""
    having = select(SearchRow.id).where(engine.matches("search_row", wanted, fulltext.COLUMNS))
    if consultation is not None:
        having = having.where(SearchRow.consultation_id + 0 == consultation.id)
    some = having.limit(engine.phrases_among).subquery()
    return select(some.c.id)


def _together(parts: Sequence[Select[Any]]) -> list[Any]:
    """The rows of several statements, in one."""
    subqueries = [part.subquery() for part in parts]
    return list(db.session.execute(union_all(*(select(*part.c) for part in subqueries)))) if parts else []


def _tiers(wanted: words.Wanted) -> Iterator[Tier]:
    """What is asked for in which columns, the best first. The last word may go on in titles only."""
    if not wanted.terms:
        return
    if wanted.phrase:
        yield 1, replace(wanted, terms=(wanted.phrase,)), ("title",)
    yield 2, wanted, ("title",)
    yield 3, wanted.whole, ("title", "quote")
    if phrase := wanted.whole.phrase:
        yield IN_A_ROW, replace(wanted, terms=(phrase,)), fulltext.COLUMNS
    yield 5, wanted.whole, fulltext.COLUMNS


def _open_tiers(wanted: words.Wanted) -> Iterator[Tier]:
    """The same where the last word may go on; for these a database collects all rows that have any such word."""
    if wanted.whole == wanted:
        return
    yield 3, wanted, ("title", "quote")
    if wanted.phrase:
        yield IN_A_ROW, replace(wanted, terms=(wanted.phrase,)), fulltext.COLUMNS
    yield 5, wanted, fulltext.COLUMNS


def _base(tier: int, joined: tuple[Any, ColumnElement[bool]] | None = None) -> Select[Any]:
    """Rows with the things they are of. The index comes first: what it finds is less than what there is."""
    columns = (
        SearchRow.id, literal(tier).label("tier"), SearchRow.kind, SearchRow.consultation_id, SearchRow.place,
        SearchRow.clause_id, SearchRow.comment_id, SearchRow.reply_id, SearchRow.learning_id, SearchRow.standard_version_id,
    )  # fmt: skip
    statement: Any = select(*columns)
    if joined is None or joined[0] is None:
        statement = statement.select_from(SearchRow)
    else:
        statement = statement.select_from(joined[0]).join(SearchRow, joined[1])
    joins: Select[Any] = (
        statement.join(Consultation, Consultation.id == SearchRow.consultation_id)
        .join(Clause, Clause.id == SearchRow.clause_id, isouter=True)
        .join(DraftVersion, DraftVersion.id == Clause.version_id, isouter=True)
        .join(Comment, Comment.id == SearchRow.comment_id, isouter=True)
        .join(Reply, Reply.id == SearchRow.reply_id, isouter=True)
    )
    return joins


def _readable(viewer: Actor) -> ColumnElement[bool]:
    """What each room says of its own things, so that a row that is not up to date shows nothing either."""
    is_shown = Comment.state == "posted"
    return or_(
        and_(SearchRow.kind == "clause", DraftVersion.frozen_at.is_not(None), documents.visible_to(viewer)),
        and_(SearchRow.kind.in_(("standard", *LEARNING)), consultations.visible_to(viewer)),
        and_(SearchRow.kind == "comment", is_shown, debate.visible_to(viewer)),
        and_(SearchRow.kind == "reply", Reply.state == "posted", debate.listed_for(viewer)),
        and_(SearchRow.kind == "answer", is_shown, answers_visible_to(viewer)),
    )


def _narrowed(viewer: Actor, filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.kinds:
        yield SearchRow.kind.in_(filters.kinds)
    if filters.position:
        yield _argues_from(filters.position)
    if filters.category:
        is_reply = SearchRow.kind == "reply"
        yield or_(
            and_(is_reply, Reply.category == filters.category), and_(~is_reply, Comment.category == filters.category)
        )
    if filters.answer:
        is_answered = and_(Comment.disposition != "unresolved", answers_visible_to(viewer))
        yield and_(Comment.id.is_not(None), is_answered if filters.answer == "answered" else not_(is_answered))


def _argues_from(key: str) -> ColumnElement[bool]:
    """Of a reply its own position counts, of an answer that of the comment."""
    of_comment = (
        select(CommentPosition.id)
        .join(CommentPosition.position)
        .where(
            CommentPosition.comment_id == SearchRow.comment_id, CommentPosition.is_cost.is_(False), Position.key == key
        )
    )
    of_reply = (
        select(ReplyPosition.id)
        .join(ReplyPosition.position)
        .where(ReplyPosition.reply_id == SearchRow.reply_id, Position.key == key)
    )
    is_reply = SearchRow.kind == "reply"
    return or_(and_(is_reply, exists(of_reply)), and_(~is_reply, exists(of_comment)))


def _within(
    consultation: Consultation | None, filters: Filters, languages: Sequence[str]
) -> Iterator[ColumnElement[bool]]:
    if consultation is not None:
        # "+ 0": a database must not begin with all rows of a consultation and ask the index about each.
        yield SearchRow.consultation_id + 0 == consultation.id
    elif filters.language in languages:
        yield Consultation.language == filters.language
    elif filters.language:
        yield SearchRow.id < 0


def _ranked(rows: Sequence[Any]) -> list[Found]:
    """Each row once, in its best tier."""
    best: dict[int, Any] = {}
    for row in rows:
        if row.id not in best or row.tier < best[row.id].tier:
            best[row.id] = row
    inorder = sorted(
        best.values(), key=lambda row: (row.tier, ORDER.index(row.kind), row.consultation_id, row.place, row.id)
    )
    return [
        Found(row.kind, row.clause_id, row.comment_id, row.reply_id, row.learning_id, row.standard_version_id)
        for row in inorder
    ]


def searched(*, viewer: Actor) -> Sequence[Consultation]:
    """Every consultation, for a rebuild."""
    return db.session.scalars(
        select(Consultation).where(consultations.visible_to(viewer)).order_by(Consultation.id)
    ).all()
