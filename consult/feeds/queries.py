"""What the feeds hold: the newest of each public list, as a stranger may read it, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Transition
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import queries as debate
from consult.debate.models import Anchor, Comment
from consult.debate.queries.cards import WITH_CARD
from consult.documents.models import Clause
from consult.moderation.models import ModerationAct
from consult.outcomes import queries as outcomes
from consult.outcomes.models import Disposition
from consult.outcomes.queries.answers import Answer
from consult.outcomes.queries.visibility import is_current
from consult.outcomes.queries.visibility import visible_to as answers_visible_to

NEWEST = 50
UNSEEN = ("ask", "keep", "suspend", "lift", "keep_hidden")  # acts that leave a contribution as it was


class Changed(Record):
    """A comment with the moment it changed last: edited, signed, hidden, shown again or withdrawn."""

    card: debate.Card
    at: datetime


def announced(*, viewer: Actor) -> Sequence[tuple[Consultation, datetime]]:
    """The consultations announced last, newest first, each with its newest step."""
    rows = db.session.scalars(
        select(Consultation)
        .where(consultations.visible_to(viewer), Consultation.announced_at.is_not(None))
        .order_by(Consultation.announced_at.desc(), Consultation.id.desc())
        .limit(NEWEST)
    ).all()
    steps = _last_steps([row.id for row in rows])
    return [(row, steps.get(row.id, (row.announced_at or row.created_at, 0))[0]) for row in rows]


def with_dates(*, viewer: Actor) -> Sequence[tuple[Consultation, datetime, int]]:
    """What is coming or takes comments, with its newest step and how many there were: for the calendar."""
    rows = db.session.scalars(
        select(Consultation)
        .options(selectinload(Consultation.rounds))
        .where(consultations.visible_to(viewer), Consultation.state.in_(("announced", "open", "paused")))
        .order_by(Consultation.closes_at, Consultation.id)
        .limit(NEWEST)
    ).all()
    steps = _last_steps([row.id for row in rows])
    return [(row, *steps.get(row.id, (row.created_at, 0))) for row in rows]


def _last_steps(ids: Sequence[int]) -> Mapping[int, tuple[datetime, int]]:
    rows = db.session.execute(
        select(Transition.consultation_id, func.max(Transition.at), func.count())
        .where(Transition.consultation_id.in_(ids))
        .group_by(Transition.consultation_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def steps(*, viewer: Actor, consultation: Consultation) -> Sequence[Transition]:
    """The steps of a consultation's life since it is public, newest first."""
    return db.session.scalars(
        select(Transition)
        .join(Consultation, Consultation.id == Transition.consultation_id)
        .where(Transition.consultation_id == consultation.id, Transition.to_state != "draft")
        .where(consultations.visible_to(viewer))
        .order_by(Transition.id.desc())
        .limit(NEWEST)
    ).all()


def comments(*, viewer: Actor, consultation: Consultation, clause: Clause | None = None) -> Sequence[Changed]:
    """The newest comments of a consultation, or on a clause in any of its versions; tombstones without words."""
    where = [Comment.consultation_id == consultation.id, debate.listed_for(viewer)]
    if clause is not None:
        about = select(Anchor.comment_id).join(Anchor.clause).where(Clause.lineage_id == clause.lineage_id)
        where.append(Comment.id.in_(about))
    rows = (
        db.session.scalars(
            select(Comment)
            .join(Comment.consultation)
            .options(*WITH_CARD)
            .where(*where)
            .order_by(Comment.posted_at.desc(), Comment.id.desc())
            .limit(NEWEST)
        )
        .unique()
        .all()
    )
    gone = _judged_or_withdrawn([row.id for row in rows])
    return [
        Changed(
            card,
            max(filter(None, (card.posted_at, card.released_at, card.edited_at, card.signed_at, gone.get(card.id)))),
        )
        for card in debate.cards(viewer=viewer, comments=rows)
    ]


def _judged_or_withdrawn(ids: Sequence[int]) -> Mapping[int, datetime]:
    """When a moderator last decided on each of these comments, or its author withdrew it."""
    found: dict[int, datetime] = {}
    for about, at, where in (
        (ModerationAct.comment_id, ModerationAct.at, ModerationAct.verb.not_in(UNSEEN)),
        (Disposition.comment_id, Disposition.decided_at, Disposition.code == "withdrawn"),
    ):
        rows: Any = db.session.execute(select(about, func.max(at)).where(about.in_(ids), where).group_by(about))
        for comment_id, moment in rows:
            found[comment_id] = max(moment, found.get(comment_id, moment))
    return found


def answers(*, viewer: Actor, consultation: Consultation) -> Sequence[tuple[str, Answer]]:
    """The newest answers that are public, as proposals or for good, each with the number of its comment."""
    rows = db.session.execute(
        select(Comment.number, Comment.id, Disposition.id)
        .join(Comment.consultation)
        .join(Disposition, Disposition.comment_id == Comment.id)
        .where(Comment.consultation_id == consultation.id, Comment.state == "posted")
        .where(Disposition.code != "unresolved", is_current(), answers_visible_to(viewer))
        .order_by(Disposition.id.desc())
        .limit(NEWEST)
    ).all()
    told = outcomes.answers_of(viewer=viewer, comment_ids={comment_id for _number, comment_id, _id in rows})
    found = {answer.id: answer for answers in told.values() for answer in answers.each}
    return [(number, found[answer_id]) for number, _id, answer_id in rows if answer_id in found]
