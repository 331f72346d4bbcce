"""Slow or outside work: a row in the same commit as its cause; workers claim rows with a lease.

The table is the truth. The queue (huey) only wakes workers early; losing it loses nothing,
because every worker also sweeps the table each minute.
"""

from __future__ import annotations

import json
import logging
import socket
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import CheckConstraint, Index, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import Base, db, insert_new, write_transaction
from .editions import CHANGED

LEASE = timedelta(minutes=5)
BACK_OFF = (1, 5, 15, 60, 360, 1440)  # minutes before the next try; then the job is parked for people to look at
log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
_periodic: list[Callable[[], None]] = []


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


def job(kind: str) -> Callable[[Handler], Handler]:
    """The decorated function does the jobs called `kind`; it must be safe to run twice.

    It gets the payload, with the job's number under "job".
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def periodic(function: Callable[[], None]) -> Callable[[], None]:
    """Run the decorated function at each sweep, about once a minute."""
    _periodic.append(function)
    return function


def later(kind: str, payload: dict[str, Any], *, due_at: datetime | None = None, dedupe_key: str | None = None) -> None:
    """Put a job into the caller's transaction; the same `dedupe_key` again changes nothing."""
    session = db.session()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    moment = clock.now()
    statement = insert(Job).values(
        kind=kind, payload=json.dumps(payload), dedupe_key=dedupe_key, due_at=due_at or moment,
        tries=0, is_parked=False, created_at=moment,
    )  # fmt: skip
    job_id = session.execute(statement.on_conflict_do_nothing().returning(Job.id)).scalar()
    if job_id is not None:
        session.info.setdefault("wake", []).append((job_id, due_at))


def wake() -> None:
    """After a commit: tell the queue about new jobs; if it cannot be told, the sweep finds them."""
    session = db.session()
    for job_id, due_at in session.info.pop("wake", []):
        current_app.extensions["consult.wake"](job_id, due_at)


def run_job(job_id: int) -> bool:
    """Claim and do one job; False when it is done, not due, or somebody else's."""
    moment = clock.now()
    with write_transaction() as session:
        claimed = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.finished_at.is_(None), Job.is_parked.is_(False), Job.due_at <= moment)
            .where(or_(Job.lease_until.is_(None), Job.lease_until < moment))
            .values(lease_until=moment + LEASE, tries=Job.tries + 1)
            .returning(Job.kind, Job.payload, Job.tries)
        ).first()
    if claimed is None:
        return False
    kind, payload, tries = claimed
    try:
        _handlers[kind](json.loads(payload) | {"job": job_id})
    except Exception as failure:
        db.session().rollback()
        log.exception("job %s (%s) failed", job_id, kind)
        _put_back(job_id, tries, "".join(traceback.format_exception_only(failure)).strip())
        return False
    with write_transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(finished_at=clock.now(), error=None))
    return True


def keep_lease(job_id: int) -> None:
    """A job that takes long is still being done; nobody else begins it again before another lease is over."""
    with write_transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=clock.now() + LEASE))


def _put_back(job_id: int, tries: int, error: str) -> None:
    is_last = tries > len(BACK_OFF)
    wait = timedelta(minutes=BACK_OFF[min(tries, len(BACK_OFF)) - 1])
    with write_transaction() as session:
        if is_last:  # a page may say that something could not be made
            session.connection().info[CHANGED] = True
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(lease_until=None, due_at=clock.now() + wait, is_parked=is_last, error=error[:2000])
        )


def run_due(limit: int = 500) -> int:
    """Do every job that is due, oldest first; returns how many were done."""
    moment = clock.now()
    due = db.session.scalars(
        select(Job.id)
        .where(Job.finished_at.is_(None), Job.is_parked.is_(False), Job.due_at <= moment)
        .where(or_(Job.lease_until.is_(None), Job.lease_until < moment))
        .order_by(Job.due_at, Job.id)
        .limit(limit)
    ).all()
    return sum(run_job(job_id) for job_id in due)


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
