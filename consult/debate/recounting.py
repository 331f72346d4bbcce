"""What the counters should say: compared with the rows they count, in pieces that fit into memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select, update

from consult.accounts.bodies import standing
from consult.consultations.models import Consultation, Position, Round
from consult.core.db import Base, is_writing
from consult.core.operations import session
from consult.core.records import Record
from consult.documents.models import Clause, ClauseTally, Draft, DraftVersion, PassageTally, ReadingPage

from . import ballots, branching
from .counters import OF, Placed, Tally, tally
from .models import (
    Anchor,
    ArgumentTally,
    BodyTally,
    Comment,
    CommentPosition,
    Cosignature,
    CosignatureTally,
    Reply,
    RoundTally,
    VoiceTally,
)  # fmt: skip

# table, row (0: there is none, and there is nobody here who may make it), column, what it says, what it should say
Difference = tuple[type[Base], int, str, int, int]
CLAUSES, COMMENTS = 200, 1_000  # of one piece
Span = tuple[int, int]  # first and last id


class Piece(Record):
    """Some counters of a consultation: those of one kind, or all of some clauses or comments, by their ids."""

    kind: str  # of KINDS
    span: Span = (0, 0)

    @property
    def is_of_comments(self) -> bool:
        return self.kind == "comments"


def pieces(consultation: Consultation) -> Sequence[Piece]:
    """All of a consultation, piece by piece, as far as it is there now."""
    clauses = select(Clause.id).where(Clause.version_id.in_(_versions(consultation))).order_by(Clause.id)
    comments = select(Comment.id).where(Comment.consultation_id == consultation.id).order_by(Comment.id)
    return [
        *(Piece(kind) for kind in KINDS if kind not in ("clauses", "comments")),
        *(Piece("clauses", span) for span in spans(clauses, CLAUSES)),
        *(Piece("comments", span) for span in spans(comments, COMMENTS)),
    ]


def spans(ids: Select[int], size: int) -> Iterator[Span]:
    """Ids in order, so many at a time; only the first of each span is kept in memory."""
    firsts, last = list[int](), 0
    found = session().scalars(ids.execution_options(yield_per=10_000))
    for number, last in enumerate(found):
        if number % size == 0:
            firsts.append(last)
    yield from ((first, following - 1) for first, following in pairwise([*firsts, last + 1]))


def differences(consultation: Consultation) -> Iterator[Difference]:
    """Every counter of `consultation` that does not say what its rows say."""
    for piece in pieces(consultation):
        yield from differences_in(consultation, piece)


def differences_in(consultation: Consultation, piece: Piece) -> Iterator[Difference]:
    """The same of one piece. Inside an operation the rows that are missing are made, with nothing in them."""
    yield from KINDS[piece.kind](consultation, piece.span)


def in_span(consultation_id: int, span: Span) -> ColumnElement[bool]:
    """The comments of a consultation with these ids. `+ 0`: SQLite must not look through all of the consultation."""
    return and_(Comment.id.between(*span), Comment.consultation_id + 0 == consultation_id)


def _posted(consultation: Consultation) -> ColumnElement[bool]:
    return and_(Comment.consultation_id == consultation.id, Comment.state == "posted")


def _versions(consultation: Consultation) -> Select[int]:
    return select(DraftVersion.id).join(DraftVersion.draft).where(Draft.consultation_id == consultation.id)


def _of_all_voices(consultation: Consultation, _span: Span) -> Iterator[Difference]:
    yield from _of_voices(consultation, _posted(consultation))
    rounds = select(Round).where(Round.consultation_id == consultation.id).order_by(Round.number)
    for row in session().scalars(rounds).all():
        yield from _of_voices(row, and_(Comment.round_id == row.id, Comment.state == "posted"))
    yield from _of_voices_in_categories(consultation)


def _of_positions(consultation: Consultation, _span: Span) -> Iterator[Difference]:
    yield from _compare(
        Position, "comment_count", Position.consultation_id == consultation.id,
        select(CommentPosition.position_id, func.count())
        .join(CommentPosition.comment)
        .where(_posted(consultation), CommentPosition.is_cost.is_(False))
        .group_by(CommentPosition.position_id),
    )  # fmt: skip


def _of_pages(consultation: Consultation, _span: Span) -> Iterator[Difference]:
    on_page = select(Clause.page_id, func.count(distinct(Comment.id))).join(Anchor, Anchor.clause_id == Clause.id)
    yield from _compare(
        ReadingPage, "comment_count", ReadingPage.version_id.in_(_versions(consultation)),
        on_page.join(Anchor.comment).where(_posted(consultation)).group_by(Clause.page_id),
    )  # fmt: skip


def _of_whole_parts(consultation: Consultation, _span: Span) -> Iterator[Difference]:
    here = Clause.version_id.in_(_versions(consultation))
    yield from _compare(Clause, "total_count", here, _totals(_posted(consultation)))


def _of_clauses(consultation: Consultation, span: Span) -> Iterator[Difference]:
    posted = and_(Comment.consultation_id + 0 == consultation.id, Comment.state == "posted")  # see in_span
    here = Anchor.clause_id.between(*span)
    own = and_(Clause.id.between(*span), Clause.version_id.in_(_versions(consultation)))
    placed = select(Anchor.clause_id, func.count(distinct(Comment.id))).join(Anchor.comment)
    yield from _compare(Clause, "comment_count", own, placed.where(posted, here).group_by(Anchor.clause_id))
    yield from _of_places(ClauseTally, and_(posted, here), own)
    yield from _of_places(PassageTally, and_(posted, here, Anchor.start.is_not(None)), own)


def recount_voices(consultation: Consultation) -> None:
    """Count anew the people and organisations of a consultation that is held, and of its rounds."""
    rounds = session().scalars(select(Round).where(Round.consultation_id == consultation.id)).all()
    counted: list[Consultation | Round] = [consultation, *rounds]
    for row in counted:
        of = Comment.consultation_id if isinstance(row, Consultation) else Comment.round_id
        for _table, _id, column, _says, should in _of_voices(row, and_(of == row.id, Comment.state == "posted")):
            setattr(row, column, should)
    for _table, row_id, _column, _says, should in _of_voices_in_categories(consultation):
        session().execute(update(VoiceTally).where(VoiceTally.id == row_id).values(count=should))


def _totals(posted: ColumnElement[bool]) -> Select[int, int]:
    """Comments on each clause or anything below it; a comment on several of them counts once."""
    spoken = (
        select(Clause.id, Clause.parent_id, Comment.id.label("comment_id"))
        .join(Anchor, Anchor.clause_id == Clause.id)
        .join(Anchor.comment)
        .where(posted)
        .cte("spoken", recursive=True)
    )
    above = select(Clause.id, Clause.parent_id, spoken.c.comment_id).join(spoken, Clause.id == spoken.c.parent_id)
    spoken = spoken.union(above)
    return select(spoken.c.id, func.count()).group_by(spoken.c.id)


def _of_voices(row: Consultation | Round, posted: ColumnElement[bool]) -> Iterator[Difference]:
    table = type(row)
    own = select(
        func.count(Comment.id),
        func.count(distinct(standing(Comment.organisation_id))),
        func.count(distinct(Comment.author_id)).filter(Comment.organisation_id.is_(None)),
        func.count(distinct(Comment.author_name)).filter(
            Comment.organisation_id.is_(None), Comment.author_id.is_(None)
        ),
    ).where(posted)
    comments, organisations, people, from_outside = session().execute(own).one()
    truth = {
        "comment_count": comments, "organisation_count": organisations, "person_count": people + from_outside,
    }  # fmt: skip
    columns = (getattr(table, column) for column in truth)
    said = session().execute(select(*columns).where(table.id == row.id)).one()
    for (column, should), says in zip(truth.items(), said, strict=True):
        if says != should:
            yield table, row.id, column, says, should


def _compare(
    table: type[Base], column: str, which: ColumnElement[bool], truth: Select[Any, int]
) -> Iterator[Difference]:
    should: dict[int, int] = dict(session().execute(truth).all())
    for row_id, says in session().execute(select(table.id, getattr(table, column)).where(which)):
        if says != should.get(row_id, 0):
            yield table, row_id, column, says, should.get(row_id, 0)


def _of_placing(mine: ColumnElement[bool]) -> Iterator[Difference]:
    argues = Comment.positions.any(CommentPosition.is_cost.is_(False))
    wrong = select(Comment.id, Comment.is_placed).where(mine)
    for row_id, says in session().execute(wrong.where(Comment.is_placed != argues)):
        yield Comment, row_id, "is_placed", says, not says


def _of_places(table: type[Placed], counted: ColumnElement[bool], clauses: ColumnElement[bool]) -> Iterator[Difference]:
    where = [getattr(CommentPosition if name == "position_id" else Anchor, name) for name in OF[table]]
    truth = (
        select(*where, func.count(distinct(Comment.id)))
        .select_from(Comment)
        .join(Comment.anchors)
        .join(Comment.positions)
        .where(counted, CommentPosition.is_cost.is_(False))
        .group_by(*where)
    )
    yield from _of_tally(table, truth, table.clause_id.in_(select(Clause.id).where(clauses)))


def _of_kinds(consultation: Consultation, _span: Span) -> Iterator[Difference]:
    posted = _posted(consultation)
    rounds = select(Round.id).where(Round.consultation_id == consultation.id)
    of_round = (Comment.round_id, Comment.category, Comment.stance, Comment.type, Comment.disposition)
    truth = select(*of_round, func.count()).where(posted).group_by(*of_round)
    yield from _of_tally(RoundTally, truth, RoundTally.round_id.in_(rounds))
    spoke = (Comment.round_id, Comment.organisation_id)
    bodies = select(*spoke, func.count()).where(posted, Comment.organisation_id.is_not(None)).group_by(*spoke)
    yield from _of_tally(BodyTally, bodies, BodyTally.round_id.in_(rounds))
    argued = (CommentPosition.position_id, Comment.category)
    arguments = select(*argued, func.count()).join(CommentPosition.comment)
    arguments = arguments.where(posted, CommentPosition.is_cost.is_(False)).group_by(*argued)
    here = select(Position.id).where(Position.consultation_id == consultation.id)
    yield from _of_tally(ArgumentTally, arguments, ArgumentTally.position_id.in_(here))


def _of_voices_in_categories(consultation: Consultation) -> Iterator[Difference]:
    is_organisation = Comment.organisation_id.is_not(None)
    voice = case((is_organisation, standing(Comment.organisation_id)), else_=Comment.author_id)
    by = (Comment.consultation_id, Comment.category, is_organisation)
    truth = (
        select(*by, func.count(distinct(voice)))
        .where(Comment.consultation_id == consultation.id, Comment.state == "posted", voice.is_not(None))
        .group_by(*by)
    )
    yield from _of_tally(VoiceTally, truth, VoiceTally.consultation_id == consultation.id)


def _of_tally(table: type[Tally], truth: Any, which: ColumnElement[bool]) -> Iterator[Difference]:
    """The rows `which` of a tally that do not say what `truth` says: the columns of OF[table] and a count."""
    should = {tuple(place): n for *place, n in session().execute(truth)}
    columns = (getattr(table, name) for name in OF[table])
    kept = select(table.id, table.count, *columns).where(which)
    said = {tuple(place): (row_id, says) for row_id, says, *place in session().execute(kept)}
    missing = sorted(should.keys() - said.keys())
    if missing and is_writing():
        tally(table, missing, 0)
        said = {tuple(place): (row_id, says) for row_id, says, *place in session().execute(kept)}
    said |= {place: (0, 0) for place in missing if place not in said}
    for place, (row_id, says) in said.items():
        if says != should.get(place, 0):
            yield table, row_id, "count", says, should.get(place, 0)


def _of_names(mine: ColumnElement[bool]) -> Iterator[Difference]:
    """Names under comments, in all and by category."""
    counted = mine & Cosignature.is_counted
    names = select(Cosignature.comment_id, func.count()).join(Cosignature.comment).where(counted)
    yield from _compare(Comment, "cosignature_count", mine, names.group_by(Cosignature.comment_id))
    truth = select(Cosignature.comment_id, Cosignature.category, func.count()).join(Cosignature.comment).where(counted)
    kept = CosignatureTally.comment_id.in_(select(Comment.id).where(mine))
    yield from _of_tally(CosignatureTally, truth.group_by(Cosignature.comment_id, Cosignature.category), kept)


def _of_comments(consultation: Consultation, span: Span) -> Iterator[Difference]:
    mine = in_span(consultation.id, span)
    replies = (
        select(Reply.comment_id, func.count())
        .join(Reply.comment)
        .where(mine, Reply.state == "posted")
        .group_by(Reply.comment_id)
    )
    yield from _compare(Comment, "reply_count", mine, replies)
    yield from _of_threads(mine)
    yield from ballots.differences(mine)
    yield from _of_answers(mine)
    yield from _of_names(mine)
    yield from _of_placing(mine)


def _of_answers(mine: ColumnElement[bool]) -> Iterator[Difference]:
    for row_id, disposition, says in session().execute(
        select(Comment.id, Comment.disposition, Comment.is_answered).where(mine)
    ):
        if says != (disposition != "unresolved"):
            yield Comment, row_id, "is_answered", says, not says


def _of_threads(mine: ColumnElement[bool]) -> Iterator[Difference]:
    rows = (
        session()
        .execute(
            select(Reply.id, Reply.comment_id, Reply.path, Reply.state, Reply.answer_count, Reply.below_count)
            .join(Reply.comment)
            .where(mine)
            .order_by(Reply.id)
        )
        .all()
    )
    answers, below = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for row in rows:
        over = branching.above(row.path)
        answers.update((row.comment_id, path) for path in over[-1:])
        below.update((row.comment_id, path) for path in over if row.state == "posted")
    for row in rows:
        place = row.comment_id, row.path
        for column, says, should in (
            ("answer_count", row.answer_count, answers[place]), ("below_count", row.below_count, below[place]),
        ):  # fmt: skip
            if says != should:
                yield Reply, row.id, column, says, should


KINDS: dict[str, Callable[[Consultation, Span], Iterator[Difference]]] = {
    "voices": _of_all_voices, "positions": _of_positions, "kinds": _of_kinds, "parts": _of_whole_parts,
    "pages": _of_pages, "clauses": _of_clauses, "comments": _of_comments,
}  # fmt: skip
