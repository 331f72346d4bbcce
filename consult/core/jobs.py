"""Slow or outside work: a row in the same commit as its cause; workers claim rows with a lease.

The table is the truth. The queue (huey) only wakes workers early; losing it loses nothing,
because every worker also sweeps the table each minute.
"""

from __future__ import annotations

import json
import logging
import socket
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import CheckConstraint, ColumnElement, Executable, Index, Row, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import Base, db, insert_new, read_rows, table_of, write_rows, write_transaction
from .editions import CHANGED

LEASE = timedelta(minutes=5)
BACK_OFF = (1, 5, 15, 60, 360, 1440)  # minutes before the next try; then the job is parked for people to look at
PAUSE = timedelta(minutes=1)  # for all jobs of a kind when what they need is not there
PATIENCE = timedelta(days=3)  # with what is not there
TOGETHER = 0.05  # s for which jobs that only write here go on in one transaction; then others get their turn to write
TURN = 1.0  # s for which other jobs of one kind are done one after the other; then other kinds get their turn
log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]
Claimed = Row[int, str, str, int]  # id, kind, payload, tries
_handlers: dict[str, Handler] = {}
_inside: set[str] = set()  # kinds of which all that is done is written here
_periodic: list[Callable[[], None]] = []


class NotNow(Exception):
    """What a job needs is not there, which is no fault of the job.

    All jobs of its kind wait for a minute; then one of them tries. That is no try that counts, but after three days
    the job is parked.
    """


class _Failed(Exception):
    """One of several jobs in a transaction failed, and so nothing of it was done."""

    def __init__(self, job_id: int, kind: str, tries: int) -> None:
        super().__init__(job_id)
        self.job_id, self.kind, self.tries = job_id, kind, tries


class Job(Base):
    """One piece of work to be done outside the request."""

    __tablename__ = "job"
    __is_unseen__ = __is_of_workers__ = True
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index("ix_job_open", "finished_at", "due_at"),
    )

    kind: Mapped[str]
    payload: Mapped[str]
    dedupe_key: Mapped[str | None] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    is_parked: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class WorkerSign(Base):
    """When workers of a machine last gave a sign, so that one can see that nobody sends the mail."""

    __tablename__ = "worker_sign"
    __is_unseen__ = __is_of_workers__ = True

    machine: Mapped[str] = mapped_column(unique=True)
    seen_at: Mapped[datetime]


def job(kind: str, *, is_inside: bool = False) -> Callable[[Handler], Handler]:
    """The decorated function does the jobs called `kind`; it must be safe to run twice.

    It gets the payload, with the job's number under "job". `is_inside`: all it does is to write here, so it is done in
    the transaction that ends it, and many of them are done in one.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if is_inside:
            _inside.add(kind)
        return handler

    return register


def periodic(function: Callable[[], None]) -> Callable[[], None]:
    """Run the decorated function at each sweep, about once a minute."""
    _periodic.append(function)
    return function


def later(kind: str, payload: dict[str, Any], *, due_at: datetime | None = None, dedupe_key: str | None = None) -> None:
    """Put a job into the caller's transaction; the same `dedupe_key` again changes nothing."""
    moment = clock.now()
    job_id = insert_new(
        Job, kind=kind, payload=json.dumps(payload), dedupe_key=dedupe_key, due_at=due_at or moment, tries=0,
        is_parked=False, created_at=moment,
    )  # fmt: skip
    if job_id is not None:
        db.session().info.setdefault("wake", []).append((job_id, due_at))


def wake() -> None:
    """After a commit: tell the queue about new jobs; if it cannot be told, the sweep finds them."""
    session = db.session()
    for job_id, due_at in session.info.pop("wake", []):
        current_app.extensions["consult.wake"](job_id, due_at)


def run_job(job_id: int) -> bool:
    """Claim and do one job; False when it is done, not due, or somebody else's.

    Others of its kind that are due are done with it for a while.
    """
    return bool(_run(job_id))


def _run(job_id: int) -> list[int]:
    """Do a job, perhaps with others; those that were done."""
    try:
        with write_transaction():
            claimed = _claimed(_THIS, job=job_id)
            done = _do_inside(claimed) if claimed is not None and claimed.kind in _inside else []
    except _Failed as failure:
        log.exception("job %s (%s) failed", failure.job_id, failure.kind)
        _put_back(failure.job_id, failure.tries, failure.__cause__)
        return [] if failure.job_id == job_id else _run(job_id)
    wake()
    return done if done or claimed is None else _do_each(claimed)


def _claimed(which: Executable, **asked: Any) -> Claimed | None:
    """Take a job that is due; None when there is none."""
    moment = clock.now()
    asked |= {"moment": moment, "until": moment + LEASE, "pausing": _pausing(moment)}
    return write_rows(which, asked).first()


def _do_inside(claimed: Claimed) -> list[int]:
    """Do a job in the transaction that claimed it, and then the next ones of its kind."""
    end, done = time.monotonic() + TOGETHER, list[int]()
    following: Claimed | None = claimed
    while following is not None:
        job_id, kind, payload, tries = following
        try:
            _handlers[kind](json.loads(payload) | {"job": job_id})
        except Exception as failure:
            raise _Failed(job_id, kind, tries) from failure
        done.append(job_id)
        following = _claimed(_NEXT, sort=kind) if time.monotonic() < end else None
    db.session().flush()
    write_rows(_END, {"jobs": done, "moment": clock.now()})
    return done


