"""Objections to a summary under review, and their answers."""

from __future__ import annotations

from sqlalchemy import func, select

from consult.consultations import naming
from consult.consultations.models import Consultation, Round
from consult.core import clock
from consult.core.errors import Conflict, Invalid, Missing
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.core.text import markdown, normalise
from consult.debate.composing import chosen_name

from .. import rules
from ..events import ObjectionAnswered, ObjectionMade
from ..models import ANSWERS_TO_OBJECTIONS, Objection, OutcomeSummary, Statement

SHORTEST_ANSWER = 20


@operation(rule=rules.may_object, on=("consultation", "of"))
def object_to(
    *, actor: Actor, consultation: Consultation, of: Round, text: str, statement_id: int | None = None,
    seen: str | None = None, named: str = "name", key: str | None = None,
) -> Objection:  # fmt: skip
    """Object to a sentence of the summary in review, or (none given) to all of it. Public at once.

    `seen`: the mark of the sentence as it was read. Conflict when it says something else meanwhile.
    `named`: how much of her name is shown.
    """
    text = normalise(text)
    if not text:
        raise Invalid("Say what is wrong or missing, so that it can be answered.", field="text")
    row = _statement(of, statement_id) if statement_id else None
    if row is not None and seen is not None and seen != row.mark:
        raise Conflict(f"This sentence was changed since you read it. It now says: “{row.text}”", field="text")
    last = session().scalar(select(func.max(Objection.number)).where(Objection.round_id == of.id))
    category = actor.acting_for_category if actor.speaks_for_id and actor.acting_for_category else actor.category
    objection = Objection(
        consultation_id=consultation.id, round_id=of.id, number=(last or 0) + 1,
        statement_id=row.id if row else None, quote=row.text if row else "", person_id=actor.person_id,
        named=chosen_name(consultation, named), person_name=naming.byline(named, actor.name, category),
        organisation_id=actor.speaks_for_id, category=category,
        text=text, html=markdown(text),
    )  # fmt: skip
    session().add(objection)
    session().flush()
    emit(ObjectionMade(objection_id=objection.id, consultation_id=consultation.id))
    return objection


@operation(rule=rules.may_name_objection, on="objection")
def name_objection(*, actor: Actor, objection: Objection, named: str, key: str | None = None) -> Objection:
    """Show more or less of one's name over one's objection."""
    objection.named, objection.named_at = chosen_name(objection.consultation, named), clock.now()
    objection.person_name = naming.byline(named, actor.name, objection.category)
    return objection


@operation(rule=rules.may_withdraw_objection, on="objection")
def withdraw_objection(*, actor: Actor, objection: Objection) -> Objection:
    """Take an objection back. Its line stays, without its words."""
    objection.withdrawn_at = clock.now()
    return objection


@operation(rule=rules.may_answer_objection, on="objection")
def answer_objection(*, actor: Actor, objection: Objection, decision: str, answer: str) -> Objection:
    """Say in public what becomes of an objection, and why. An answer does not change any more."""
    answer = normalise(answer)
    if decision not in ANSWERS_TO_OBJECTIONS:
        raise Invalid("Choose what becomes of it.", field="decision")
    if len(answer) < SHORTEST_ANSWER:
        raise Invalid(f"Give the reason, in at least {SHORTEST_ANSWER} characters. Everybody reads it.", field="answer")
    objection.decision, objection.answer, objection.answer_html = decision, answer, markdown(answer)
    objection.answered_by_id, objection.answered_at = actor.person_id, clock.now()
    session().flush()
    emit(ObjectionAnswered(objection_id=objection.id, consultation_id=objection.consultation_id))
    return objection


def _statement(of: Round, statement_id: int) -> Statement:
    row = (
        session()
        .scalars(
            select(Statement)
            .join(OutcomeSummary, OutcomeSummary.id == Statement.summary_id)
            .where(Statement.id == statement_id, OutcomeSummary.round_id == of.id)
            .execution_options(populate_existing=True)
        )
        .first()
    )
    if row is None:
        raise Missing("This sentence is not there any more. Read the summary once more.")
    return row
