"""Counters kept beside what they count, so that no page has to count comments.

`count` bumps them when a comment begins or ceases to count; `recounting` finds what they should be.
Only comments that are shown count. The consultation's row comes first, so two writers queue there. What every post
asks is built once: building a statement takes longer than doing it, and others wait to write meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, case, select, true, update

from consult.accounts.bodies import of_body
from consult.consultations.models import Consultation, Position, Round
from consult.core.db import Base, BigId, dialect_name, inserting, read_rows, table_of, write_rows
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
VOICES = ["comment_count", "organisation_count", "person_count"]
COUNTED: dict[type[Base], list[str]] = {
    Consultation: VOICES, Round: VOICES, Position: ["comment_count"], ReadingPage: ["comment_count"],
    Clause: ["comment_count", "total_count"],
}  # fmt: skip


def count(comment: Comment, by: int) -> None:
    """`comment` (flushed) begins (`by` = 1) or ceases (-1) to count."""
    session().flush()  # for statements that know tables and no models
    is_organisation = comment.organisation_id is not None
    is_only, is_only_in_round, is_only_in_category = _is_alone(comment)
    _count_voices(Consultation, comment.consultation_id, by, by * is_only, is_organisation=is_organisation)
    _count_voices(Round, comment.round_id, by, by * is_only_in_round, is_organisation=is_organisation)
    positions = _add(Position, comment, by)
    places = read_rows(_PLACES, {"comment": comment.id}).all()
    if places:
        _add(Clause, comment, by)
        _add(ReadingPage, comment, by)
    clauses = dict.fromkeys(place.clause_id for place in places)
    tally(ClauseTally, [(clause, position) for clause in clauses for position in positions], by)
    words = [place for place in places if place.start is not None]
    tally(PassageTally, [(*place, position) for place in words for position in positions], by)
    tally(ArgumentTally, [(position, comment.category) for position in positions], by)
    count_kind(comment, by)
    if is_organisation:
        tally(BodyTally, [(comment.round_id, comment.organisation_id)], by)
    if is_organisation or comment.author_id is not None:
        tally(VoiceTally, [(comment.consultation_id, comment.category, is_organisation)], by * is_only_in_category)


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
    model: type[Consultation] | type[Round], row_id: int, by: int, voices: int, *, is_organisation: bool
) -> None:
    """Comments, organisations and people of a consultation or a round; a voice counts once."""
    write_rows(_VOICES[model, is_organisation], {"row": row_id, "by": by, "voices": voices})
    _read_anew(model, [row_id])


def _add(model: type[Base], comment: Comment, by: int) -> Sequence[int]:
    """Count at the rows of a kind that a comment is about; their ids."""
    ids = write_rows(_ADDS[model], {"comment": comment.id, "by": by}).scalars().all()
    _read_anew(model, ids)
    return ids


def _read_anew(model: type[Base], ids: Sequence[int]) -> None:
    """What is loaded of these rows has other numbers now."""
    held = session().identity_map
    for row_id in ids:
        row = held.get(model.__mapper__.identity_key_from_primary_key((row_id,)))
        if row is not None:
            session().expire(row, COUNTED[model])


def count_name(comment_id: int, category: str, by: int) -> None:
    """A name of this category comes under a comment (`by` = 1) or goes (-1)."""
    session().execute(
        update(Comment).where(Comment.id == comment_id).values(cosignature_count=Comment.cosignature_count + by)
    )
    tally(CosignatureTally, [(comment_id, category)], by)


def tally(table: type[Tally], rows: Sequence[tuple[Any, ...]], by: int) -> None:
    """Add `by` to the rows with these values in OF[table], which are made where there are none."""
    values = [dict(zip(OF[table], row, strict=True)) | {"count": by} for row in rows]
    if values:
        write_rows(_tallying(table, dialect_name()), values)


@cache
def _tallying(table: type[Tally], dialect: str) -> Executable:
    statement = inserting(table, dialect)
    count = table_of(table).c.count
    more: Executable = statement.on_conflict_do_update(
        index_elements=OF[table], set_={"count": count + statement.excluded.count}
    )
    return more


def _is_alone(comment: Comment) -> tuple[bool, bool, bool]:
    """Whether nothing else of the same voice counts: in the consultation, in the round, in the category."""
    voice: str = "author_name"
    called: str | int = comment.author_name
    if comment.organisation_id is not None:
        voice, called = "organisation_id", comment.organisation_id
    elif comment.author_id is not None:
        voice, called = "author_id", comment.author_id
    asked = {
        "comment": comment.id, "consultation": comment.consultation_id, "round": comment.round_id,
        "category": comment.category, "voice": called,
    }  # fmt: skip
    in_all, in_round, in_category = read_rows(_ALONE[voice], asked).one()
    return bool(in_all), bool(in_round), bool(in_category)


def _alone(*same: ColumnElement[bool]) -> Executable:
    others = (
        select(Comment.id)
        .where(Comment.consultation_id == bindparam("consultation"), Comment.state == "posted", *same)
        .where(Comment.id != bindparam("comment"))
    )
    # "+ 0": SQLite must not begin with all of the round.
    alike = (true(), Comment.round_id + 0 == bindparam("round"), Comment.category == bindparam("category"))
    return select(*(~others.where(one).exists() for one in alike))


def _voices(model: type[Base], voices: str) -> Executable:
    row = table_of(model)
    more = {"comment_count": row.c.comment_count + bindparam("by"), voices: row.c[voices] + bindparam("voices")}
    return update(row).where(row.c.id == bindparam("row")).values(more)


def _adding(model: type[Base], which: Select[int]) -> Executable:
    row = table_of(model)
    more = {"comment_count": row.c.comment_count + bindparam("by")}
    return update(row).where(row.c.id.in_(which)).values(more).returning(row.c.id)


def _in_text() -> Executable:
    """At the clauses of a comment, and below the total of all they hang from, each once."""
    clause = table_of(Clause)
    step = select(clause.c.id, clause.c.parent_id).where(clause.c.id.in_(_CLAUSES)).cte("above", recursive=True)
    step = step.union(select(clause.c.id, clause.c.parent_id).join(step, clause.c.id == step.c.parent_id))
    more = {
        "comment_count": clause.c.comment_count + case((clause.c.id.in_(_CLAUSES), bindparam("by")), else_=0),
        "total_count": clause.c.total_count + bindparam("by"),
    }
    return update(clause).where(clause.c.id.in_(select(step.c.id))).values(more).returning(clause.c.id)


_ARGUES, _POINTS, _IN = table_of(CommentPosition).c, table_of(Anchor).c, table_of(Clause).c
_CLAUSES = select(_POINTS.clause_id).where(_POINTS.comment_id == bindparam("comment"), _POINTS.clause_id.is_not(None))
_POSITIONS = select(_ARGUES.position_id).where(_ARGUES.comment_id == bindparam("comment"), _ARGUES.is_cost.is_(False))
_PLACES = (
    select(_POINTS.clause_id, _POINTS.start, _POINTS.end)
    .distinct()
    .where(_POINTS.comment_id == bindparam("comment"), _POINTS.clause_id.is_not(None))
)
_OWN = Comment.organisation_id.is_(None)
_ALONE = {
    "organisation_id": _alone(of_body(Comment.organisation_id, bindparam("voice", type_=BigId))),
    "author_id": _alone(_OWN, Comment.author_id == bindparam("voice")),
    "author_name": _alone(_OWN, Comment.author_id.is_(None), Comment.author_name == bindparam("voice")),
}
_VOICES = {
    (model, is_organisation): _voices(model, "organisation_count" if is_organisation else "person_count")
    for model in (Consultation, Round)
    for is_organisation in (False, True)
}
_ADDS: dict[type[Base], Executable] = {
    Position: _adding(Position, _POSITIONS),
    Clause: _in_text(),
    ReadingPage: _adding(ReadingPage, select(_IN.page_id).where(_IN.id.in_(_CLAUSES))),
}
