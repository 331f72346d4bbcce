"""The whole debate: filtered, sorted, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, false, func, literal, or_, select

from consult.accounts.bodies import of_body, standing
from consult.accounts.models import Organisation
from consult.consultations.models import Consultation, Position, Round
from consult.core.conditions import per_viewer
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing, decode, encode
from consult.core.rules import Actor
from consult.debate import rules
from consult.debate.models import UNPLACED, UNSHOWN, Anchor, BodyTally, Comment, CommentPosition
from consult.documents.models import Clause, Draft, DraftVersion

from .cards import WITH_CARD, Card, cards
from .kinds import Filters, Tallies, facets, fits, tallies
from .visibility import listed_for, visible_to
from .visits import is_new, new_since

PAGE = 20
MOST_COUNTED = 10_000  # matching comments; so that a count costs no more in a large debate
OPTIONS = 500  # the longest list to choose from
ROUND, CONSULTATION = bindparam("round_id", type_=BigInteger), bindparam("consultation_id", type_=BigInteger)
JUDGED = UNSHOWN, Comment.state.in_(("held", "hidden"))  # what some may read and others not
CLAUSES = (  # with comments, in the order of the text; a statement that is built once
    select(Clause.key, Clause.label, Clause.title, Clause.comment_count)
    .join(Clause.version)
    .join(DraftVersion.draft)
    .where(
        Draft.consultation_id == CONSULTATION,
        or_(DraftVersion.round_id == ROUND, DraftVersion.round_id.is_(None)),
        Clause.comment_count > 0,
    )
    .order_by(DraftVersion.number, Clause.rank)
    .limit(OPTIONS)
)
PRIME = 2_147_483_647  # a prime above every id we shall see, small enough that products fit 64 bits


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the debate of a round with the counts beside its filters."""

    of: Round
    cards: Listing[Card]
    is_more: bool  # there are more than `cards.total`, which is MOST_COUNTED
    positions: Mapping[str, int]
    stances: Mapping[str, int]
    answers: Mapping[str, int]  # "open", "answered"
    hidden: int
    since: datetime | None  # the viewer's last visit
    fresh: int  # comments that are new since then, or have new replies
    is_told: bool  # what became of the comments may be shown
    clauses: Sequence[tuple[str, str, int]]  # key, name, comments: those with comments, in the order of the text
    organisations: Sequence[tuple[str, str]]  # slug, name: those that commented

    @property
    def clause_names(self) -> dict[str, str]:
        return {key: name for key, name, _n in self.clauses}

    @property
    def organisation_names(self) -> dict[str, str]:
        return dict(self.organisations)


@dataclass(frozen=True, slots=True)
class _Key:
    """One column of a sort: its expression, its direction, and how it travels in a cursor."""

    column: Any
    is_descending: bool = False
    is_moment: bool = False
    is_flag: bool = False


def listing(
    *, viewer: Actor, consultation: Consultation, filters: Filters, round_number: int = 0, sort: str = "text", seed: int = 0,
    after: str | None = None, before: str | None = None, limit: int = PAGE,
) -> Listed:  # fmt: skip
    """A page of the comments of a round, tombstones included where nothing is filtered.

    The consultation comes with its rounds and positions; without `round_number` it is the newest round.
    `after` and `before` are cursors of the page before; `seed` makes one random order that stays the same.
    """
    of = _round(consultation, round_number)
    is_told = rules.may_read_answers(viewer, consultation, of)
    keys = _sort(sort if is_told or sort != "unanswered" else "text", seed)
    since = new_since(viewer=viewer, consultation_id=consultation.id)
    chosen = _matching(viewer, consultation, filters).where(*_of_answers(filters, is_told))
    if filters.is_new and since is not None:
        chosen = chosen.where(is_new(viewer, since))
    rows, has_earlier, has_later = _page(chosen.where(*_within(of, filters)), keys, after, before, limit)
    shown = [row[0] for row in rows]
    kinds = tallies(viewer=viewer, of=of)
    total, is_more = _total(viewer, of, filters, chosen, kinds, is_told)
    stances, answers = facets(kinds, is_told)
    return Listed(
        of,
        Listing(
            cards(viewer=viewer, comments=shown, since=since),
            total,
            next_cursor=encode(_values(rows[-1], keys)) if rows and has_later else None,
            previous_cursor=encode(_values(rows[0], keys)) if rows and has_earlier else None,
        ),
        is_more,
        _positions(consultation, of),
        stances,
        answers,
        _hidden(of),
        since,
        _fresh(viewer, of, since),
        is_told,
        _clauses(consultation, of),
        _organisations(viewer, of),
    )


