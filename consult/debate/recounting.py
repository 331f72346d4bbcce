"""What the counters should say: compared with the rows they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select, update

from consult.accounts.bodies import standing
from consult.consultations.models import Consultation, Position, Round
from consult.core.db import Base
from consult.core.operations import session
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

Difference = tuple[type[Base], int, str, int, int]  # table, row, column, what it says, what it should say


def differences(consultation: Consultation) -> Iterator[Difference]:
    """Every counter of `consultation` that does not say what its rows say."""
    posted = and_(Comment.consultation_id == consultation.id, Comment.state == "posted")
    yield from _of_voices(consultation, posted)
    rounds = session().scalars(select(Round).where(Round.consultation_id == consultation.id).order_by(Round.number))
    for row in rounds.all():
        yield from _of_voices(row, and_(Comment.round_id == row.id, Comment.state == "posted"))
    yield from _compare(
        Position, "comment_count", Position.consultation_id == consultation.id,
        select(CommentPosition.position_id, func.count())
        .join(CommentPosition.comment)
        .where(posted, CommentPosition.is_cost.is_(False))
        .group_by(CommentPosition.position_id),
    )  # fmt: skip
    versions = select(DraftVersion.id).join(DraftVersion.draft).where(Draft.consultation_id == consultation.id)
    placed = select(Clause.id, func.count(distinct(Comment.id))).join(Anchor, Anchor.clause_id == Clause.id)
    yield from _compare(
        Clause, "comment_count", Clause.version_id.in_(versions),
        placed.join(Anchor.comment).where(posted).group_by(Clause.id),
    )  # fmt: skip
    yield from _compare(Clause, "total_count", Clause.version_id.in_(versions), _totals(posted))
    on_page = select(Clause.page_id, func.count(distinct(Comment.id))).join(Anchor, Anchor.clause_id == Clause.id)
    yield from _compare(
        ReadingPage, "comment_count", ReadingPage.version_id.in_(versions),
        on_page.join(Anchor.comment).where(posted).group_by(Clause.page_id),
    )  # fmt: skip
    yield from _of_places(ClauseTally, posted, versions)
    yield from _of_places(PassageTally, posted & Anchor.start.is_not(None), versions)
    yield from _of_kinds(consultation, posted)
    yield from _of_voices_in_categories(consultation)
    yield from _of_comments(consultation)
    yield from _of_placing(consultation)


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
    for column, should in truth.items():
        says = getattr(row, column)
        if says != should:
            yield type(row), row.id, column, says, should


def _compare(
    table: type[Base], column: str, which: ColumnElement[bool], truth: Select[int, int]
) -> Iterator[Difference]:
    should = dict(session().execute(truth).all())
    for row_id, says in session().execute(select(table.id, getattr(table, column)).where(which)):
        if says != should.get(row_id, 0):
            yield table, row_id, column, says, should.get(row_id, 0)


def _of_placing(consultation: Consultation) -> Iterator[Difference]:
    argues = Comment.positions.any(CommentPosition.is_cost.is_(False))
    wrong = select(Comment.id, Comment.is_placed).where(Comment.consultation_id == consultation.id)
    for row_id, says in session().execute(wrong.where(Comment.is_placed != argues)):
        yield Comment, row_id, "is_placed", says, not says


def _of_places(table: type[Placed], counted: ColumnElement[bool], versions: Select[int]) -> Iterator[Difference]:
    where = [getattr(CommentPosition if name == "position_id" else Anchor, name) for name in OF[table]]
    truth = (
        select(*where, func.count(distinct(Comment.id)))
        .select_from(Comment)
        .join(Comment.anchors)
        .join(Anchor.clause)
        .join(Comment.positions)
        .where(counted, CommentPosition.is_cost.is_(False))
        .group_by(*where)
    )
    kept = table.clause_id.in_(select(Clause.id).where(Clause.version_id.in_(versions)))
    yield from _of_tally(table, truth, kept)


def _of_kinds(consultation: Consultation, posted: ColumnElement[bool]) -> Iterator[Difference]:
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
    kept: Any = select(table).where(which)
    there = {_place_of(row) for row in session().scalars(kept)}
    tally(table, sorted(should.keys() - there), 0)
    for row in session().scalars(kept):
        right = should.get(_place_of(row), 0)
        if row.count != right:
            yield table, row.id, "count", row.count, right


def _of_names(mine: ColumnElement[bool]) -> Iterator[Difference]:
    """Names under comments, in all and by category."""
    counted = mine & Cosignature.is_counted
    names = select(Cosignature.comment_id, func.count()).join(Cosignature.comment).where(counted)
    yield from _compare(Comment, "cosignature_count", mine, names.group_by(Cosignature.comment_id))
    truth = select(Cosignature.comment_id, Cosignature.category, func.count()).join(Cosignature.comment).where(counted)
    kept = CosignatureTally.comment_id.in_(select(Comment.id).where(mine))
    yield from _of_tally(CosignatureTally, truth.group_by(Cosignature.comment_id, Cosignature.category), kept)


def _place_of(row: Tally) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in OF[type(row)])


def _of_comments(consultation: Consultation) -> Iterator[Difference]:
    mine = Comment.consultation_id == consultation.id
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
