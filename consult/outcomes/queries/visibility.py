"""Whose answers a viewer may read; the one place that says so."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.conditions import per_viewer
from consult.core.db import dialect_name
from consult.core.rules import Actor
from consult.debate.models import Anchor, Comment

from ..models import Disposition
from ..rules import PUBLIC


@per_viewer
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


def counted_aside(of: Round) -> list[ColumnElement[bool]]:
    """The same where another table, or another index, says which they are. SQLite must not begin with all of the round."""
    here: list[ColumnElement[int]] = [Comment.consultation_id.expression, Comment.round_id.expression]
    if dialect_name() == "sqlite":
        here = [column + 0 for column in here]
    return [here[0] == of.consultation_id, here[1] == of.id, Comment.state == "posted"]


@cache
def is_current() -> ColumnElement[bool]:
    """The dispositions that stand for their comment, or for at least one of its clauses; as `standing` says, in SQL."""
    later, link = aliased(Disposition), aliased(Anchor)
    after = select(later.id).where(later.comment_id == Disposition.comment_id, later.id > Disposition.id)
    about_the_same = or_(later.clause_id.is_(None), later.clause_id == Disposition.clause_id)
    is_replaced = exists(after.where(about_the_same).correlate(Disposition))
    of_link = exists(after.where(later.clause_id == link.clause_id).correlate(Disposition, link))
    is_left = exists(select(link.id).where(link.comment_id == Disposition.comment_id, ~of_link).correlate(Disposition))
    is_last = ~exists(after.correlate(Disposition))
    return or_(is_last, and_(~is_replaced, or_(Disposition.clause_id.is_not(None), is_left)))


@cache
def is_untouched() -> ColumnElement[bool]:
    """The dispositions that still stand for all that they were for."""
    later = aliased(Disposition)
    is_about = or_(
        later.clause_id.is_(None), Disposition.clause_id.is_(None), later.clause_id == Disposition.clause_id
    )  # fmt: skip
    return ~exists(
        select(later.id).where(later.comment_id == Disposition.comment_id, later.id > Disposition.id, is_about)
    )


def code_of_link() -> ColumnElement[str]:
    """What became of a comment as far as an Anchor of it goes; NULL where nothing did. Needs Anchor in the statement."""
    about = or_(Disposition.clause_id.is_(None), Disposition.clause_id == Anchor.clause_id)
    newest = select(Disposition.code).where(Disposition.comment_id == Anchor.comment_id, about)
    return newest.order_by(Disposition.id.desc()).limit(1).correlate(Anchor).scalar_subquery()


def link_became(*codes: str) -> ColumnElement[bool]:
    """Whether a comment became one of these as far as an Anchor goes. Needs Comment and Anchor in the statement."""
    is_one = Comment.answers_apart == ""
    return or_(
        and_(is_one, Comment.disposition.in_(codes)),
        and_(~is_one, func.coalesce(code_of_link(), "unresolved").in_(codes)),
    )
