"""Objections to a summary and their answers, as everybody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.rules import Actor, Verdict

from .. import rules
from ..models import Objection
from .account import Account, Line, account, one_line


@dataclass(frozen=True, slots=True)
class ObjectionsPage:
    """All objections of a round, oldest first, and what this viewer may do."""

    consultation: Consultation
    of: Round
    account: Account
    objections: Sequence[Objection]
    line: Line | None  # the sentence that is objected to
    verdict: Verdict
    answering: Objection | None
    may_answer: Verdict


def objections(*, viewer: Actor, consultation: Consultation, of: Round) -> Sequence[Objection]:
    """The objections of a round that this viewer may read, oldest first."""
    if not rules.may_see_answers(viewer, consultation, of):
        return ()
    return db.session.scalars(
        select(Objection)
        .options(joinedload(Objection.organisation))
        .where(Objection.round_id == of.id)
        .order_by(Objection.number)
    ).all()


def objections_page(
    *, viewer: Actor, consultation: Consultation, of: Round, statement_id: int = 0, answering: int = 0
) -> ObjectionsPage:
    """Everything said against the summary of a round; with `statement_id` the form is about that sentence.

    `answering`: the number of the objection whose answer is being written.
    """
    if not rules.may_see_answers(viewer, consultation, of):
        raise Missing("The summary is public when the review begins.")
    read = account(viewer=viewer, consultation=consultation, of=of)
    found = objections(viewer=viewer, consultation=consultation, of=of)
    asked = find_objection(viewer=viewer, of=of, number=answering) if answering else None
    return ObjectionsPage(
        consultation=consultation, of=of, account=read, objections=found,
        line=one_line(read, statement_id) if statement_id else None,
        verdict=rules.may_object(viewer, consultation, of), answering=asked,
        may_answer=rules.may_answer_objection(viewer, asked) if asked else rules.may_approve(viewer, consultation),
    )  # fmt: skip


def find_objection(*, viewer: Actor, of: Round, number: int) -> Objection:
    """One objection with its consultation and round; Missing when there is none."""
    row = db.session.scalars(
        _with_both().where(Objection.round_id == of.id, Objection.number == number, consultations.visible_to(viewer))
    ).first()
    if row is None:
        raise Missing("There is no such objection.")
    return row


def objection_by_id(*, viewer: Actor, objection_id: int) -> Objection:
    """The objection a notice is about."""
    return db.session.scalars(_with_both().where(Objection.id == objection_id, consultations.visible_to(viewer))).one()


def _with_both() -> Select[Objection]:
    return (
        select(Objection)
        .join(Objection.consultation)
        .options(
            contains_eager(Objection.consultation), joinedload(Objection.round), joinedload(Objection.organisation)
        )
    )
