"""How this installation is doing, for programs that watch it: whether it can serve people, and its numbers."""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from flask import current_app, request
from sqlalchemy import and_, case, func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from consult.core import clock, schema
from consult.core.db import db
from consult.core.jobs import Job, WorkerSign
from consult.core.mail import link
from consult.core.metrics import metrics
from consult.settings import Settings

UNSEEN_AFTER = timedelta(minutes=3)  # a worker signs each minute
LEAST_FREE = 500 * 1024 * 1024, 0.05  # bytes, share of the disk: below both something will break soon
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["consult.settings"]
    return settings


def _database() -> str:
    db.session.scalar(select(1))
    return ""


def _migrations() -> str:
    if schema.fits():
        return ""
    return f"the tables have revision {schema.present()}, this version needs {schema.needed()}: consult db upgrade"


def _worker() -> str:
    last = db.session.scalar(select(func.max(WorkerSign.seen_at)))
    if last is None:
        return "no worker was ever seen: start consult work"
    away = clock.now() - last
    return "" if away < UNSEEN_AFTER else f"no worker was seen for {int(away.total_seconds())} seconds: mails wait"


def _disk() -> str:
    disk = shutil.disk_usage(_settings().folder)
    is_low = disk.free < LEAST_FREE[0] and disk.free < LEAST_FREE[1] * disk.total
    return f"only {disk.free // 1_048_576} MB are free where the instance folder is" if is_low else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database, "migrations": _migrations, "worker": _worker, "disk": _disk,
}  # fmt: skip


def readiness(without: str = "") -> dict[str, Any]:
    """Each check with its reason where it failed; `without` leaves one out, for who may not stop serving for it."""
    reasons = {name: _asked(check) for name, check in CHECKS.items() if name != without}
    checks = {name: {"ok": not reason} | ({"reason": reason} if reason else {}) for name, reason in reasons.items()}
    return {"ready": not any(reasons.values()), "checks": checks}


def _asked(check: Callable[[], str]) -> str:
    try:
        return check()
    except SQLAlchemyError as problem:
        db.session.rollback()
        return f"the database does not answer ({type(problem).__name__})"


def may_read_metrics() -> bool:
    """Whoever has the token; without one, what asks from this machine itself and not through a proxy."""
    token = _settings().metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    try:
        is_here = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return is_here and not any(name in request.headers for name in FORWARDED)


def security_lines() -> list[str]:
    """security.txt (RFC 9116), good for a year less a day from today; none where nobody is named."""
    contact = _settings().security_contact
    if not contact:
        return []
    ends = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=364)
    return [
        f"Contact: {contact}",
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {link('lobby.security_txt')}",
        f"Policy: {link('lobby.about')}#security",
    ]


def lines() -> Iterator[str]:
    """What Prometheus reads: the counts of this machine, then how things stand in the database now."""
    yield from metrics().lines()
    yield from _gauges()


def _gauges() -> Iterator[str]:
    try:
        yield from _of_jobs()
        yield from _of_the_database()
        yield "consult_up 1"
    except SQLAlchemyError:
        db.session.rollback()
        yield "consult_up 0"


def _of_jobs() -> Iterator[str]:
    moment = clock.now()
    state = case(
        (Job.is_parked.is_(True), "parked"),
        (and_(Job.lease_until.is_not(None), Job.lease_until >= moment), "running"),
        (Job.tries > 0, "failed"),
        (Job.due_at > moment, "planned"),
        else_="due",
    )
    open_jobs = select(Job.kind, state, func.count()).where(Job.finished_at.is_(None)).group_by(Job.kind, state)
    yield "# HELP consult_jobs Jobs that are not done, by kind and state."
    yield "# TYPE consult_jobs gauge"
    for kind, name, count in db.session.execute(open_jobs.order_by(Job.kind, state)):
        yield f'consult_jobs{{kind="{kind}",state="{name}"}} {count}'
    oldest = db.session.scalar(
        select(func.min(Job.created_at)).where(
            Job.finished_at.is_(None), Job.is_parked.is_(False), Job.due_at <= moment, Job.kind.like("%mail%")
        )
    )
    yield "# HELP consult_outbox_age_seconds How long the oldest mail that should be gone has been waiting."
    yield "# TYPE consult_outbox_age_seconds gauge"
    yield f"consult_outbox_age_seconds {(moment - oldest).total_seconds() if oldest else 0:.0f}"
    seen = db.session.scalar(select(func.max(WorkerSign.seen_at)))
    yield "# HELP consult_worker_seen_timestamp_seconds When a worker last gave a sign."
    yield "# TYPE consult_worker_seen_timestamp_seconds gauge"
    yield f"consult_worker_seen_timestamp_seconds {seen.timestamp() if seen else 0:.0f}"


def _of_the_database() -> Iterator[str]:
    if db.engine.dialect.name == "postgresql":
        asked = "SELECT pg_database_size(current_database()), count(*) FROM pg_stat_activity WHERE datname = current_database()"
        size, connections = db.session.execute(sql(asked)).one()
    else:
        pages, page = (db.session.scalar(sql(f"PRAGMA {name}")) or 0 for name in ("page_count", "page_size"))
        size, connections = pages * page, db.engine.pool.checkedout()  # type: ignore[attr-defined]
    yield "# HELP consult_database_bytes Size of the database."
    yield "# TYPE consult_database_bytes gauge"
    yield f"consult_database_bytes {size}"
    yield "# HELP consult_database_connections Connections: PostgreSQL, all to this database; SQLite, those of one process."
    yield "# TYPE consult_database_connections gauge"
    yield f"consult_database_connections {connections}"
    yield "# HELP consult_disk_free_bytes What is free where the instance folder is."
    yield "# TYPE consult_disk_free_bytes gauge"
    yield f"consult_disk_free_bytes {shutil.disk_usage(_settings().folder).free}"
    yield "# HELP consult_up Whether the database answered."
    yield "# TYPE consult_up gauge"
