"""Lists of consultations: what is open, what is coming, what came of earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import QueryableAttribute, selectinload

from consult.core import clock, paging
from consult.core.db import db
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.core.text import excerpt, markdown, plain

from ..models import Consultation, Position, Topic, Transition
from .one import visible_to

PAGE = 20


class Group(Record):
    """A group of states people look for, with the order of its list."""

    name: str
    states: tuple[str, ...]
    column: QueryableAttribute[Any]
    is_descending: bool
    empty: str


GROUPS = {
    "open": Group(
        "Open", ("open", "paused"), Consultation.closes_at, False, "Nothing is open for comments at the moment."
    ),
    "coming": Group(
        "Coming", ("announced",), Consultation.opens_at, False, "Nothing is announced at the moment."
    ),
    "answering": Group(
        "Being answered", ("analysis", "review"), Consultation.closes_at, True, "Nothing is being answered at the moment."
    ),
    "published": Group(
        "Outcomes", ("published", "adopted", "withdrawn", "archived"), Consultation.closes_at, True,
        "There are no outcomes yet.",
    ),
}  # fmt: skip
EVERY = Group(
    "All", tuple(state for group in GROUPS.values() for state in group.states), Consultation.announced_at, True,
    "There are no consultations yet.",
)  # fmt: skip
MINE = Group("Yours", ("draft",), Consultation.created_at, True, "You run no consultation yet.")


class Call(Record):
    """One consultation as a calm row. `big` and `big_words` stand before it, `date` below them."""

    slug: str
    title: str
    line: str
    by: str
    spoken: str
    state: str
    timezone: str
    big: str
    big_words: str
    date_words: str
    date: datetime | None
    counts: Sequence[tuple[Position, int]]


class Outcome(Record):
    """What came of one consultation, for a list."""

    at: datetime
    timezone: str
    headline: str
    slug: str
    title: str
    line: str
    has_outcome: bool


class Index(Record):
    """The page of all consultations: a group, its filters and what can be chosen."""

    group: str
    empty: str
    listing: Listing[Call]
    organisers: Sequence[str]
    topics: Sequence[str]
    has_mine: bool


def open_now(*, viewer: Actor, limit: int) -> Sequence[Call]:
    """What takes comments now, closing soonest first."""
    rows = db.session.scalars(
        select(Consultation)
        .options(selectinload(Consultation.positions))
        .where(Consultation.state == "open", Consultation.closes_at > clock.now(), visible_to(viewer))
        .order_by(Consultation.closes_at, Consultation.id)
        .limit(limit)
    )
    return [call_of(row) for row in rows]


def recent_outcomes(*, viewer: Actor, limit: int) -> Sequence[Outcome]:
    """What was published or withdrawn last, newest first; of several rounds the newest that ended."""
    ends = select(func.max(Transition.id)).where(Transition.verb.in_(("publish", "withdraw")))
    rows = db.session.execute(
        select(Consultation, Transition)
        .join(Transition, Transition.consultation_id == Consultation.id)
        .where(Transition.id.in_(ends.group_by(Transition.consultation_id)), visible_to(viewer))
        .where(Consultation.state != "archived")
        .order_by(Transition.at.desc(), Transition.id.desc())
        .limit(limit)
    )
    return [_outcome(row, step) for row, step in rows]


def _outcome(row: Consultation, step: Transition) -> Outcome:
    many = f"{row.comment_count:,} comment{'' if row.comment_count == 1 else 's'}"
    if step.verb == "withdraw":
        headline, line = f"Withdrawn after {many}", excerpt(step.reason)
    else:
        headline, line = row.headline or f"{many} answered", row.outcome_line or _line(row)
    return Outcome(
        at=step.at, timezone=row.timezone, headline=headline, slug=row.slug, title=row.title, line=line,
        has_outcome=step.verb == "publish",
    )  # fmt: skip


def index(
    *, viewer: Actor, group: str = "", organiser: str = "", topic: str = "", text: str = "",
    after: str | None = None, before: str | None = None,
) -> Index:  # fmt: skip
    """One page of a group of consultations ("" is all, "mine" what the viewer runs), filtered."""
    chosen = MINE if group == "mine" else GROUPS.get(group, EVERY)
    where = [visible_to(viewer), _is_in(chosen, viewer), *_filters(organiser, topic, text)]
    total = db.session.scalar(select(func.count()).select_from(Consultation).where(*where)) or 0
    rows, has_more = _page(chosen, where, paging.decode(after, 2), paging.decode(before, 2))
    is_back = before is not None and after is None
    return Index(
        group=group if group in GROUPS or group == "mine" else "",
        empty="Nothing fits these filters." if organiser or topic or text else chosen.empty,
        listing=Listing(
            rows=[call_of(row) for row in rows],
            total=total,
            next_cursor=_cursor(chosen, rows[-1]) if rows and (has_more or is_back) else None,
            previous_cursor=_cursor(chosen, rows[0]) if rows and (has_more if is_back else after) else None,
        ),
        organisers=_organisers(viewer),
        topics=_topics(viewer),
        has_mine=bool(viewer.staff_of) or viewer.is_administrator,
    )


def _is_in(group: Group, viewer: Actor) -> ColumnElement[bool]:
    if group is not MINE:
        return Consultation.state.in_(group.states)
    own = Consultation.id.in_(viewer.staff_of)
    return or_(own, Consultation.state == "draft") if viewer.is_administrator else own


def _filters(organiser: str, topic: str, text: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if organiser:
        found.append(Consultation.organiser_name == organiser)
    if topic:
        tagged = select(Topic.consultation_id).where(Topic.name == topic)
        found.append(Consultation.id.in_(tagged))
    for word in text.split()[:8]:
        found.append(
            or_(
                Consultation.title.icontains(word, autoescape=True),
                Consultation.summary.icontains(word, autoescape=True),
            )
        )
    return found


def _page(
    group: Group, where: list[ColumnElement[bool]], after: list[Any] | None, before: list[Any] | None
) -> tuple[list[Consultation], bool]:
    """The rows of one page in the group's order, and whether more follow in the direction asked."""
    is_back = before is not None and after is None
    is_descending = group.is_descending != is_back
    beyond = _beyond(group.column, after or before, is_descending)
    order = (group.column, Consultation.id)
    rows = db.session.scalars(
        select(Consultation)
        .options(selectinload(Consultation.positions))
        .where(*where, *beyond)
        .order_by(*(column.desc() if is_descending else column.asc() for column in order))
        .limit(PAGE + 1)
    ).all()
    page = list(rows[:PAGE])
    return (page[::-1] if is_back else page), len(rows) > PAGE


