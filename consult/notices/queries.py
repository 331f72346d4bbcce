"""Who is to be told, and the rows their mails speak of. All of it is read for the system, which writes the mails."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person, RoleGrant
from consult.consultations.models import Consultation, Round, Transition
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import Comment, Reply
from consult.moderation.models import Appeal, ModerationAct, Report
from consult.moderation.queries.things import act_parts
from consult.outcomes.models import Disposition


def _reachable() -> ColumnElement[bool]:
    """People who can get mail: a confirmed address, not suspended, not made up for a demonstration."""
    return Person.email_verified_at.is_not(None) & Person.suspended_at.is_(None) & Person.is_demo.is_(False)


def reachable(*, viewer: Actor, person_id: int) -> Person | None:
    """A person as she can be written to now; None when she cannot."""
    return db.session.scalars(select(Person).where(Person.id == person_id, _reachable())).first()


def staff(*, viewer: Actor, consultation_id: int, roles: Collection[str]) -> Sequence[int]:
    """Ids of the people with one of the roles on a consultation."""
    return db.session.scalars(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.consultation_id == consultation_id, RoleGrant.role.in_(roles), _reachable())
        .distinct()
        .order_by(Person.id)
    ).all()


def commenters(*, viewer: Actor, consultation_id: int, after: int, limit: int) -> Sequence[int]:
    """Ids of the next people, above the id `after`, who have a comment on show in a consultation."""
    wrote = select(Comment.author_id).where(Comment.consultation_id == consultation_id, Comment.state == "posted")
    return db.session.scalars(
        select(Person.id).where(Person.id > after, Person.id.in_(wrote), _reachable()).order_by(Person.id).limit(limit)
    ).all()


def consultation(*, viewer: Actor, consultation_id: int) -> Consultation:
    """The consultation a mail is about."""
    return db.session.get_one(Consultation, consultation_id)


def last_step(*, viewer: Actor, consultation_id: int, verb: str) -> Transition | None:
    """The newest step of that kind in a consultation's life."""
    return db.session.scalars(
        select(Transition)
        .where(Transition.consultation_id == consultation_id, Transition.verb == verb)
        .order_by(Transition.id.desc())
        .limit(1)
    ).first()


def reply(*, viewer: Actor, reply_id: int) -> Reply:
    """A reply with the comment it answers."""
    statement = select(Reply).options(joinedload(Reply.comment).joinedload(Comment.consultation))
    return db.session.scalars(statement.where(Reply.id == reply_id)).one()


def answered_author(*, viewer: Actor, reply: Reply) -> int | None:
    """Who wrote the reply that this one answers."""
    return db.session.scalar(select(Reply.author_id).where(Reply.id == reply.parent_id))


def report(*, viewer: Actor, report_id: int) -> Report:
    """A report with what it is about."""
    return db.session.scalars(
        select(Report)
        .options(
            joinedload(Report.consultation),
            joinedload(Report.comment),
            joinedload(Report.reply).joinedload(Reply.comment),
        )
        .where(Report.id == report_id)
    ).one()


def is_first_report(*, viewer: Actor, report: Report) -> bool:
    """Whether nothing else is open on the same contribution: its moderators are told once, not for each report."""
    here = Report.comment_id == report.comment_id if report.comment_id else Report.reply_id == report.reply_id
    others = select(func.count(Report.id)).where(here, Report.closed_at.is_(None), Report.id != report.id)
    return db.session.scalar(others) == 0


def act(*, viewer: Actor, act_id: int) -> ModerationAct:
    """A moderation act with what it is about."""
    return db.session.scalars(select(ModerationAct).options(*act_parts()).where(ModerationAct.id == act_id)).one()


def appeal(*, viewer: Actor, appeal_id: int) -> Appeal:
    """An appeal with the act it is against."""
    statement = select(Appeal).options(joinedload(Appeal.act).options(*act_parts()))
    return db.session.scalars(statement.where(Appeal.id == appeal_id)).one()


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one comment."""

    number: str
    code: str
    observation: str
    duplicate_of: str


def answers(*, viewer: Actor, person_id: int, consultation_id: int) -> Sequence[Answer]:
    """What became of each comment on show that a person wrote in the last round that was published, in their order."""
    ended = select(func.max(Round.id)).where(
        Round.consultation_id == consultation_id, Round.published_at.is_not(None)
    )  # fmt: skip
    other = Comment.__table__.alias("other")
    current = select(func.max(Disposition.id)).where(Disposition.comment_id == Comment.id).correlate(Comment)
    rows = db.session.execute(
        select(Comment.number, Disposition.code, Disposition.observation, func.coalesce(other.c.number, ""))
        .join(Disposition, Disposition.id == current.scalar_subquery())
        .outerjoin(other, other.c.id == Disposition.duplicate_of_id)
        .where(Comment.author_id == person_id, Comment.round_id == ended.scalar_subquery(), Comment.state == "posted")
        .order_by(Comment.id)
    )
    return [Answer(*row) for row in rows]
