"""From proposed answers to the final outcome."""

from __future__ import annotations

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core import clock
from consult.core.errors import Conflict, Refused
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor, system_only

from .. import queries, rules
from ..events import OutcomePublished
from .summary import _summary_of


@operation(rule=rules.may_begin_review, on="consultation")
def begin_review(*, actor: Actor, consultation: Consultation) -> Consultation:
    """Show the proposed answers and the summary to everybody; Refused says what is missing."""
    consultations.begin_review(actor=actor, consultation=consultation)  # its event checks
    return consultation


@operation(rule=rules.may_publish, on="consultation")
def publish_outcome(*, actor: Actor, consultation: Consultation, seen: int | None = None) -> Consultation:
    """Make the outcome final. `seen` is the edit number of the summary that was read before pressing the button."""
    if seen is not None and seen != _summary_of(consultation).edit_number:
        raise Conflict("Somebody changed the summary since you opened it. Read it once more, then publish.")
    consultations.publish(actor=actor, consultation=consultation)  # its event checks and seals
    return consultation


@operation(rule=system_only)
def check_outcome(*, actor: Actor, consultation: Consultation) -> None:
    """Refuse, with what is missing, when the answers or the summary are not complete."""
    _refuse_incomplete(consultation)


@operation(rule=system_only)
def seal_outcome(*, actor: Actor, consultation: Consultation) -> None:
    """Freeze the summary of a consultation that is being published, whoever publishes it, and tell."""
    _refuse_incomplete(consultation)
    summary = _summary_of(consultation)
    summary.published_at = clock.now()
    facts = queries.facts(viewer=actor, of=newest_round(viewer=actor, consultation=consultation))
    consultations.set_outcome_line(actor=actor, consultation=consultation, headline=facts.line, line=summary.headline)
    session().flush()
    emit(OutcomePublished(summary_id=summary.id, consultation_id=consultation.id))


def _refuse_incomplete(consultation: Consultation) -> None:
    missing = queries.missing(viewer=SYSTEM, of=newest_round(viewer=SYSTEM, consultation=consultation))
    if missing:
        raise Refused("Not yet. " + " ".join(item.sentence for item in missing))
