"""The rows that notices speak of. All of it is read for the system, which writes to people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload, with_expression

from consult.consultations.models import Consultation, Round, Transition
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import Anchor, Comment, Cosignature, Reply
from consult.learning.models import Resource
from consult.moderation.models import Appeal, Correction, ModerationAct, Report
from consult.moderation.queries.things import act_parts
from consult.outcomes import queries as outcomes
from consult.outcomes.models import Disposition, Objection, OutcomeSummary, Standard
from consult.outcomes.queries import Answer, is_untouched

COMMENT_PARTS = (
    joinedload(Comment.consultation),
    joinedload(Comment.organisation),
    selectinload(Comment.anchors).joinedload(Anchor.clause),
)
REPLY_PARTS = (joinedload(Reply.organisation), joinedload(Reply.comment).joinedload(Comment.consultation))
REPORT_PARTS = (
    joinedload(Report.consultation), joinedload(Report.comment), joinedload(Report.reply).joinedload(Reply.comment),
)  # fmt: skip
APPEAL_PARTS = (joinedload(Appeal.act).options(*act_parts()),)
STANDARD_PARTS = (selectinload(Standard.versions),)
CORRECTION_PARTS = (joinedload(Correction.act).options(*act_parts()),)
ANSWER_PARTS = (
    joinedload(Disposition.comment).options(
        joinedload(Comment.consultation), selectinload(Comment.anchors).joinedload(Anchor.clause)
    ),
    with_expression(Disposition.stands, is_untouched()),
)  # fmt: skip
COSIGNATURE_PARTS = (joinedload(Cosignature.organisation), joinedload(Cosignature.comment))


def consultation(*, viewer: Actor, consultation_id: int) -> Consultation:
    """The consultation a notice is about."""
    return db.session.get_one(Consultation, consultation_id)


def step(*, viewer: Actor, transition_id: int) -> Transition:
    """A step in a consultation's life."""
    return db.session.get_one(Transition, transition_id)


def last_step(*, viewer: Actor, consultation_id: int) -> Transition | None:
    """The newest step in a consultation's life: the one that is being told of; None where none is on record."""
    return db.session.scalars(
        select(Transition).where(Transition.consultation_id == consultation_id).order_by(Transition.id.desc()).limit(1)
    ).first()


def bare_comment(*, viewer: Actor, comment_id: int) -> Comment:
    """A comment without anything that hangs on it."""
    return db.session.get_one(Comment, comment_id)


def comment(*, viewer: Actor, comment_id: int) -> Comment:
    """A comment with its consultation, for whom it speaks, and the clauses it is about."""
    return db.session.scalars(select(Comment).options(*COMMENT_PARTS).where(Comment.id == comment_id)).one()


def reply(*, viewer: Actor, reply_id: int) -> Reply:
    """A reply with the comment it answers."""
    return db.session.scalars(select(Reply).options(*REPLY_PARTS).where(Reply.id == reply_id)).one()


def answered_author(*, viewer: Actor, reply: Reply) -> int | None:
    """Who wrote the reply that this one answers."""
    return db.session.scalar(select(Reply.author_id).where(Reply.id == reply.parent_id))


def report(*, viewer: Actor, report_id: int) -> Report:
    """A report with what it is about."""
    return db.session.scalars(select(Report).options(*REPORT_PARTS).where(Report.id == report_id)).one()


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
    return db.session.scalars(select(Appeal).options(*APPEAL_PARTS).where(Appeal.id == appeal_id)).one()


def correction(*, viewer: Actor, correction_id: int) -> Correction:
    """Better words with the act that hid the old ones."""
    return db.session.scalars(select(Correction).options(*CORRECTION_PARTS).where(Correction.id == correction_id)).one()


def cosignature(*, viewer: Actor, comment_id: int, person_id: int) -> Cosignature | None:
    """Somebody's name under a comment."""
    mine = (Cosignature.comment_id == comment_id, Cosignature.person_id == person_id)
    return db.session.scalars(select(Cosignature).where(*mine)).first()


def resource(*, viewer: Actor, resource_id: int) -> Resource:
    """Something for a shelf, with its consultation."""
    parts = joinedload(Resource.consultation)
    return db.session.scalars(select(Resource).options(parts).where(Resource.id == resource_id)).one()


def objection(*, viewer: Actor, objection_id: int) -> Objection:
    """An objection to a summary."""
    return outcomes.objection_by_id(viewer=viewer, objection_id=objection_id)


def summary(*, viewer: Actor, summary_id: int) -> OutcomeSummary:
    """A version of a summary."""
    return db.session.get_one(OutcomeSummary, summary_id)


def who_objected(*, viewer: Actor, round_id: int) -> Sequence[int]:
    """Ids of the people whose objections to the summary of a round stand."""
    mine = (Objection.round_id == round_id, Objection.withdrawn_at.is_(None))
    return db.session.scalars(select(Objection.person_id).where(*mine).distinct()).all()


def answers(*, viewer: Actor, person_id: int, consultation_id: int) -> Sequence[tuple[str, Answer]]:
    """What became of each comment on show that a person wrote in the last round that was published, in their order.

    Each answer comes with the number of its comment, which has several when its clauses were answered apart.
    """
    ended = select(func.max(Round.id)).where(
        Round.consultation_id == consultation_id, Round.published_at.is_not(None)
    )  # fmt: skip
    numbers = dict(
        db.session.execute(
            select(Comment.id, Comment.number)
            .where(
                Comment.author_id == person_id, Comment.round_id == ended.scalar_subquery(), Comment.state == "posted"
            )
            .order_by(Comment.id)
        ).all()
    )
    told = outcomes.answers_of(viewer=viewer, comment_ids=numbers.keys())
    return [(number, answer) for row_id, number in numbers.items() if row_id in told for answer in told[row_id].each]
