"""Jobs and mails: what waits, what is being done, what failed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.jobs import Job
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, administrators

from .. import kinds
from .listing import by_id

SHOWN = {"failed": "Failed", "waiting": "Waiting", "running": "Being done", "done": "Done lately"}


class Line(Record):
    """One job in words, with nothing of the people it is about but a masked address."""

    job: Job
    what: str
    state: str  # a key of SHOWN
    is_discarded: bool
    is_retried: bool  # it failed, and is tried again by itself
    why: str
    to: str
    template: str


class WorkPage(Record):
    """A list of jobs, and how many there are in each state."""

    shown: str
    kind: str
    listing: Listing[Line]
    counts: dict[str, int]
    failed_kinds: Sequence[tuple[str, str, int]]


def in_state(shown: str, moment: datetime) -> list[ColumnElement[bool]]:
    """What `shown` means."""
    is_held = Job.lease_until > moment
    free = or_(Job.lease_until.is_(None), Job.lease_until <= moment)
    states: dict[str, list[ColumnElement[bool]]] = {
        "failed": [Job.finished_at.is_(None), Job.is_parked.is_(True)],
        "waiting": [Job.finished_at.is_(None), ~Job.is_parked, free],
        "running": [Job.finished_at.is_(None), ~Job.is_parked, is_held],
        "done": [Job.finished_at.is_not(None)],
    }
    return states[shown]


def work(
    *, viewer: Actor, shown: str = "", kind: str = "", only_mail: bool = False,
    after: str | None = None, before: str | None = None,
) -> WorkPage:  # fmt: skip
    """Jobs in one state, the newest first; without a state: what failed, or else what waits."""
    moment = clock.now()
    mine: list[ColumnElement[bool]] = [Job.id.is_not(None) if administrators(viewer) else Job.id.is_(None)]
    mine += [Job.kind.in_(kinds.MAILS)] if only_mail else []
    counts = {
        name: db.session.scalar(select(func.count()).select_from(Job).where(*mine, *in_state(name, moment))) or 0
        for name in SHOWN
    }
    shown = shown if shown in SHOWN else "failed" if counts["failed"] else "waiting"
    chosen = [Job.kind == kind] if kind else []
    page = by_id(viewer, Job, [*mine, *chosen, *in_state(shown, moment)], after, before)
    lines = _lines(viewer, page.rows, moment)
    return WorkPage(
        shown, kind, Listing(lines, page.total, page.next_cursor, page.previous_cursor), counts, _failed(mine, moment)
    )  # fmt: skip


def job(*, viewer: Actor, job_id: int) -> Job:
    """One job; Missing for whoever does not run the site."""
    row = db.session.get(Job, job_id)
    if row is None or not administrators(viewer):
        raise Missing
    return row


def line(*, viewer: Actor, job_id: int) -> Line:
    """One job in words."""
    return _lines(viewer, [job(viewer=viewer, job_id=job_id)], clock.now())[0]


def _failed(mine: list[ColumnElement[bool]], moment: datetime) -> list[tuple[str, str, int]]:
    rows = db.session.execute(
        select(Job.kind, func.count()).where(*mine, *in_state("failed", moment)).group_by(Job.kind).order_by(Job.kind)
    )
    return [(kind, kinds.in_words(kind), count) for kind, count in rows]


def _lines(viewer: Actor, jobs: Sequence[Job], moment: datetime) -> list[Line]:
    payloads = {job.id: _payload(job) for job in jobs}
    ids = {p["person"] for p in payloads.values() if isinstance(p.get("person"), int)}
    people = select(Person.id, Person.email).where(Person.id.in_(ids))
    found = db.session.execute(people) if ids and administrators(viewer) else ()
    addresses: dict[int, str] = {row[0]: row[1] for row in found}
    return [_line(job, payloads[job.id], addresses, moment) for job in jobs]


def _line(job: Job, payload: dict[str, object], addresses: dict[int, str], moment: datetime) -> Line:
    to = payload.get("to") or payload.get("email") or addresses.get(payload.get("person"), "")  # type: ignore[call-overload]
    template = str(payload.get("template") or payload.get("purpose") or "")
    return Line(
        job=job, what=kinds.in_words(job.kind), state=_state(job, moment), is_discarded=job.error == kinds.DISCARDED,
        is_retried=bool(job.error) and not job.is_parked and job.finished_at is None,
        why="" if job.error == kinds.DISCARDED else kinds.why(job.error),
        to=kinds.masked(str(to)) if to else "", template=template.rpartition("/")[2].replace("_", " "),
    )  # fmt: skip


def _state(job: Job, moment: datetime) -> str:
    if job.finished_at is not None:
        return "done"
    if job.is_parked:
        return "failed"
    return "running" if job.lease_until is not None and job.lease_until > moment else "waiting"


def _payload(job: Job) -> dict[str, object]:
    try:
        found = json.loads(job.payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
