"""What the outcomes room does by the clock."""

from __future__ import annotations

from consult.core.jobs import periodic
from consult.core.rules import SYSTEM

from . import operations, queries

REMINDERS = (0, 90)  # days before a standard is to be looked at again; the nearest first


@periodic
def remind_of_reviews() -> None:
    """Once a minute a look, without taking the write lock; a transaction for each standard of which somebody is to hear."""
    for standard_id, days in queries.reviews_due(viewer=SYSTEM, distances=REMINDERS):
        operations.remind_of_review(actor=SYSTEM, standard_id=standard_id, days=days)
