"""What waited for a look goes on show, one by one or many together. Not showing it is a hiding, with its statement of reasons."""

from __future__ import annotations

from collections.abc import Sequence

from consult.consultations.models import Consultation
from consult.core.db import refresh_with_parents
from consult.core.errors import Conflict
from consult.core.operations import operation
from consult.core.rules import Actor
from consult.debate import operations as debate

from .. import rules
from ..claiming import KEPT
from ..models import ModerationAct
from ..queries.things import THE_WORDS
from ..rules import Contribution, consultation_of, role_of
from ..stating import nobody_was_quicker, write_down

FINE = "Nothing in it breaks a rule."
MOST = 50  # at once: as many as a list shows


@operation(rule=rules.may_decide, on="thing")
def release_contribution(
    *, actor: Actor, thing: Contribution, seen_act_id: int, key: str | None = None
) -> ModerationAct:
    """Put on show what waited for a look; it counts from when it was received, and everybody hears of it now."""
    nobody_was_quicker(thing, seen_act_id)
    if thing.state != "held":
        raise Conflict(f"It does not wait any more ({thing.state}). {KEPT}")
    role = role_of(actor, consultation_of(thing))
    act = write_down(actor, thing, "release", FINE, rule="", role=role, facts=THE_WORDS)
    debate.release(actor=actor, thing=thing)
    return act


@operation(rule=rules.may_see_queue, on="consultation")
def release_many(
    *, actor: Actor, consultation: Consultation, things: Sequence[Contribution], key: str | None = None
) -> int:
    """Put many on show; returns how many. What somebody else decided or looks at, and what is one's own, is left alone."""
    return sum(_release(actor, thing) for thing in things[:MOST] if consultation_of(thing).id == consultation.id)


def _release(actor: Actor, thing: Contribution) -> bool:
    refresh_with_parents(thing)
    if thing.state != "held" or not rules.may_decide(actor, thing):
        return False
    try:
        release_contribution(actor=actor, thing=thing, seen_act_id=0)
    except Conflict:
        return False
    return True
