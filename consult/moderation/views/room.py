"""Moderation's doors hang here."""

from __future__ import annotations

from typing import Any

from consult.core.doors import Room

from ..models import MEANINGS, ROLES, RULES, VERBS

room = Room("moderation")


@room.context_processor
def _names() -> dict[str, Any]:
    return {"rule_names": RULES, "meanings": MEANINGS, "act_names": VERBS, "roles": ROLES}
