"""Which comments of a round a list has, in which order, and how many there are."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Select, and_, bindparam, false, func, literal, or_, select

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.db import Moment, db, read_rows
from consult.core.paging import decode, encode
from consult.core.records import Record, replace
from consult.core.rules import Actor
from consult.debate.models import CIRCLE, UNPLACED, UNSHOWN, Comment, RoundTally

from .kinds import TALLIED, Filters, Tallies, fits
from .lines import with_lines
from .narrowing import Narrowed, kept
from .visibility import listed_for, visible_to
from .visits import is_new

MOST_COUNTED = 1_000  # matching comments; so that a count costs no more in a large debate
ROUND, CONSULTATION = bindparam("round_id", type_=BigInteger), bindparam("consultation_id", type_=BigInteger)
JUDGED = UNSHOWN, Comment.state.in_(("held", "hidden"))  # what some may read and others not
# Those of a round. "+ 0": SQLite must begin with these few, not with all of the round.
FEW = Comment.consultation_id == CONSULTATION, Comment.round_id + 0 == ROUND, *JUDGED
CURSOR = "x", "y"  # the values of a row that a page begins behind
KEPT = 64  # statements of each kind that a process remembers
Span = tuple[int, int]  # of the first column of an order: from, up to but not including
EVERYTHING: Span = (0, 0)


class Asked(Record):
    """All that decides which comments a list has. Equal ones share their statements, which are built once."""

    viewer: Actor
    consultation_id: int
    round_id: int
    filters: Filters
    ways: tuple[Narrowed, ...]
    is_told: bool  # what became of the comments may be shown
    since: datetime | None  # only what is new since then; None: all


class Found(Record):
    """The rows of one page in reading order, and the cursors of the pages before and behind it."""

    rows: Sequence[Any]
    next_cursor: str | None
    previous_cursor: str | None


class _Key(Record):
    """One column of a sort: its expression, its direction, and how it travels in a cursor."""

    column: Any
    is_descending: bool = False
    is_moment: bool = False
    is_flag: bool = False

    @property
    def type(self) -> Any:
        """Of its values in a cursor. Whole numbers may be larger there than any of the column is."""
        return Moment() if self.is_moment else Boolean() if self.is_flag else BigInteger()


IDENTITY, BACKWARDS = _Key(Comment.id), _Key(Comment.id, True)
ORDERS = {
    "text": (_Key(Comment.place), IDENTITY),
    "newest": (_Key(Comment.posted_at, True, True), BACKWARDS),
    "discussed": (_Key(Comment.reply_count, True), BACKWARDS),
    "oldest": (_Key(Comment.posted_at, False, True), IDENTITY),
    "unanswered": (_Key(Comment.is_answered, is_flag=True), IDENTITY),
    "bridging": (_Key(Comment.common_ground, True), BACKWARDS),
}


@lru_cache(KEPT)
def _matching(asked: Asked) -> Select[Any]:
    """Comments of any round that match; a filter must not find words the viewer cannot read."""
    scope = visible_to(asked.viewer) if asked.filters.is_any else listed_for(asked.viewer)
    statement = select(Comment).join(Comment.consultation).where(scope, *_conditions(asked))
    statement = statement.where(*_of_answers(asked.filters, asked.is_told))
    return statement if asked.since is None else statement.where(is_new(asked.viewer, asked.since))


def _within(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Those of the round. What an index holds the few of, SQLite must begin with, whatever the order; PostgreSQL knows."""
    is_told = db.session.get_bind().dialect.name == "sqlite"
    if is_told and (asked.filters.is_unplaced or any(way.is_few for way in asked.ways)):
        return Comment.consultation_id + 0 == asked.consultation_id, Comment.round_id + 0 == asked.round_id
    return Comment.consultation_id == asked.consultation_id, Comment.round_id == asked.round_id


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    filters = asked.filters
    plain = {
        Comment.type: filters.type,
        Comment.category: filters.category,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in plain.items() if value]
    if filters.stances:
        found.append(Comment.stance.in_(filters.stances))
    if filters.is_unplaced:
        found.append(UNPLACED)
    return found + [way.condition for way in asked.ways]


