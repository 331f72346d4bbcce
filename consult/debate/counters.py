"""Counters kept beside what they count, so that no page has to count comments.

`count` bumps them when a comment begins or ceases to count; `differences` finds what they should be.
Only comments that are shown count. The consultation's row comes first, so two writers queue there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from consult.accounts.bodies import of_body, standing
from consult.consultations.models import Consultation, Position, Round
from consult.core.db import Base
from consult.core.operations import session
from consult.documents.models import Clause, ClauseTally, Draft, DraftVersion, PassageTally, ReadingPage

from . import ballots, branching
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

Placed = ClauseTally | PassageTally
Tally = Placed | CosignatureTally | RoundTally | ArgumentTally | VoiceTally | BodyTally
OF: dict[type[Tally], list[str]] = {
    CosignatureTally: ["comment_id", "category"],
    ClauseTally: ["clause_id", "position_id"],
    PassageTally: ["clause_id", "start", "end", "position_id"],
    RoundTally: ["round_id", "category", "stance", "type", "disposition"],
    ArgumentTally: ["position_id", "category"],
    VoiceTally: ["consultation_id", "category", "is_organisation"],
    BodyTally: ["round_id", "organisation_id"],
}
Difference = tuple[type[Base], int, str, int, int]  # table, row, column, what it says, what it should say


def count(comment: Comment, by: int) -> None:
    """`comment` (flushed) begins (`by` = 1) or ceases (-1) to count."""
    same_voice = _others_of_the_same_voice(comment)
    _count_voices(Consultation, comment.consultation_id, comment, by, same_voice)
    _count_voices(Round, comment.round_id, comment, by, same_voice.where(Comment.round_id == comment.round_id))
    positions = session().scalars(_positions_of(comment)).all()
    clauses = session().scalars(_clauses_of(comment)).all()
    session().execute(
        update(Position).where(Position.id.in_(positions)).values(comment_count=Position.comment_count + by)
    )
    session().execute(update(Clause).where(Clause.id.in_(clauses)).values(comment_count=Clause.comment_count + by))
    session().execute(
        update(Clause).where(Clause.id.in_(_with_above(clauses))).values(total_count=Clause.total_count + by)
    )
    pages = select(Clause.page_id).where(Clause.id.in_(clauses))
    session().execute(
        update(ReadingPage)
        .where(ReadingPage.id.in_(pages))
        .values(comment_count=ReadingPage.comment_count + by)
        .execution_options(synchronize_session="fetch")
    )
    _tally(ClauseTally, [(clause, position) for clause in clauses for position in positions], by)
    words = session().execute(_words_of(comment)).all()
    _tally(PassageTally, [(*place, position) for place in words for position in positions], by)
    _tally(ArgumentTally, [(position, comment.category) for position in positions], by)
    count_kind(comment, by)
    is_organisation = comment.organisation_id is not None
    if is_organisation:
        _tally(BodyTally, [(comment.round_id, comment.organisation_id)], by)
    if is_organisation or comment.author_id is not None:
        others = same_voice.where(Comment.category == comment.category)
        is_only = not session().scalar(select(others.exists()))
        _tally(VoiceTally, [(comment.consultation_id, comment.category, is_organisation)], by * is_only)


def answer(comment: Comment, disposition: str) -> None:
    """`comment` (flushed) gets another answer."""
    is_counted = comment.state == "posted" and comment.disposition != disposition
    if is_counted:
        count_kind(comment, -1)
    comment.disposition = disposition
    if is_counted:
        count_kind(comment, 1)


def count_kind(comment: Comment, by: int) -> None:
    """`comment` begins (`by` = 1) or ceases (-1) to be one more of its category, stance, type and answer."""
    kind = comment.round_id, comment.category, comment.stance, comment.type, comment.disposition
    _tally(RoundTally, [kind], by)


def count_reply(reply: Reply, by: int) -> None:
    """`reply` (flushed) begins (`by` = 1) or ceases (-1) to count for its comment and for all it stands under.

    Its comment's row is held, so two acts on one thread come one after the other.
    """
    values: dict[str, Any] = {"reply_count": Comment.reply_count + by}
    if by > 0:
        shown_at = reply.released_at or reply.posted_at
        values["active_at"] = case((Comment.active_at < shown_at, shown_at), else_=Comment.active_at)
    session().execute(update(Comment).where(Comment.id == reply.comment_id).values(values))
    over = and_(Reply.comment_id == reply.comment_id, Reply.path.in_(branching.above(reply.path)))
    session().execute(update(Reply).where(over).values(below_count=Reply.below_count + by))


def _count_voices(
    model: type[Consultation] | type[Round], row_id: int, comment: Comment, by: int, others: Select[int]
) -> None:
    """Comments, organisations and people of a consultation or a round; a voice counts once."""
    is_only = not session().scalar(select(others.exists()))
    voice = model.person_count if comment.organisation_id is None else model.organisation_count
    values = {model.comment_count: model.comment_count + by, voice: voice + by * is_only}
    session().execute(update(model).where(model.id == row_id).values(values))


def count_name(comment_id: int, category: str, by: int) -> None:
    """A name of this category comes under a comment (`by` = 1) or goes (-1)."""
    session().execute(
        update(Comment).where(Comment.id == comment_id).values(cosignature_count=Comment.cosignature_count + by)
    )
    _tally(CosignatureTally, [(comment_id, category)], by)


def _tally(table: type[Tally], rows: Sequence[tuple[Any, ...]], by: int) -> None:
    """Add `by` to the rows with these values in OF[table], which are made where there are none."""
    if not rows:
        return
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    values = [dict(zip(OF[table], row, strict=True)) | {"count": by} for row in rows]
    statement = insert(table).values(values)
    session().execute(
        statement.on_conflict_do_update(
            index_elements=OF[table], set_={"count": table.count + statement.excluded.count}
        )
    )


def _positions_of(comment: Comment) -> Select[int]:
    return select(CommentPosition.position_id).where(
        CommentPosition.comment_id == comment.id, CommentPosition.is_cost.is_(False)
    )


def _clauses_of(comment: Comment) -> Select[int]:
    return (
        select(Clause.id).distinct().join(Anchor, Anchor.clause_id == Clause.id).where(Anchor.comment_id == comment.id)
    )


def _words_of(comment: Comment) -> Select[Any, Any, Any]:
    return (
        select(Anchor.clause_id, Anchor.start, Anchor.end)
        .distinct()
        .where(Anchor.comment_id == comment.id, Anchor.start.is_not(None))
    )


def _with_above(clauses: Sequence[int]) -> Select[int]:
    """These clauses and all they hang from, each once."""
    step = select(Clause.id, Clause.parent_id).where(Clause.id.in_(clauses)).cte("above", recursive=True)
    step = step.union(select(Clause.id, Clause.parent_id).join(step, Clause.id == step.c.parent_id))
    return select(step.c.id)


def _others_of_the_same_voice(comment: Comment) -> Select[int]:
    same = and_(
        Comment.organisation_id.is_(None),
        Comment.author_id == comment.author_id
        if comment.author_id is not None
        else and_(Comment.author_id.is_(None), Comment.author_name == comment.author_name),
    )
    if comment.organisation_id is not None:
        same = of_body(Comment.organisation_id, comment.organisation_id)
    return (
        select(Comment.id)
        .where(Comment.consultation_id == comment.consultation_id, Comment.state == "posted", same)
        .where(Comment.id != comment.id)
    )


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
    _tally(table, sorted(should.keys() - there), 0)
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
