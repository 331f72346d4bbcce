"""What is new since somebody's last visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, case, func, or_, select

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Moment, db, read_rows
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import rules
from consult.debate.models import Comment, Reply, Visit, Vote


def visit_of(*, viewer: Actor, consultation_id: int) -> Visit | None:
    """When the viewer was here, as far as is known."""
    if not viewer.is_authenticated:
        return None
    mine = select(Visit).where(Visit.consultation_id == consultation_id, Visit.person_id == viewer.person_id)
    return db.session.scalars(mine.execution_options(populate_existing=True)).first()


def new_since(*, viewer: Actor, consultation_id: int) -> datetime | None:
    """The moment after which things are new to the viewer; None: nothing is marked."""
    known = visit_of(viewer=viewer, consultation_id=consultation_id)
    return None if known is None else rules.since(known.before_at, known.latest_at, clock.now())


class HereBefore(Record):
    """What a viewer did where she now looks at one comment, and what is new to her under it."""

    since: datetime | None = None  # things are new after it; None: nothing is marked
    vote: str = ""
    new_replies: int = 0


def here_before(*, viewer: Actor, comment: Comment) -> HereBefore:
    """When the viewer was here, what she voted on a comment, and how many replies to it are new to her; one statement."""
    if not viewer.is_authenticated:
        return HereBefore()
    now = clock.now()
    of = {
        "person_id": viewer.person_id, "consultation_id": comment.consultation_id, "comment_id": comment.id,
        "active_at": comment.active_at, "ended": now - rules.PAUSE,
    }  # fmt: skip
    before_at, latest_at, choice, replies = read_rows(_HERE_BEFORE, of).one()
    since = None if latest_at is None else rules.since(before_at, latest_at, now)
    return HereBefore(since, choice or "", replies)


def is_new(viewer: Actor, since: datetime) -> ColumnElement[bool]:
    """Comments of others that came since then, or that others replied to since then."""
    replied = select(Reply.id).where(Reply.comment_id == Comment.id, *are_new(viewer.person_id, since)).exists()
    came = and_(_shown_at(Comment) > since, _is_not(Comment.author_id, viewer.person_id))
    return and_(Comment.active_at > since, Comment.state == "posted", or_(came, replied))


def are_new(person_id: Any, since: Any) -> tuple[ColumnElement[bool], ...]:
    """Replies of others than this person that came since then; either may be a parameter or a column."""
    return _shown_at(Reply) > since, Reply.state == "posted", _is_not(Reply.author_id, person_id)


def _shown_at(thing: type[Comment | Reply]) -> ColumnElement[datetime]:
    """When it came on show: what a moderator looked at first is new when she let it through."""
    return func.coalesce(thing.released_at, thing.posted_at)


def _is_not(column: Any, person_id: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), column != person_id)


# The same moment as `rules.since` says. Nothing came since then: then no database looks for it.
_SINCE = case((Visit.latest_at < bindparam("ended", type_=Moment()), Visit.latest_at), else_=Visit.before_at)
_COMMENT = bindparam("comment_id", type_=BigInteger)
_NEW_REPLIES = (
    select(func.count())
    .select_from(Reply)
    .where(Reply.comment_id == _COMMENT, bindparam("active_at", type_=Moment()) > _SINCE, *are_new(Person.id, _SINCE))
    .correlate(Visit, Person)
    .scalar_subquery()
)
_HERE_BEFORE = (
    select(Visit.before_at, Visit.latest_at, Vote.choice, _NEW_REPLIES)
    .select_from(Person)
    .outerjoin(Visit, and_(Visit.person_id == Person.id, Visit.consultation_id == bindparam("consultation_id")))
    .outerjoin(Vote, and_(Vote.person_id == Person.id, Vote.comment_id == _COMMENT))
    .where(Person.id == bindparam("person_id"))
)


def new_replies(viewer: Actor, comment_ids: Sequence[int], since: datetime | None) -> Mapping[int, int]:
    """How many replies of others came to each of these comments since then; one statement."""
    if since is None or not comment_ids:
        return {}
    rows = db.session.execute(
        select(Reply.comment_id, func.count())
        .where(Reply.comment_id.in_(comment_ids), *are_new(viewer.person_id, since))
        .group_by(Reply.comment_id)
    )
    return dict(rows.all())


def first_new_reply(*, viewer: Actor, comment: Comment) -> Reply | None:
    """The first new reply under a comment, in the order it is read."""
    since = new_since(viewer=viewer, consultation_id=comment.consultation_id)
    if since is None or comment.active_at <= since:
        return None
    here = select(Reply).where(Reply.comment_id == comment.id, *are_new(viewer.person_id, since))
    return db.session.scalars(here.order_by(Reply.path).limit(1)).first()
