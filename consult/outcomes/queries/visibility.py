"""Whose answers a viewer may read; the one place that says so."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.rules import Actor
from consult.debate.models import Comment

from ..models import Disposition, OutcomeSummary
from ..rules import PUBLIC


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Consultations whose answers and summary the viewer may read. Needs Consultation in the statement."""
    if viewer.is_system or viewer.is_administrator:
        return Consultation.id.is_not(None)
    told = or_(
        Consultation.state.in_(PUBLIC),
        Consultation.published_at.is_not(None),
        Consultation.id.in_(viewer.staff_of),
    )
    return and_(consultations.visible_to(viewer), told)


def counted(consultation_id: int) -> ColumnElement[bool]:
    """Comments that need an answer: neither withdrawn nor hidden."""
    return and_(Comment.consultation_id == consultation_id, Comment.state == "posted")


def is_current() -> ColumnElement[bool]:
    """The dispositions that no later one of the same comment replaces."""
    later = aliased(Disposition)
    newest = select(func.max(later.id)).where(later.comment_id == Disposition.comment_id).scalar_subquery()
    return Disposition.id == newest


def of_last_round(consultation_id: int) -> ColumnElement[bool]:
    """The summary of a consultation's newest round."""
    newest = (
        select(Round.id)
        .where(Round.consultation_id == consultation_id)
        .order_by(Round.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return OutcomeSummary.round_id == newest
