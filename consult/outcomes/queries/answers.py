"""The answer to a comment, as people read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import DISPOSITIONS, Comment

from ..models import CHANGE_CLASSES, Disposition
from ..rules import is_proposed
from .visibility import is_current, visible_to


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided on a comment, and why."""

    id: int
    comment_id: int
    code: str
    label: str
    observation: str
    html: str
    change_class: str
    change: str
    change_note: str
    duplicate_of: str
    decided_at: datetime
    by: str
    is_proposed: bool
    slug: str
    timezone: str


def answer_of(*, viewer: Actor, comment: Comment) -> Answer | None:
    """The answer to a comment; None while there is none that this viewer may read."""
    return answers_of(viewer=viewer, comment_ids=[comment.id]).get(comment.id)


def answers_of(*, viewer: Actor, comment_ids: Collection[int]) -> Mapping[int, Answer]:
    """The answers to several comments by comment id, those that this viewer may read."""
    rows = db.session.scalars(
        select(Disposition)
        .join(Disposition.comment)
        .join(Comment.consultation)
        .options(
            contains_eager(Disposition.comment).options(
                contains_eager(Comment.consultation), joinedload(Comment.round)
            ),
            joinedload(Disposition.duplicate_of),
        )
        .where(
            Disposition.comment_id.in_(comment_ids),
            Disposition.code != "unresolved",
            Comment.state != "hidden",
            is_current(),
            visible_to(viewer),
        )
    )
    return {row.comment_id: _answer(row) for row in rows}


def _answer(row: Disposition) -> Answer:
    target = row.duplicate_of
    consultation = row.comment.consultation
    return Answer(
        id=row.id,
        comment_id=row.comment_id,
        code=row.code,
        label=DISPOSITIONS[row.code],
        observation=row.observation,
        html=row.html,
        change_class=row.change_class,
        change=CHANGE_CLASSES[row.change_class] if row.change_class != "none" else "",
        change_note=row.change_note,
        duplicate_of=target.number if target is not None and target.state != "hidden" else "",
        decided_at=row.decided_at,
        by=row.source_note or "The secretariat",
        is_proposed=is_proposed(consultation, row.comment.round),
        slug=consultation.slug,
        timezone=consultation.timezone,
    )
