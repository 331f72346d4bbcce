"""The clock: opens and closes consultations when their hour has come.

Safe to run twice and by several workers: each step is its own operation, judged on what is true then.
A job wakes a worker at the very second; the sweep each minute finds what was missed.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from consult.core import clock, jobs
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM
from consult.core.store import files

from . import operations, queries
from .operations.lifecycle import CLOCK_JOB

log = logging.getLogger(__name__)
BEING_SENT = timedelta(hours=1)  # a file is in the store before the row that names it
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


@jobs.periodic
def sweep_files() -> None:
    """Once an hour: let go of files that no row names, because nothing came of them or their rows were deleted."""
    if clock.now().minute == 0:
        forget_files()


def forget_files() -> None:
    """Delete every content that is older than an hour and named by no row."""
    old = set(files().older_than(clock.now() - BEING_SENT))
    for sha256 in old - queries.named_files(viewer=SYSTEM, contents=old):
        files().delete(sha256)
