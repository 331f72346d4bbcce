"""Steps of a consultation: who is told."""

from __future__ import annotations

from typing import Any

from consult.consultations import events as consultations
from consult.consultations.events import ConsultationClosed, ConsultationOpened
from consult.core.events import listen
from consult.core.rules import STAFF, SYSTEM
from consult.outcomes.events import (
    OutcomePublished,
)

from .. import queries
from ..happenings import Happening
from ..operations import spread, tell


@listen(ConsultationOpened)
def tell_the_staff_it_is_open(event: ConsultationOpened) -> None:
    """Comments can be made."""
    _tell_staff(event.consultation_id, "opened")


@listen(ConsultationClosed)
def tell_the_staff_it_is_closed(event: ConsultationClosed) -> None:
    """Comments are closed, the answers are due."""
    _tell_staff(event.consultation_id, "closed")


def tell_of_the_step(event: Any) -> None:
    """Who follows it, and who commented where that concerns her: more time, the next draft, the outcome."""
    _tell_of_step(event.consultation_id)


for _kind in (
    consultations.ConsultationAnnounced, consultations.ConsultationExtended, consultations.ConsultationPaused,
    consultations.ConsultationResumed, consultations.ReviewBegan, consultations.RoundBegan,
    consultations.ConsultationWithdrawn, consultations.ConsultationAdopted, consultations.ConsultationMadePublic,
    OutcomePublished,
):  # fmt: skip
    listen(_kind)(tell_of_the_step)


def _tell_staff(consultation_id: int, what: str) -> None:
    """The people who run it have work now; who only follows hears of the step."""
    step = queries.last_step(viewer=SYSTEM, consultation_id=consultation_id)
    if step is None:
        return
    people = queries.staff(viewer=SYSTEM, consultation_id=consultation_id, roles=STAFF)
    of = Happening(what, step.id, consultation_id, f"step {step.id}")
    tell(actor=SYSTEM, people=[p for p in people if p != step.actor_id], kind="work", of=of)
    _tell_of_step(consultation_id)


def _tell_of_step(consultation_id: int) -> None:
    step = queries.last_step(viewer=SYSTEM, consultation_id=consultation_id)
    if step is not None:
        spread(actor=SYSTEM, of=Happening("step", step.id, consultation_id, f"step {step.id}"))
