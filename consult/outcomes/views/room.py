"""The outcomes' doors hang here."""

from __future__ import annotations

from typing import Any

from consult.accounts.models import CATEGORIES
from consult.core.doors import Room
from consult.debate.models import DISPOSITIONS, STANCES

from ..models import ANSWERS_TO_OBJECTIONS, CHANGE_CLASSES, IMPLEMENTATIONS, REVIEWS, SECTIONS

room = Room("outcomes")


@room.context_processor
def words() -> dict[str, Any]:
    """What the codes are called on this room's pages."""
    return {
        "labels": DISPOSITIONS,
        "changes": CHANGE_CLASSES,
        "implementations": IMPLEMENTATIONS,
        "section_names": SECTIONS,
        "review_words": REVIEWS,
        "answers_to_objections": ANSWERS_TO_OBJECTIONS,
        "stances": STANCES,
        "category_names": CATEGORIES,
        "categories": list(CATEGORIES.items()),
    }