def _round(consultation: Consultation, number: int) -> Round:
    if not number:
        return consultation.round
    for row in consultation.rounds:
        if row.number == number:
            return row
    raise Missing("This consultation has no such round.")


def _matching(viewer: Actor, consultation: Consultation, filters: Filters) -> Select[Any]:
    """Comments of any round that match; a filter must not find words the viewer cannot read."""
    scope = visible_to(viewer) if filters.is_any else listed_for(viewer)
    statement = select(Comment).join(Comment.consultation).where(scope)
    return statement.where(*_conditions(consultation, filters))


def _here(of: Round) -> tuple[ColumnElement[bool], ...]:
    return Comment.consultation_id == of.consultation_id, Comment.round_id == of.id


def _within(of: Round, filters: Filters) -> tuple[ColumnElement[bool], ...]:
    """The same, but for what an index holds the few of: SQLite must begin with that, whatever the order."""
    if filters.is_unplaced:
        return Comment.consultation_id + 0 == of.consultation_id, Comment.round_id + 0 == of.id
    return _here(of)


def _few(of: Round) -> tuple[ColumnElement[bool], ...]:
    """Those which some may read and others not. "+ 0": SQLite must begin with these few, not with all of the round."""
    return Comment.consultation_id == of.consultation_id, Comment.round_id + 0 == of.id, *JUDGED


def _conditions(consultation: Consultation, filters: Filters) -> list[ColumnElement[bool]]:
    plain = {
        Comment.type: filters.type,
        Comment.category: filters.category,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in plain.items() if value]
    if filters.stances:
        found.append(Comment.stance.in_(filters.stances))
    if filters.words:
        pattern = f"%{_escaped(filters.words)}%"
        found.append(or_(*(c.ilike(pattern, escape="\\") for c in (Comment.body, Comment.number, Comment.author_name))))
    if filters.clause:
        here = select(Anchor.comment_id).join(Anchor.clause).where(Clause.key == filters.clause)
        found.append(Comment.id.in_(here))
    if filters.organisation:
        named = select(Organisation.id).where(Organisation.slug == filters.organisation).scalar_subquery()
        found.append(of_body(Comment.organisation_id, named))
    return found + _of_positions(consultation, filters)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _of_positions(consultation: Consultation, filters: Filters) -> list[ColumnElement[bool]]:
    if filters.is_unplaced:
        return [UNPLACED]
    argued = select(CommentPosition.comment_id).where(CommentPosition.is_cost.is_(False))
    wanted = [p.id for p in consultation.positions if p.key in filters.positions]
    return [Comment.id.in_(argued.where(CommentPosition.position_id.in_(wanted)))] if filters.positions else []


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


def _sort(sort: str, seed: int) -> tuple[_Key, ...]:
    identity = _Key(Comment.id)
    orders: dict[str, tuple[_Key, ...]] = {
        "newest": (_Key(Comment.posted_at, True, True), _Key(Comment.id, True)),
        "discussed": (_Key(Comment.reply_count, True), _Key(Comment.id, True)),
        "oldest": (_Key(Comment.posted_at, False, True), identity),
        "unanswered": (_Key(Comment.is_answered, is_flag=True), identity),
        "bridging": (_Key(Comment.common_ground, True), _Key(Comment.id, True)),
        "random": (_Key(_shuffled(seed)), identity),
    }
    return orders.get(sort, (_Key(Comment.place), identity))


def _shuffled(seed: int) -> Any:
    """A whole-number hash of the id that any database computes alike."""
    factor = 1_327_217_885 + seed * 7_368_787 % 500_000_000  # large, so that neighbours part at once
    line = ((Comment.id % PRIME) * literal(factor) + literal(seed * 7_919 % PRIME)) % PRIME
    return (line * line) % PRIME  # squared: not the same steps for every seed


def _page(
    chosen: Select[Any], keys: tuple[_Key, ...], after: str | None, before: str | None, limit: int
) -> tuple[list[Any], bool, bool]:
    """The rows of one page in reading order, and whether there are more before and behind it."""
    is_back = before is not None and after is None
    cursor = _read(decode(before if is_back else after, len(keys)), keys)
    statement = chosen.add_columns(*(key.column for key in keys)).options(*WITH_CARD)
    if cursor is not None:
        statement = statement.where(_beyond(keys, cursor, is_back))
    order = [key.column.desc() if key.is_descending != is_back else key.column.asc() for key in keys]
    rows = list(db.session.execute(statement.order_by(*order).limit(limit + 1)).all())
    is_more = len(rows) > limit
    rows = rows[:limit]
    if is_back:
        return rows[::-1], is_more, True
    return rows, cursor is not None, is_more


