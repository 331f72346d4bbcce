"""A second person's yes, and corrections of what is published: new versions, approved the same way."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core import clock
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor
from consult.core.text import normalise

from .. import queries, rules
from ..events import SummaryCorrected
from ..models import Approval, Citation, Omission, OutcomeSummary, Statement, SummaryWriter
from .summary import _round, _summary_of

CHANGED = "Somebody changed the summary since you opened it. Read it once more, then decide."


@operation(rule=rules.may_approve, on="consultation")
def approve_summary(*, actor: Actor, consultation: Consultation, seen: str) -> Approval:
    """Say yes to exactly the words whose fingerprint was `seen`; twice is once. Any later edit ends it."""
    summary = _summary_of(consultation)
    read = queries.account(viewer=SYSTEM, consultation=consultation, of=_round(consultation), is_draft=True)
    if not read.is_written:
        raise Refused("Nothing is written yet, so there is nothing to approve.")
    writers = session().scalars(select(SummaryWriter.person_id).where(SummaryWriter.summary_id == summary.id)).all()
    verdict = rules.is_second(actor, writers)
    if not verdict:
        raise Refused(verdict.reason)
    if seen != read.digest:
        raise Conflict(CHANGED)
    same = select(Approval).where(Approval.summary_id == summary.id, Approval.edit_number == summary.edit_number)
    row = session().scalars(same).first()
    if row is None:
        row = Approval(
            summary_id=summary.id, edit_number=summary.edit_number, digest=read.digest, person_id=actor.person_id
        )
        session().add(row)
    return row


@operation(rule=rules.may_correct, on="consultation")
def begin_correction(*, actor: Actor, consultation: Consultation, reason: str) -> OutcomeSummary:
    """Begin the next version of a published summary, with the public reason. It begins as a copy of the one before."""
    reason, of = normalise(reason), newest_round(viewer=SYSTEM, consultation=consultation)
    if not reason:
        raise Invalid("Write what is wrong in the published summary. Everybody reads it.", field="reason")
    newest = select(OutcomeSummary).where(OutcomeSummary.round_id == of.id).order_by(OutcomeSummary.number.desc())
    last = session().scalars(newest.limit(1)).first()
    if last is None or last.published_at is None:
        raise Refused("A correction is being written already. Go on with it.")
    row = OutcomeSummary(
        consultation_id=consultation.id, round_id=of.id, number=last.number + 1, reason=reason, headline=last.headline
    )
    session().add(row)
    session().flush()
    _copy(last.id, row.id)
    return row


@operation(rule=rules.may_correct, on="consultation")
def drop_correction(*, actor: Actor, consultation: Consultation) -> None:
    """Take back a correction that was never public, with everything written in it."""
    summary = _correction(consultation)
    of_it = select(Statement.id).where(Statement.summary_id == summary.id)
    session().execute(delete(Citation).where(Citation.statement_id.in_(of_it)))
    for model in (Statement, Omission, Approval, SummaryWriter):
        session().execute(delete(model).where(model.summary_id == summary.id))
    session().execute(delete(OutcomeSummary).where(OutcomeSummary.id == summary.id))


@operation(rule=rules.may_correct, on="consultation")
def publish_correction(*, actor: Actor, consultation: Consultation, seen: int | None = None) -> OutcomeSummary:
    """Put the next version before everybody; the one before stays readable. `seen`: its edit number when it was read."""
    summary, of = _correction(consultation), _round(consultation)
    if seen is not None and seen != summary.edit_number:
        raise Conflict(CHANGED)
    gaps = queries.missing_in_summary(viewer=SYSTEM, of=of)
    if gaps:
        raise Refused("Not yet. " + " ".join(gap.sentence for gap in gaps))
    summary.published_at = clock.now()
    line = queries.facts(viewer=SYSTEM, of=of).line
    consultations.set_outcome_line(actor=SYSTEM, consultation=consultation, headline=line, line=summary.headline)
    session().flush()
    emit(SummaryCorrected(summary_id=summary.id, consultation_id=consultation.id))
    return summary


def _correction(consultation: Consultation) -> OutcomeSummary:
    summary = _summary_of(consultation)
    if summary.number == 1:
        raise Refused("The outcome is not published yet, so there is nothing to correct.")
    return summary


def _copy(old: int, new: int) -> None:
    """Sentences with their sources, and what was left out."""
    columns = [column.name for column in Statement.__table__.columns if column.name not in ("id", "summary_id")]
    for row in session().scalars(select(Statement).where(Statement.summary_id == old).order_by(Statement.id)).all():
        copy = Statement(summary_id=new, **{name: getattr(row, name) for name in columns})
        session().add(copy)
        session().flush()
        cited = select(func.coalesce(copy.id, 0), Citation.comment_id).where(Citation.statement_id == row.id)
        session().execute(insert(Citation).from_select(["statement_id", "comment_id"], cited.order_by(Citation.id)))
    kept = select(func.coalesce(new, 0), Omission.position_id, Omission.clause_id, Omission.reason)
    names = ["summary_id", "position_id", "clause_id", "reason"]
    session().execute(insert(Omission).from_select(names, kept.where(Omission.summary_id == old)))