def _of_answers(filters: Filters, is_told: bool) -> list[ColumnElement[bool]]:
    """While the answers are not public yet, every comment is still open."""
    if not filters.answer or (filters.answer == "open" and not is_told):
        return []
    if not is_told:
        return [false()]
    if filters.answer == "open":
        return [Comment.disposition == "unresolved"]
    if filters.answer == "answered":
        return [Comment.disposition != "unresolved"]
    return [Comment.disposition == filters.answer]


def _sort(sort: str, seed: int, filters: Filters) -> tuple[_Key, ...]:
    """Two columns. On one clause the order of the text is that in which they came: walking there would take long."""
    if filters.clause and sort != "random" and sort not in ORDERS.keys() - {"text"}:
        return IDENTITY, IDENTITY
    turns_back = bool(_start(seed) % 2)
    circle = _Key(Comment.shuffle, turns_back), _Key(Comment.id, turns_back)
    return circle if sort == "random" else ORDERS.get(sort, ORDERS["text"])


def _start(seed: int) -> int:
    """Where on the circle the random order of this seed begins; which way round it goes follows from that."""
    return (seed * 1_327_217_885 + 7_368_787) * 2_654_435_761 // 2**16 % CIRCLE


def _spans(sort: str, seed: int, place: int | None, *, is_back: bool) -> Sequence[Span]:
    """The parts of the circle in the random order, from the one on that a cursor is in; any other order has one part."""
    if sort != "random":
        return [EVERYTHING]
    start = _start(seed)
    parts: list[Span] = [(start, CIRCLE), (0, start)]
    if (start % 2 == 1) != is_back:
        parts.reverse()
    at = next((n for n, (low, high) in enumerate(parts) if place is not None and low <= place < high), 0)
    return parts[at:]


def found(asked: Asked, sort: str, seed: int, after: str | None, before: str | None, limit: int) -> Found:
    """The rows of a page, as `with_lines` asks for them; `after` and `before` are cursors of another page."""
    if sort == "unanswered" and not asked.is_told:
        sort = "text"
    keys = _sort(sort, seed, asked.filters)
    is_back = before is not None and after is None
    cursor = _read(decode(before if is_back else after, len(keys)), keys)
    rows: list[Any] = []
    behind = cursor
    for span in _spans(sort, seed, cursor[0] if cursor else None, is_back=is_back):
        statement = _paged(asked, sort, seed, span, is_back=is_back, is_further=behind is not None)
        given = dict(zip(CURSOR, behind or (), strict=False)) | {"many": limit + 1 - len(rows)}
        rows += read_rows(statement, given).all()
        behind = None  # the next part is seen from its beginning
        if len(rows) > limit:
            break
    is_more = len(rows) > limit
    rows = rows[:limit][::-1] if is_back else rows[:limit]
    has_later, has_earlier = (True, is_more) if is_back else (is_more, cursor is not None)
    return Found(
        rows,
        encode(_values(rows[-1], keys)) if rows and has_later else None,
        encode(_values(rows[0], keys)) if rows and has_earlier else None,
    )


@lru_cache(KEPT)
def _paged(asked: Asked, sort: str, seed: int, span: Span, *, is_back: bool, is_further: bool) -> Any:
    """The statement that finds a page: `many` rows, `is_further`: beyond the CURSOR, whose values are given with it."""
    keys = _sort(sort, seed, asked.filters)
    statement = with_lines(_matching(asked).where(*_within(asked))).add_columns(*(key.column for key in keys))
    if span is not EVERYTHING:
        statement = statement.where(keys[0].column >= span[0], keys[0].column < span[1])
    if is_further:
        statement = statement.where(_beyond(keys, is_back))
    order = [key.column.desc() if key.is_descending != is_back else key.column.asc() for key in keys]
    return statement.order_by(*order).limit(bindparam("many", type_=BigInteger))


def _beyond(keys: tuple[_Key, ...], is_back: bool) -> ColumnElement[bool]:
    """Rows behind the cursor: (a, b) > (x, y), each column in its own direction. An index looks up the first bound."""
    first, second = keys
    x, y = (bindparam(name, type_=key.type) for name, key in zip(CURSOR, keys, strict=True))
    reached = first.column <= x if first.is_descending != is_back else first.column >= x
    beyond_first = first.column < x if first.is_descending != is_back else first.column > x
    beyond_second = second.column < y if second.is_descending != is_back else second.column > y
    return and_(reached, or_(beyond_first, beyond_second))