def _beyond(keys: tuple[_Key, ...], cursor: Sequence[Any], is_back: bool) -> ColumnElement[bool]:
    """Rows behind the cursor: (a, b) > (x, y), each column in its own direction."""
    (first, second), (x, y) = keys, cursor
    beyond_first = first.column < x if first.is_descending != is_back else first.column > x
    beyond_second = second.column < y if second.is_descending != is_back else second.column > y
    return or_(beyond_first, and_(first.column == x, beyond_second))


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
    return literal(bool(_whole(value))) if key.is_flag else literal(_whole(value), BigInteger)


def _whole(value: Any) -> int:
    number = int(value)
    if not -(2**62) < number < 2**62:
        raise ValueError(number)
    return number


def _values(row: Any, keys: tuple[_Key, ...]) -> list[int]:
    return [
        round(value.timestamp() * 1_000_000) if key.is_moment else int(value)
        for value, key in zip(row[1:], keys, strict=True)
    ]


def _total(
    viewer: Actor, of: Round, filters: Filters, chosen: Select[Any], kinds: Tallies, is_told: bool
) -> tuple[int, bool]:
    """How many comments match, and whether there are more than that."""
    if not filters.is_any:
        return of.comment_count, False
    if filters.is_tallied:
        return sum(row.many for row in kinds if fits(row, filters, is_told)) + _unshown(viewer, of, chosen), False
    counted = _count(chosen.where(*_within(of, filters)).limit(MOST_COUNTED + 1))
    return min(counted, MOST_COUNTED), counted > MOST_COUNTED


def _unshown(viewer: Actor, of: Round, chosen: Select[Any]) -> int:
    """How many match that not everybody may read: what waits for a look or is hidden, for those who judge it."""
    return _count(chosen.where(*_few(of))) if viewer.is_authenticated or viewer.is_system else 0


def _count(chosen: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(chosen.with_only_columns(Comment.id).subquery())) or 0


def _positions(consultation: Consultation, of: Round) -> dict[str, int]:
    """How many shown comments of the round argue from each position; kept while there is only one round."""
    if len(consultation.rounds) == 1:
        return {position.key: position.comment_count for position in consultation.positions}
    rows = db.session.execute(
        select(Position.key, func.count())
        .join(CommentPosition, CommentPosition.position_id == Position.id)
        .join(CommentPosition.comment)
        .where(Comment.round_id == of.id, Comment.state == "posted", CommentPosition.is_cost.is_(False))
        .group_by(Position.key)
    )
    return dict(rows.all())


def _hidden(of: Round) -> int:
    """How many comments of the round are hidden; everybody may know."""
    return db.session.scalar(select(func.count()).where(*_few(of), Comment.state == "hidden")) or 0


def _fresh(viewer: Actor, of: Round, since: datetime | None) -> int:
    if since is None:
        return 0
    found = select(func.count()).select_from(Comment).join(Comment.consultation)
    return db.session.scalar(found.where(*_here(of), visible_to(viewer), is_new(viewer, since))) or 0


def _clauses(consultation: Consultation, of: Round) -> list[tuple[str, str, int]]:
    rows = db.session.execute(CLAUSES, {"round_id": of.id, "consultation_id": consultation.id})
    found: dict[str, tuple[str, int]] = {}
    for key, label, title, n in rows:
        found[key] = (label or title or key, found.get(key, ("", 0))[1] + n)
    return [(key, name, n) for key, (name, n) in found.items()]


def _organisations(viewer: Actor, of: Round) -> list[tuple[str, str]]:
    """Those that commented, what this viewer alone may read included."""
    those = select(Organisation.slug, Organisation.name).where(_spoke(viewer))
    rows = db.session.execute(
        those.order_by(Organisation.name).limit(OPTIONS),
        {"round_id": of.id, "consultation_id": of.consultation_id},
    )
    return [(slug, name) for slug, name in rows]


@per_viewer
def _spoke(viewer: Actor) -> ColumnElement[bool]:
    """Whether an organisation commented in the round `round_id` of `consultation_id`, as far as this viewer may know."""
    shown = select(standing(BodyTally.organisation_id)).where(BodyTally.round_id == ROUND, BodyTally.count > 0)
    if not viewer.is_authenticated and not viewer.is_system:
        return Organisation.id.in_(shown)
    mine = select(standing(Comment.organisation_id)).join(Comment.consultation)
    mine = mine.where(
        Comment.consultation_id == CONSULTATION, Comment.round_id + 0 == ROUND, *JUDGED, visible_to(viewer)
    )
    return or_(Organisation.id.in_(shown), Organisation.id.in_(mine))
