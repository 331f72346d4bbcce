"""What is asked of somebody new before her words are on show at once, and what is known of how they were sent."""

from __future__ import annotations

from typing import Any

from consult.consultations.models import Consultation
from consult.core import proof
from consult.core.doors import me
from consult.core.limits import origin
from consult.core.records import Record
from consult.debate import queries

from .room import room


class Asked(Record):
    """Of somebody new: a calculation, or patience. Of all others: nothing."""

    challenge: proof.Challenge | None = None
    when: str = ""  # it will be on show, in place of “Public at once,”


@room.app_context_processor
def _for_forms() -> dict[str, Any]:
    return {"asked_of_new": asked_of_new}


def asked_of_new(consultation: Consultation) -> Asked:
    """Of whoever reads this, before she posts here. Nothing as well where a rule of the consultation says when."""
    may_wait = proof.is_on() or me().is_unproven  # nobody else costs a statement
    if not (may_wait and queries.is_new(viewer=me(), consultation=consultation)):
        return Asked()
    if me().is_unproven:
        return Asked(None, "A moderator looks at your first contribution before it is on show.")
    challenge = proof.ask(_purpose())
    at_once = consultation.shown_at_once.removesuffix(",")
    return Asked(challenge, f"{at_once}, with the calculation; else after a look.")


def sent() -> dict[str, Any]:
    """How it was sent, for operations that post: from which range, and with the calculation, which is used up now."""
    return {"origin": origin(), "is_proven": proof.is_given(_purpose())}


def _purpose() -> str:
    return f"person {me().person_id}"
