"""Whose answers a viewer may read; the one place that says so."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.rules import Actor
from consult.debate.models import Comment

from ..models import Disposition
from ..rules import PUBLIC


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Comments whose answers the viewer may read. Needs Comment and Consultation in the statement."""
    if viewer.is_system or viewer.is_administrator:
        return Consultation.id.is_not(None)
    is_over = exists(select(Round.id).where(Round.id == Comment.round_id, Round.published_at.is_not(None)))
    told = or_(Consultation.state.in_(PUBLIC), is_over, Consultation.id.in_(viewer.staff_of))
    return and_(consultations.visible_to(viewer), told)


def counted(round_id: int) -> ColumnElement[bool]:
    """Comments of a round that need an answer: neither withdrawn nor hidden."""
    return and_(Comment.round_id == round_id, Comment.state == "posted")


def is_current() -> ColumnElement[bool]:
    """The dispositions that no later one of the same comment replaces."""
    later = aliased(Disposition)
    newest = select(func.max(later.id)).where(later.comment_id == Disposition.comment_id).scalar_subquery()
    return Disposition.id == newest
