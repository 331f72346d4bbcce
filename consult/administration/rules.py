"""Who may run the site."""

from __future__ import annotations

from consult.core.jobs import Job
from consult.core.rules import YES, Actor, Verdict, administrators, no, proven


def proven_administrators(actor: Actor) -> Verdict:
    """Administrators who showed a short time ago that it is really them. Doors ask this, commands cannot."""
    verdict = administrators(actor)
    return proven(actor) if verdict else verdict


def may_run_job(actor: Actor, job: Job) -> Verdict:
    """Administrators and the system, with a job that is not done and that nobody is doing."""
    verdict = administrators(actor)
    if not verdict:
        return verdict
    return YES if job.finished_at is None else no("This job is done, or was discarded.")


def may_appoint(actor: Actor, consultation_id: int) -> Verdict:
    """Administrators and the system, on every consultation."""
    return administrators(actor)
