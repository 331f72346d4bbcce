"""Counters kept beside what they count, so that no page has to count comments.

`count` bumps them when a comment begins or ceases to count; `recounting` finds what they should be.
Only comments that are shown count. The consultation's row comes first, so two writers queue there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from consult.accounts.bodies import of_body
from consult.consultations.models import Consultation, Position, Round
from consult.core.operations import session
from consult.documents.models import Clause, ClauseTally, PassageTally, ReadingPage

from . import branching
from .models import (
    Anchor,
    ArgumentTally,
    BodyTally,
    Comment,
    CommentPosition,
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


def count(comment: Comment, by: int) -> None:
    """`comment` (flushed) begins (`by` = 1) or ceases (-1) to count."""
    same_voice = _others_of_the_same_voice(comment)
    alike = (true(), Comment.round_id == comment.round_id, Comment.category == comment.category)
    alone = session().execute(select(*(~same_voice.where(same).exists() for same in alike))).one()
    is_only, is_only_in_round, is_only_in_category = (bool(one) for one in alone)
    _count_voices(Consultation, comment.consultation_id, comment, by, is_only=is_only)
    _count_voices(Round, comment.round_id, comment, by, is_only=is_only_in_round)
    positions = session().scalars(_positions_of(comment)).all()
    clauses = session().scalars(_clauses_of(comment)).all()
    session().execute(
        update(Position).where(Position.id.in_(positions)).values(comment_count=Position.comment_count + by)
    )
    if clauses:
        _count_in_text(clauses, by)
    tally(ClauseTally, [(clause, position) for clause in clauses for position in positions], by)
    words = session().execute(_words_of(comment)).all()
    tally(PassageTally, [(*place, position) for place in words for position in positions], by)
    tally(ArgumentTally, [(position, comment.category) for position in positions], by)
    count_kind(comment, by)
    is_organisation = comment.organisation_id is not None
    if is_organisation:
        tally(BodyTally, [(comment.round_id, comment.organisation_id)], by)
    if is_organisation or comment.author_id is not None:
        tally(VoiceTally, [(comment.consultation_id, comment.category, is_organisation)], by * is_only_in_category)


def _count_in_text(clauses: Sequence[int], by: int) -> None:
    """Comments on these clauses, on all they hang from, and on their pages."""
    here = case((Clause.id.in_(clauses), by), else_=0)
    counts = {Clause.comment_count: Clause.comment_count + here, Clause.total_count: Clause.total_count + by}
    session().execute(
        update(Clause)
        .where(Clause.id.in_(_with_above(clauses)))
        .values(counts)
        .execution_options(synchronize_session="fetch")
    )
    pages = select(Clause.page_id).where(Clause.id.in_(clauses))
    session().execute(
        update(ReadingPage)
        .where(ReadingPage.id.in_(pages))
        .values(comment_count=ReadingPage.comment_count + by)
        .execution_options(synchronize_session="fetch")
    )


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
    tally(RoundTally, [kind], by)


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
    model: type[Consultation] | type[Round], row_id: int, comment: Comment, by: int, *, is_only: bool
) -> None:
    """Comments, organisations and people of a consultation or a round; a voice counts once."""
    voice = model.person_count if comment.organisation_id is None else model.organisation_count
    values = {model.comment_count: model.comment_count + by, voice: voice + by * is_only}
    session().execute(update(model).where(model.id == row_id).values(values))


def count_name(comment_id: int, category: str, by: int) -> None:
    """A name of this category comes under a comment (`by` = 1) or goes (-1)."""
    session().execute(
        update(Comment).where(Comment.id == comment_id).values(cosignature_count=Comment.cosignature_count + by)
    )
    tally(CosignatureTally, [(comment_id, category)], by)


def tally(table: type[Tally], rows: Sequence[tuple[Any, ...]], by: int) -> None:
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
