"""The clock: opens and closes consultations when their hour has come.

Safe to run twice and by several workers: each step is its own operation, judged on what is true then.
A job wakes a worker at the very second; the sweep each minute finds what was missed.
"""

from __future__ import annotations

import logging
from typing import Any

from consult.core import jobs
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM

from . import operations, queries
from .operations.lifecycle import CLOCK_JOB

log = logging.getLogger(__name__)
STEPS = {"announced": operations.open_consultation, "open": operations.close}


@jobs.periodic
def run_the_clock() -> None:
    """Open and close whatever is due; one that cannot be moved does not hold up the others."""
    for row, name, step in [(row, row.slug, STEPS[row.state]) for row in queries.due(viewer=SYSTEM)]:
        try:
            step(actor=SYSTEM, consultation=row)
        except DomainError as refusal:  # another worker was quicker, or a guard of a room above said no
            log.info("the clock left %s as it is: %s", name, refusal.sentence)
        except Exception:  # a fault in one listener; the next sweep tries again
            log.exception("the clock could not move %s", name)


@jobs.job(CLOCK_JOB)
def _something_is_due(payload: dict[str, Any]) -> None:
    run_the_clock()
