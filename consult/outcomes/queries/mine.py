"""What became of my comments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from consult.consultations import queries as consultations
from consult.core import paging
from consult.core.db import db
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Comment

from ..models import Disposition
from .answers import Answers, answers_of
from .changed import Rewording, reworded
from .filters import keys_of
from .visibility import is_current, visible_to
from .workbench import with_place

PAGE = 20


class Fate(Record):
    """One of my comments and what became of it so far."""

    comment: Comment
    told: Answers | None
    rewordings: Sequence[Rewording] = ()

    @property
    def is_waiting(self) -> bool:
        """Wholly, or for some of its clauses."""
        return self.comment.state == "held" or (
            self.comment.state == "posted" and (self.told is None or bool(self.told.waiting))
        )


class MinePage(Record):
    """My comments, newest first, with the numbers over all of them."""

    fates: Listing[Fate]
    total: int
    answered: int
    changed: int
    replies: int


def mine(*, viewer: Actor, after: str | None = None) -> MinePage:
    """What this viewer wrote, for herself or for an organisation, and what became of each."""
    is_mine = Comment.author_id == viewer.person_id
    is_answered = case((visible_to(viewer) & (Comment.disposition != "unresolved"), 1), else_=0)
    total, answered, replies = db.session.execute(
        select(func.count(), func.sum(is_answered), func.sum(Comment.reply_count))
        .select_from(Comment)
        .join(Comment.consultation)
        .where(is_mine, consultations.visible_to(viewer))
    ).one()
    changed = db.session.scalar(
        select(func.count(func.distinct(Disposition.comment_id)))
        .select_from(Disposition)
        .join(Disposition.comment)
        .join(Comment.consultation)
        .where(is_mine, visible_to(viewer), Disposition.change_class != "none", is_current())
    )
    return MinePage(_fates(viewer, total, after), total, answered or 0, changed or 0, replies or 0)


def _fates(viewer: Actor, total: int, after: str | None) -> Listing[Fate]:
    start = keys_of(after, 1)
    further = [Comment.id < start[0]] if start else []
    rows = db.session.scalars(
        with_place(select(Comment))
        .join(Comment.consultation)
        .options(joinedload(Comment.consultation))
        .where(Comment.author_id == viewer.person_id, consultations.visible_to(viewer), *further)
        .order_by(Comment.id.desc())
        .limit(PAGE + 1)
    ).all()
    answers = answers_of(viewer=viewer, comment_ids=[row.id for row in rows])
    changed = reworded(viewer=viewer, comment_ids=[row.id for row in rows[:PAGE]])
    cursor = paging.encode([rows[PAGE - 1].id]) if len(rows) > PAGE else None
    fates = [Fate(row, answers.get(row.id), changed.get(row.id, ())) for row in rows[:PAGE]]
    return Listing(fates, total, next_cursor=cursor)
