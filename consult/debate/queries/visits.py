"""What is new since somebody's last visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import db, read_rows
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


def here_before(*, viewer: Actor, comment: Comment) -> tuple[datetime | None, str]:
    """The moment after which things are new to the viewer, and what she voted on a comment; one statement."""
    if not viewer.is_authenticated:
        return None, ""
    of = {"person_id": viewer.person_id, "consultation_id": comment.consultation_id, "comment_id": comment.id}
    before_at, latest_at, choice = read_rows(_HERE_BEFORE, of).one()
    since = None if latest_at is None else rules.since(before_at, latest_at, clock.now())
    return since, choice or ""


_HERE_BEFORE = (
    select(Visit.before_at, Visit.latest_at, Vote.choice)
    .select_from(Person)
    .outerjoin(Visit, and_(Visit.person_id == Person.id, Visit.consultation_id == bindparam("consultation_id")))
    .outerjoin(Vote, and_(Vote.person_id == Person.id, Vote.comment_id == bindparam("comment_id")))
    .where(Person.id == bindparam("person_id"))
)


def is_new(viewer: Actor, since: datetime) -> ColumnElement[bool]:
    """Comments of others that came since then, or that others replied to since then."""
    replied = select(Reply.id).where(Reply.comment_id == Comment.id, *_new_replies(viewer, since)).exists()
    came = and_(_shown_at(Comment) > since, _is_not(Comment.author_id, viewer))
    return and_(Comment.active_at > since, Comment.state == "posted", or_(came, replied))


def _new_replies(viewer: Actor, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return _shown_at(Reply) > since, Reply.state == "posted", _is_not(Reply.author_id, viewer)


def _shown_at(thing: type[Comment | Reply]) -> ColumnElement[datetime]:
    """When it came on show: what a moderator looked at first is new when she let it through."""
    return func.coalesce(thing.released_at, thing.posted_at)


def _is_not(column: Any, viewer: Actor) -> ColumnElement[bool]:
    return or_(column.is_(None), column != viewer.person_id)


def new_replies(viewer: Actor, comment_ids: Sequence[int], since: datetime | None) -> Mapping[int, int]:
    """How many replies of others came to each of these comments since then; one statement."""
    if since is None or not comment_ids:
        return {}
    rows = db.session.execute(
        select(Reply.comment_id, func.count())
        .where(Reply.comment_id.in_(comment_ids), *_new_replies(viewer, since))
        .group_by(Reply.comment_id)
    )
    return dict(rows.all())


def first_new_reply(*, viewer: Actor, comment: Comment) -> Reply | None:
    """The first new reply under a comment, in the order it is read."""
    since = new_since(viewer=viewer, consultation_id=comment.consultation_id)
    if since is None or comment.active_at <= since:
        return None
    here = select(Reply).where(Reply.comment_id == comment.id, *_new_replies(viewer, since))
    return db.session.scalars(here.order_by(Reply.path).limit(1)).first()
