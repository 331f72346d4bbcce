"""The guide, the words and the shelf of the EU AI Act, as its organiser and readers fill them."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.operations import operation
from consult.core.rules import Actor, system_only
from consult.learning import operations as learning
from consult.learning.operations.shelf import Label

from ..script import DemoLearning, DemoResource
from .cast import Cast

EDITOR, JUDGE = "edda", "miriam"


@operation(rule=system_only)
def explain(*, actor: Actor, cast: Cast, consultation: Consultation, plan: DemoLearning) -> None:
    """Write the guide, the answers and the terms, and let people fill the shelf."""
    editor = cast.actor(EDITOR)
    learning.write_guide(actor=editor, consultation=consultation, text=plan.guide, seen=0)
    for one in plan.question:
        learning.add_question(actor=editor, consultation=consultation, question=one.question, answer=one.answer)
    for term in plan.term:
        learning.add_term(
            actor=editor, consultation=consultation, name=term.name, variants="\n".join(term.variants),
            explanation=term.explanation, clause=term.clause,
        )  # fmt: skip
    for resource in plan.resource:
        _put(cast, consultation, resource)


def _put(cast: Cast, consultation: Consultation, said: DemoResource) -> None:
    label = Label(
        kind=said.kind, title=said.title, url=said.url, licence=said.licence, description=said.description,
        language=said.language,
    )  # fmt: skip
    if said.by in cast.staff:
        learning.add_resource(actor=cast.actor(said.by), consultation=consultation, label=label)
        return
    row = learning.propose_resource(actor=cast.actor(said.by), consultation=consultation, label=label)
    if said.accepted_by:
        learning.accept_proposal(actor=cast.actor(said.accepted_by), resource=row, label=label, seen=0)
    elif said.declined:
        learning.decline_proposal(actor=cast.actor(JUDGE), resource=row, reason=said.declined)
