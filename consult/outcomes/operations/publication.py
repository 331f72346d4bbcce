"""From proposed answers to the final outcome."""

from __future__ import annotations

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core import clock
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor, system_only
from consult.core.text import normalise

from .. import queries, rules
from ..events import OutcomePublished
from ..models import Immateriality
from .summary import _summary_of

SHORTEST_REASON = 20


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
    """Refuse, with what is missing, when the answers or the summary are not complete enough to be checked."""
    _refuse_incomplete(consultation, is_final=False)


@operation(rule=system_only)
def seal_outcome(*, actor: Actor, consultation: Consultation) -> None:
    """Freeze the summary of a consultation that is being published, whoever publishes it, and tell."""
    _refuse_incomplete(consultation, is_final=True)
    summary = _summary_of(consultation, is_sealing=True)
    summary.published_at = clock.now()
    facts = queries.facts(viewer=actor, of=newest_round(viewer=actor, consultation=consultation))
    consultations.set_outcome_line(actor=actor, consultation=consultation, headline=facts.line, line=summary.headline)
    session().flush()
    emit(OutcomePublished(summary_id=summary.id, consultation_id=consultation.id))


@operation(rule=rules.may_state_immaterial, on="consultation")
def state_immaterial(*, actor: Actor, consultation: Consultation, reason: str, seen: int) -> Immateriality:
    """State in public why the changes of the last round are not material. `seen`: the newest answer that was read."""
    reason, of = normalise(reason), newest_round(viewer=SYSTEM, consultation=consultation)
    material = queries.material(viewer=SYSTEM, of=of)
    if not material.count:
        raise Refused("No answer of this round changes the draft materially, so there is nothing to state.")
    if len(reason) < SHORTEST_REASON:
        raise Invalid(f"Give the reason, in at least {SHORTEST_REASON} characters. Everybody reads it.", field="reason")
    if seen != material.last_answer_id:
        raise Conflict("The answers changed since you read them. Look at them once more.")
    row = Immateriality(round_id=of.id, last_answer_id=seen, reason=reason, person_id=actor.person_id)
    session().add(row)
    return row


@operation(rule=system_only)
def check_adoption(*, actor: Actor, consultation: Consultation) -> None:
    """Refuse to adopt a draft that changes materially after its last round, unless it is stated why that is not so."""
    gap = queries.material(viewer=SYSTEM, of=newest_round(viewer=SYSTEM, consultation=consultation)).gap
    if gap is not None:
        raise Refused(gap.sentence)


def _refuse_incomplete(consultation: Consultation, *, is_final: bool) -> None:
    of = newest_round(viewer=SYSTEM, consultation=consultation)
    missing = queries.missing(viewer=SYSTEM, of=of, is_final=is_final)
    if missing:
        raise Refused("Not yet. " + " ".join(item.sentence for item in missing))
