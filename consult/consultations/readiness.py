"""What a draft consultation still lacks before it can be announced. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .models import Consultation, Position

FEWEST_POSITIONS = 2


def missing(row: Consultation, positions: Sequence[Position], *, moment: datetime | None) -> list[str]:
    """A sentence for each thing that is missing. Without `moment` the dates may lie in the past (imports)."""
    return [
        *missing_words(row),
        *missing_positions(positions),
        *missing_dates(row, moment),
    ]


def missing_words(row: Consultation) -> list[str]:
    """Title and plain sentence."""
    found = []
    if not row.title:
        found.append("Give it a title.")
    if not row.summary:
        found.append("Say in plain words what it is about.")
    return found


def missing_positions(positions: Sequence[Position]) -> list[str]:
    """At least two, each with its definition."""
    if len(positions) < FEWEST_POSITIONS:
        return ["Name at least two positions people can argue from."]
    return [f"Say what “{p.name}” means here." for p in positions if not p.definition]


def missing_dates(row: Consultation, moment: datetime | None) -> list[str]:
    """Opening and closing, in this order, still to come, and a promised answer after them."""
    if row.opens_at is None or row.closes_at is None:
        return ["Set when it opens and when it closes."]
    found = []
    if row.closes_at <= row.opens_at:
        found.append("It must close after it opens.")
    if moment is not None and row.opens_at < moment:
        found.append("Its opening time has passed; choose a new one.")
    if row.response_due_at is not None and row.response_due_at < row.closes_at:
        found.append("The promised answer must come after the closing time.")
    return found