def _beyond(column: QueryableAttribute[Any], keys: list[Any] | None, is_descending: bool) -> list[ColumnElement[bool]]:
    """Rows after the cursor; a cursor somebody meddled with means the first page."""
    try:
        moment, row_id = (datetime.fromisoformat(keys[0]), int(keys[1])) if keys else (None, 0)
    except (TypeError, ValueError):
        return []
    if moment is None or moment.tzinfo is None or not 0 <= row_id < 2**62:
        return []
    if is_descending:
        return [or_(column < moment, and_(column == moment, Consultation.id < row_id))]
    return [or_(column > moment, and_(column == moment, Consultation.id > row_id))]


def _cursor(group: Group, row: Consultation) -> str | None:
    moment: datetime | None = getattr(row, group.column.key)
    return paging.encode([moment.isoformat(), row.id]) if moment else None


def _organisers(viewer: Actor) -> Sequence[str]:
    return db.session.scalars(
        select(Consultation.organiser_name)
        .where(Consultation.organiser_name != "", Consultation.state != "draft", visible_to(viewer))
        .distinct()
        .order_by(Consultation.organiser_name)
        .limit(200)
    ).all()


def _topics(viewer: Actor) -> Sequence[str]:
    return db.session.scalars(
        select(Topic.name)
        .join(Consultation, Consultation.id == Topic.consultation_id)
        .where(Consultation.state != "draft", visible_to(viewer))
        .distinct()
        .order_by(Topic.name)
        .limit(200)
    ).all()


def call_of(row: Consultation) -> Call:
    """A consultation with its positions loaded, as a row of a list."""
    big, big_words, date_words, date = _lead(row, clock.now())
    partners = [name.strip() for name in row.co_organisers.splitlines() if name.strip()]
    names = row.organiser_name + (f", with {', '.join(partners)}" if partners else "")
    return Call(
        slug=row.slug, title=row.title or "Untitled consultation", line=_line(row), by=names, spoken=_spoken(row),
        state=row.state, timezone=row.timezone, big=big, big_words=big_words, date_words=date_words, date=date,
        counts=[(position, position.comment_count) for position in row.positions],
    )  # fmt: skip


def _line(row: Consultation) -> str:
    first = row.summary.strip().split("\n\n", 1)[0]
    return excerpt(plain(markdown(first)), 220)


def _spoken(row: Consultation) -> str:
    if row.state in ("draft", "announced"):
        return ""
    if not row.comment_count:
        return "Nobody has commented yet" if row.state == "open" else "No comments"
    groups = []
    if row.organisation_count:
        groups.append(f"{row.organisation_count:,} organisation{'' if row.organisation_count == 1 else 's'}")
    if row.person_count:
        groups.append("1 person" if row.person_count == 1 else f"{row.person_count:,} people")
    one = row.organisation_count + row.person_count == 1
    verb = "has" if one else "have"
    many = f"{row.comment_count:,} comment{'' if row.comment_count == 1 else 's'}"
    return f"{' and '.join(groups)} {verb} made {many}" if groups else many


def _lead(row: Consultation, moment: datetime) -> tuple[str, str, str, datetime | None]:
    """The number or word before a row, what it counts, and the date it leads to."""
    if row.state == "open" and row.closes_at is not None:
        return (*_left(row.closes_at, moment, "left"), "closes", row.closes_at)
    if row.state == "announced" and row.opens_at is not None:
        return (*_left(row.opens_at, moment, "to go"), "opens", row.opens_at)
    closed = ("closed", row.closes_at)
    return {
        "draft": ("", "Draft", "begun", row.created_at),
        "paused": ("", "Paused", "closes", row.closes_at),
        "analysis": ("", "Being answered", *closed),
        "review": ("", "In review", "until" if row.review_ends_at else "closed", row.review_ends_at or row.closes_at),
        "withdrawn": ("", "Withdrawn", "", None),
        "adopted": ("", "Adopted", "outcome of", row.published_at),
    }.get(row.state, ("", row.state.capitalize(), "outcome of" if row.published_at else "", row.published_at))


def _left(until: datetime, moment: datetime, word: str) -> tuple[str, str]:
    left = until - moment
    if left.total_seconds() <= 0:
        return "0", "closing now" if word == "left" else "opening now"
    if left.days >= 1:
        return str(left.days), f"day{'' if left.days == 1 else 's'} {word}"
    hours = left.seconds // 3600
    if hours:
        return str(hours), f"hour{'' if hours == 1 else 's'} {word}"
    minutes = left.seconds // 60 + 1
    return str(minutes), f"minute{'' if minutes == 1 else 's'} {word}"
