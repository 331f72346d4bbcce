"""Work outside of requests."""

from __future__ import annotations

from consult.core.jobs import periodic
from consult.core.rules import SYSTEM

from . import operations, queries


@periodic
def warn_of_expiry() -> None:
    """Once a minute a look, without taking the write lock."""
    if queries.has_expiring(viewer=SYSTEM):
        operations.warn_of_expiry(actor=SYSTEM)