def _claiming(which: ColumnElement[bool]) -> Executable:
    """Built once: a worker does nothing as often."""
    lease = {"lease_until": bindparam("until"), "tries": _JOB.tries + 1}
    return (
        update(table_of(Job))
        .where(which, *_DUE, _NOT_PAUSING)
        .values(lease)
        .returning(_JOB.id, _JOB.kind, _JOB.payload, _JOB.tries)
    )


_JOB = table_of(Job).c
_DUE = (
    _JOB.finished_at.is_(None), _JOB.is_parked.is_(False), _JOB.due_at <= bindparam("moment"),
    or_(_JOB.lease_until.is_(None), _JOB.lease_until < bindparam("moment")),
)  # fmt: skip
_NOT_PAUSING = _JOB.kind.not_in(bindparam("pausing", expanding=True))
_WAITING = select(_JOB.id).where(*_DUE, _NOT_PAUSING).order_by(_JOB.due_at, _JOB.id).limit(1)
_OLDEST = (  # that no other worker has just now
    select(_JOB.id)
    .where(*_DUE, _JOB.kind == bindparam("sort"))
    .order_by(_JOB.due_at, _JOB.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_THIS = _claiming(_JOB.id == bindparam("job"))
_NEXT = _claiming(_JOB.id == _OLDEST.scalar_subquery())
_END = (
    update(table_of(Job))
    .where(_JOB.id.in_(bindparam("jobs", expanding=True)))
    .values(finished_at=bindparam("moment"), error=None)
)


def _do_each(claimed: Claimed) -> list[int]:
    """Do a job, and then the next ones of its kind; the commit that ends one claims the next, so one is under way."""
    end, done = time.monotonic() + TURN, list[int]()
    following: Claimed | None = claimed
    while following is not None and _is_done(following):
        with write_transaction() as session:
            write_rows(_END, {"jobs": [following.id], "moment": clock.now()})
            done.append(following.id)
            following = _claimed(_NEXT, sort=following.kind) if time.monotonic() < end else None
        session.expire_all()  # what was hidden meanwhile is not mailed: the next reads what is there now
    return done


def _is_done(claimed: Claimed) -> bool:
    """Do one job; whether that went well. One that failed is tried again later."""
    job_id, kind, payload, tries = claimed
    try:
        _handlers[kind](json.loads(payload) | {"job": job_id})
    except NotNow as failure:
        db.session().rollback()
        log.warning("job %s (%s) waits: %s", job_id, kind, failure)
        _pauses()[kind] = clock.now() + PAUSE
        _put_off(job_id, str(failure))
        return False
    except Exception as failure:
        db.session().rollback()
        log.exception("job %s (%s) failed", job_id, kind)
        _put_back(job_id, tries, failure)
        return False
    return True


def _pauses() -> dict[str, datetime]:
    """Until when this process leaves a kind alone."""
    pauses: dict[str, datetime] = current_app.extensions.setdefault("consult.pauses", {})
    return pauses


def _pausing(moment: datetime) -> list[str]:
    return [kind for kind, until in _pauses().items() if moment < until <= moment + PAUSE]


def keep_lease(job_id: int) -> None:
    """A job that takes long is still being done; nobody else begins it again before another lease is over."""
    with write_transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=clock.now() + LEASE))


def _put_back(job_id: int, tries: int, failure: BaseException | None) -> None:
    error = "".join(traceback.format_exception_only(failure)).strip()
    is_last = tries > len(BACK_OFF)
    wait = timedelta(minutes=BACK_OFF[min(tries, len(BACK_OFF)) - 1])
    with write_transaction() as session:
        if is_last:  # a page may say that something could not be made
            session.connection().info[CHANGED] = True
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(lease_until=None, tries=tries, due_at=clock.now() + wait, is_parked=is_last, error=error[:2000])
        )


def _put_off(job_id: int, error: str) -> None:
    moment = clock.now()
    with write_transaction() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(
                lease_until=None, due_at=moment + PAUSE, tries=Job.tries - 1, is_parked=Job.created_at < moment - PATIENCE,
                error=error[:2000],
            )
        )  # fmt: skip


def next_due() -> int | None:
    """The job that waits longest, of those that are due."""
    moment = clock.now()
    found: int | None = read_rows(_WAITING, {"moment": moment, "pausing": _pausing(moment)}).scalar()
    return found


def run_due(limit: int = 500) -> int:
    """Do every job that is due, oldest first; returns how many were done."""
    moment = clock.now()
    due = db.session.execute(
        select(Job.id, Job.kind)
        .where(Job.finished_at.is_(None), Job.is_parked.is_(False), Job.due_at <= moment)
        .where(or_(Job.lease_until.is_(None), Job.lease_until < moment), Job.kind.not_in(_pausing(moment)))
        .order_by(Job.due_at, Job.id)
        .limit(limit)
    ).all()
    done = set[int]()
    for job_id, kind in due:
        if job_id not in done and kind not in _pausing(clock.now()):
            done.update(_run(job_id))
    return len(done)


def sign() -> None:
    """A worker is here."""
    machine, moment = socket.gethostname(), clock.now()
    with write_transaction() as session:
        known = session.execute(update(WorkerSign).where(WorkerSign.machine == machine).values(seen_at=moment)).rowcount  # type: ignore[attr-defined]
        if not known:
            insert_new(WorkerSign, machine=machine, seen_at=moment)


def sweep() -> None:
    """What a worker does once a minute: the periodic functions, then whatever is due. One fault holds up nothing else."""
    for function in (sign, *_periodic):
        try:
            function()
        except Exception:  # noted, and tried again in a minute
            db.session().rollback()
            log.exception("%s.%s failed", function.__module__, function.__name__)
    run_due()
