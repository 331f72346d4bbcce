"""Jobs that failed: tried again, or given up."""

from __future__ import annotations

from sqlalchemy import select, update

from consult.administration import rules
from consult.administration.kinds import DISCARDED
from consult.core import clock
from consult.core.administered import Administered, reason_given
from consult.core.errors import Conflict
from consult.core.events import emit
from consult.core.jobs import Job
from consult.core.operations import operation, session
from consult.core.rules import Actor, administrators

MOST_AT_ONCE = 1000
BEING_DONE = "A worker is doing this job just now. Look again in a few minutes."


@operation(rule=rules.may_run_job, on="job")
def retry_job(*, actor: Actor, job: Job) -> Job:
    """Have a job done now that waits for its next try, or is tried no more by itself. Raises Conflict: it is being done."""
    _check_nobody_does(job)
    _put_back([job.id])
    emit(Administered(actor, "retry_job", job_id=job.id, detail=job.kind))
    return job


@operation(rule=administrators)
def retry_jobs(*, actor: Actor, kind: str) -> int:
    """Have every failed job of one kind done now, a thousand at most; how many they are."""
    failed = (Job.kind == kind, Job.is_parked, Job.finished_at.is_(None))
    found = session().scalars(select(Job.id).where(*failed).order_by(Job.id).limit(MOST_AT_ONCE).with_for_update())
    ids = list(found)
    if not ids:
        raise Conflict("No job of this kind has failed.")
    _put_back(ids)
    emit(Administered(actor, "retry_jobs", detail=f"{kind}: {len(ids)}"))
    return len(ids)


@operation(rule=rules.may_run_job, on="job")
def discard_job(*, actor: Actor, job: Job, reason: str) -> Job:
    """Give a job up: it is never done, and what it carried is forgotten at once. Its key stays, so that it does not come again."""
    reason = reason_given(reason)
    _check_nobody_does(job)
    job.payload, job.error, job.is_parked, job.finished_at = "{}", DISCARDED, False, clock.now()
    emit(Administered(actor, "discard_job", job_id=job.id, detail=job.kind, reason=reason))
    return job


def _check_nobody_does(job: Job) -> None:
    if job.lease_until is not None and job.lease_until > clock.now():
        raise Conflict(BEING_DONE)


def _put_back(ids: list[int]) -> None:
    """Due now, with all tries before it; workers are woken after the commit."""
    fresh = {"is_parked": False, "tries": 0, "due_at": clock.now(), "lease_until": None}
    session().execute(update(Job).where(Job.id.in_(ids)).values(fresh))
    session().info.setdefault("wake", []).extend((job_id, None) for job_id in ids)
