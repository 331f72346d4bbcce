"""Whether this installation is well, as sentences with a place where one can act. Reads only; knows nothing of the web.

What machines ask (is it up, is it ready, numbers) is answered elsewhere; this is for the people who run the site.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, or_, select

from consult import __version__
from consult.accounts.models import Person, RoleGrant
from consult.consultations.models import Consultation
from consult.core import clock, floors, later, schema
from consult.core.db import db
from consult.core.engines import SAFE_SQLITE
from consult.core.jobs import Job
from consult.core.records import Record
from consult.core.rules import STAFF, Actor, administrators
from consult.settings import Settings

from . import kinds

redis = later.module("redis")
LATE = timedelta(minutes=5)  # a worker looks each minute
LITTLE = 1024**3  # bytes: below a gigabyte, or a twentieth of the disk
SHARE = 20
Answer = tuple[bool, str]


class Check(Record):
    """One thing that was looked at. `place`: where one can act; a key of views.PLACES, or "" where only a shell helps."""

    name: str
    is_good: bool
    sentence: str
    place: str = ""


def checks(*, viewer: Actor, settings: Settings) -> list[Check]:
    """Everything that was looked at, in a fixed order; nothing for whoever does not run the site."""
    if not administrators(viewer):
        return []
    looks: list[tuple[str, str, Callable[[Settings], Answer]]] = [
        ("Database", "", _database),
        ("Migrations", "", _migrations),
        ("Worker", "jobs", _worker),
        ("Waiting work", "jobs", _waiting),
        ("Failed jobs", "failed", _failed),
        ("Mail", "mail", _mail),
        ("Mail server", "settings", _mail_server),
        ("Disk", "", _disk),
        ("Redis", "settings", _redis),
        ("Public address", "settings", _address),
        ("Second step", "one-step", _second_step),
        ("Organisers", "orphaned", _organisers),
        ("Version", "", _version),
    ]
    return [Check(name, *look(settings), place) for name, place, look in looks]


def _database(settings: Settings) -> Answer:
    engine = db.session.get_bind().dialect
    if engine.name == "sqlite":
        version: tuple[int, ...] = engine.dbapi.sqlite_version_info  # type: ignore[union-attr]
        told = ".".join(map(str, version))
        if version < SAFE_SQLITE:
            safe = ".".join(map(str, SAFE_SQLITE))
            return (
                False,
                f"SQLite {told} answers. It is older than {safe}, so a slower way of writing is used. Install the wheel pysqlite3.",
            )
        return True, f"SQLite {told} answers."
    number = ".".join(str(part) for part in engine.server_version_info or ())
    return True, f"PostgreSQL {number} answers."


def _migrations(settings: Settings) -> Answer:
    present, head = schema.present(db.session.connection()), schema.needed()
    if present == head:
        return True, f"The tables are those of this version (revision {head})."
    if schema.fits(db.session.connection()):
        return (
            True,
            f"The tables are those of a newer version (revision {present}), which this one can serve. Replace it soon.",
        )
    return (
        False,
        f"The tables are at revision {present or 'none'}, this version needs {head}. Stop Consult, back up, run “consult db upgrade”.",
    )


def _worker(settings: Settings) -> Answer:
    last = db.session.scalar(select(func.max(Job.finished_at)))
    looked = db.session.scalar(select(func.max(Job.lease_until)))
    seen = max((m for m in (last, looked) if m is not None), default=None)
    if seen is not None and clock.now() - seen < timedelta(hours=26):  # it orders one job each day by itself
        return True, f"A worker did its last job on {seen:%-d %B, %H:%M} UTC."
    when = f"since {seen:%-d %B, %H:%M} UTC" if seen else "yet"
    return False, f"No worker has done anything {when}. Start “consult serve” with a worker, or “consult work”."


def _waiting(settings: Settings) -> Answer:
    moment = clock.now()
    free = or_(Job.lease_until.is_(None), Job.lease_until < moment)
    due = (Job.finished_at.is_(None), ~Job.is_parked, Job.due_at <= moment, free)
    oldest, count = db.session.execute(select(func.min(Job.due_at), func.count()).where(*due)).one()
    if oldest is None:
        return True, "No work is waiting."
    late = moment - oldest
    told = f"{_many(count, 'job')} can be done now; the oldest has waited {_long(late)}."
    return late < LATE, told if late < LATE else f"{told} A worker looks each minute: look whether one runs."


def _failed(settings: Settings) -> Answer:
    count = (
        db.session.scalar(select(func.count()).select_from(Job).where(Job.is_parked, Job.finished_at.is_(None))) or 0
    )
    if not count:
        return True, "No job has failed for good."
    return (
        False,
        f"{_many(count, 'job')} failed and {'is' if count == 1 else 'are'} tried no more. Look why, then try again or discard.",
    )


def _mail(settings: Settings) -> Answer:
    open_ones = (Job.kind.in_(kinds.MAILS), Job.finished_at.is_(None))
    counts = select(func.count(), func.count().filter(Job.error.is_not(None)), func.count().filter(Job.is_parked))
    waiting, trouble, failed = db.session.execute(counts.where(*open_ones)).one()
    if not waiting:
        return True, "All mail has gone."
    told = f"{_many(waiting, 'mail')} {'has' if waiting == 1 else 'have'} not gone yet"
    if not trouble:
        return True, f"{told}; none has failed."
    return False, f"{told}; {trouble} failed at least once, {failed} for good."


def _mail_server(settings: Settings) -> Answer:
    if settings.mail_url:
        return True, "Mail goes to the server in CONSULT_MAIL_URL."
    return False, "Mail is written to files in the instance folder and reaches nobody. Set CONSULT_MAIL_URL."


def _disk(settings: Settings) -> Answer:
    disk = shutil.disk_usage(settings.folder)
    told = f"{disk.free / 1024**3:,.1f} GB of {disk.total / 1024**3:,.0f} GB are free where the instance folder is."
    is_little = disk.free < LITTLE or disk.free * SHARE < disk.total
    return not is_little, f"{told} Make room before it is full." if is_little else told


def _redis(settings: Settings) -> Answer:
    if not settings.redis_url:
        return True, "Not used: counters and the queue are files in the instance folder."
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1) as there:
            there.ping()
    except (redis.RedisError, OSError):
        return False, "Redis does not answer. Each process counts by itself, and work begins up to a minute later."
    return True, "Redis answers."


def _address(settings: Settings) -> Answer:
    if settings.is_https:
        return True, f"People come by {settings.public_url}, encrypted."
    return (
        False,
        f"People come by {settings.public_url}, which is not encrypted. Set CONSULT_PUBLIC_URL to an https:// address.",
    )


def _second_step(settings: Settings) -> Answer:
    held = select(RoleGrant.person_id).where(RoleGrant.role.in_((*STAFF, "appeals_panel")))
    running = or_(Person.is_administrator, Person.id.in_(held))
    without = (running, Person.second_factor_at.is_(None), Person.suspended_at.is_(None))
    count = db.session.scalar(select(func.count()).select_from(Person).where(*without)) or 0
    if not count:
        return True, "Everybody with a role signs in with a second step."
    rule = (
        "their roles wait until they add one"
        if settings.second_factor_for_staff == "required"
        else "they are asked to add one"
    )
    return False, f"{_many(count, 'person', 'people')} with a role: no second step yet; {rule}."


def _organisers(settings: Settings) -> Answer:
    led = select(RoleGrant.consultation_id).join(Person, Person.id == RoleGrant.person_id)
    led = led.where(RoleGrant.role == "organiser", Person.suspended_at.is_(None))
    count = db.session.scalar(select(func.count()).select_from(Consultation).where(Consultation.id.not_in(led))) or 0
    if not count:
        return True, "Every consultation has an organiser."
    return (
        False,
        f"{_many(count, 'consultation')} {'has' if count == 1 else 'have'} no organiser who can sign in. Appoint one.",
    )


def _version(settings: Settings) -> Answer:
    old = floors.problems()
    return not old, " ".join([f"Consult {__version__}.", *(old or ["Its libraries are new enough."])])


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _long(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return _many(minutes, "minute")
    return _many(minutes // 60, "hour") if minutes < 48 * 60 else _many(minutes // 1440, "day")
