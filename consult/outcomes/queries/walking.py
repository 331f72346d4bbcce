"""Lists of the comments of a round as they are answered: a walk along an index, and how many there are.

A number is kept (see `RoundTally`) or it ends. Few that an index holds are gathered first; SQLite must be told so.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, func, literal, literal_column, select, tuple_
from sqlalchemy.orm import aliased

from consult.consultations.models import Round
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import Comment, RoundTally

from .filters import Filters
from .visibility import counted_aside

MOST_COUNTED = 1_000  # comments that fit a choice whose number is not kept
TEXT = (Comment.place, Comment.id)  # the order of the draft
ALL = Filters()
WAITING = (Comment.is_answered, Comment.id)  # those without an answer first


def within(of: Round, filters: Filters = ALL, *, is_whole: bool = False) -> list[ColumnElement[bool]]:
    """The comments of a round that need an answer; `is_whole`: withdrawn ones too. Hidden ones are nowhere.

    Its consultation begins each index that has the order of a list. What the filters gather is not looked for there.
    """
    *here, is_shown = counted_aside(of)
    if not filters.is_gathered:
        here[0] = Comment.consultation_id == of.consultation_id
    return [*here, Comment.state.not_in(("hidden", "held")) if is_whole else is_shown]


def beyond(key: Sequence[int] | None, *, is_back: bool = False) -> list[ColumnElement[bool]]:
    """What stands behind a key of the order of the draft, or before it. An index looks up the first column of a pair.

    A whole number may be larger in an address than any of a column is.
    """
    if not key:
        return []
    place, last = (literal(number, BigInteger()) for number in key)
    pair = tuple_(*TEXT)
    return [pair < tuple_(place, last) if is_back else pair > tuple_(place, last)]


def waiting(key: Sequence[int] | None, *, is_back: bool = False) -> list[list[ColumnElement[bool]]]:
    """The same for WAITING, in one part or two, one after the other: of its first column there are only two values."""
    if not key:
        return [[]]
    is_answered, last = bool(key[0]), literal(key[1], BigInteger())
    same = Comment.is_answered.is_(is_answered)
    parts = [[same, Comment.id < last if is_back else Comment.id > last]]
    if is_answered == is_back:
        parts.append([Comment.is_answered.is_(not is_answered)])
    return parts


def many(
    viewer: Actor, of: Round, filters: Filters, wanted: Sequence[ColumnElement[bool]], *, is_whole: bool = False
) -> tuple[int, bool]:
    """How many comments `wanted` lets through, and whether there are more than that.

    `wanted` is `within` and the conditions of `filters` for this viewer.
    """
    if not filters.is_tallied:
        found = select(Comment.id).where(*wanted).limit(MOST_COUNTED + 1).subquery()
        counted = db.session.scalar(select(func.count()).select_from(found)) or 0
        return min(counted, MOST_COUNTED), counted > MOST_COUNTED
    return _tallied(of, filters) + (_withdrawn(of, filters) if is_whole else 0), False


def _tallied(of: Round, filters: Filters) -> int:
    kept = select(func.coalesce(func.sum(RoundTally.count), 0)).where(RoundTally.round_id == of.id)
    return int(db.session.scalar(kept.where(*filters.kinds())) or 0)


def _withdrawn(of: Round, filters: Filters) -> int:
    """The others, which are few: by another name, so that they are found by their own index (see UNSHOWN)."""
    other = aliased(Comment)
    few = (other.consultation_id == of.consultation_id, other.state != literal_column("'posted'"))
    gone = select(other.id).where(*few, other.round_id + 0 == of.id, other.state == "withdrawn")
    found = select(func.count(Comment.id)).where(Comment.id.in_(gone), *filters.conditions())
    return db.session.scalar(found) or 0
