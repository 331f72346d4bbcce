"""Moderation's doors hang here."""

from __future__ import annotations

from typing import Any

from consult.core.doors import Room
from consult.debate.models import HOLDS

from ..models import MEANINGS, RELEASED, ROLES, RULES, VERBS

room = Room("moderation")


@room.context_processor
def _names() -> dict[str, Any]:
    return {
        "rule_names": RULES,
        "meanings": MEANINGS,
        "act_names": VERBS | {"release": RELEASED},
        "roles": ROLES,
        "held_words": HOLDS,
    }