def _read(values: list[Any] | None, keys: tuple[_Key, ...]) -> list[Any] | None:
    """Cursor values back as the columns have them; None when somebody has meddled with them."""
    if values is None:
        return None
    try:
        return [_read_one(value, key) for value, key in zip(values, keys, strict=True)]
    except (ValueError, OverflowError, OSError):
        return None


def _read_one(value: Any, key: _Key) -> Any:
    if key.is_moment:
        return datetime.fromtimestamp(int(value) / 1_000_000, UTC)
    return bool(_whole(value)) if key.is_flag else _whole(value)


def _whole(value: Any) -> int:
    number = int(value)
    if not -(2**62) < number < 2**62:
        raise ValueError(number)
    return number


def _values(row: Any, keys: tuple[_Key, ...]) -> list[int]:
    return [
        round(value.timestamp() * 1_000_000) if key.is_moment else int(value)
        for value, key in zip(row[-len(keys) :], keys, strict=True)
    ]


class Numbers(Record):
    """What stands beside a list: what is kept, and what is counted for this viewer."""

    kinds: Tallies
    counted: int  # of what no table keeps, see `_counting`
    hidden: int  # comments of the round; everybody may know
    fresh: int  # comments that are new to the viewer, or have new replies


def numbers(asked: Asked, since: datetime | None = None) -> Numbers:
    """The numbers beside a list, in one statement; `since`: what is new."""
    of = {"round_id": asked.round_id, "consultation_id": asked.consultation_id}
    rows = read_rows(_numbers(asked, since), of).all()
    if not rows:
        return Numbers((), 0, 0, 0)
    return Numbers([row for row in rows if row.many], rows[0].counted, rows[0].hidden, rows[0].fresh)


@lru_cache(KEPT)
def _numbers(asked: Asked, since: datetime | None) -> Select[Any]:
    """The statement of `numbers`: one row for each kind, and one at least."""
    counting = _counting(asked)
    return (
        select(
            (literal(0) if counting is None else _size(counting)).label("counted"),
            _size(select(Comment.id).where(*FEW, Comment.state == "hidden")).label("hidden"),
            (literal(0) if since is None else _size(_fresh(asked.viewer, since))).label("fresh"),
            *TALLIED,
        )
        .select_from(Consultation)
        .outerjoin(RoundTally, and_(RoundTally.round_id == ROUND, RoundTally.count > 0))
        .where(Consultation.id == CONSULTATION, consultations.visible_to(asked.viewer))
    )


def _size(chosen: Select[Any]) -> Any:
    return select(func.count()).select_from(chosen.subquery()).scalar_subquery()


def _fresh(viewer: Actor, since: datetime) -> Select[Any]:
    here = Comment.consultation_id == CONSULTATION, Comment.round_id == ROUND
    return select(Comment.id).join(Comment.consultation).where(*here, visible_to(viewer), is_new(viewer, since))


def _counting(asked: Asked) -> Select[Any] | None:
    """What must be counted to know how many match: all that do, or where that is kept those not everybody may read."""
    if not asked.filters.is_any:
        return None
    if not _is_kept(asked):
        return _matching(asked).with_only_columns(Comment.id).where(*_within(asked)).limit(MOST_COUNTED + 1)
    if not asked.viewer.is_authenticated and not asked.viewer.is_system:
        return None
    # SQLite must begin with what is not on show, however few fit a filter.
    asked = replace(asked, ways=tuple(dataclasses.replace(way, is_few=False) for way in asked.ways))
    return _matching(asked).with_only_columns(Comment.id).where(*FEW)


def _is_kept(asked: Asked) -> bool:
    return asked.filters.is_tallied or kept(asked.filters, asked.ways) is not None


def total(asked: Asked, of: Round, known: Numbers) -> tuple[int, bool]:
    """How many comments match, and whether there are more than that."""
    if not asked.filters.is_any:
        return of.comment_count, False
    if asked.filters.is_tallied:
        tallied = sum(row.many for row in known.kinds if fits(row, asked.filters, asked.is_told))
        return tallied + known.counted, False
    shown = kept(asked.filters, asked.ways)
    if shown is not None:
        return shown + known.counted, False
    is_more = known.counted > MOST_COUNTED or any(way.is_cut for way in asked.ways)
    return min(known.counted, MOST_COUNTED), is_more
