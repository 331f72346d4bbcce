"""Sending notices. A job carries ids; the words are read when it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app

from consult.accounts.models import Person
from consult.core import clock, mail
from consult.core.jobs import job, periodic
from consult.core.rules import SYSTEM
from consult.outcomes import queries as outcomes

from . import endings, letters, operations, queries, timing
from .happenings import Happening

DOOR = "notices.ending"
FARTHEST = timedelta(days=max(timing.REMINDERS) + 2)  # its first reminder comes on a morning, up to a day earlier
MOST_AT_ONCE = 200  # digests gathered in one sweep; the rest a minute later


@job("notices.mail")
def send(payload: dict[str, Any]) -> None:
    """Write to one person, unless she cannot be reached, ended such mails, or there is nothing to say any more."""
    notice = queries.told(viewer=SYSTEM, notice_id=payload["notice"])
    person = queries.person_to_mail(viewer=SYSTEM, person_id=notice.person_id)
    ways = queries.ways(
        viewer=SYSTEM, people=[notice.person_id], kind=notice.kind,
        consultation_id=notice.place.id, what=notice.what,
    )  # fmt: skip
    is_wanted = ways.get(notice.person_id, "site") != "site"
    letter = letters.letter(notice, person) if person and is_wanted else None
    if person and letter:
        template, values = letter
        mail.deliver(template, person.email, values, payload["job"], _foot(person, notice.kind))


@job("notices.fan_out", is_inside=True)
def fan_out(payload: dict[str, Any]) -> None:
    """Tell the next readers."""
    of = Happening(**{name: payload[name] for name in ("what", "about", "consultation_id", "event", "wave")})
    operations.spread(actor=SYSTEM, of=of, after=payload["after"])


@job("notices.digest")
def send_digest(payload: dict[str, Any]) -> None:
    """Send what was gathered for one person, once: a job that is done again after its mail went sends nothing."""
    found = queries.digest_of(viewer=SYSTEM, digest_id=payload["digest"])
    letter = letters.digest(*found) if found else None
    if found and letter:
        template, values = letter
        mail.deliver(template, found[1].email, values, payload["job"], _foot(found[1], found[0].rhythm))
        operations.note_sent(actor=SYSTEM, digest_id=payload["digest"])


def _foot(person: Person, what: str) -> mail.Foot:
    """The link that ends mails of this kind, or this digest; made when the mail is sent and stored nowhere."""
    token = endings.token(current_app.config["SECRET_KEY"], person.id, what)
    return mail.Foot(f"You get mails of this kind: {endings.WORDS[what]}. To stop them:", mail.link(DOOR, token=token))


@periodic
def gather_digests() -> None:
    """Once a minute a look, without taking the write lock; a transaction for each person for whom something waits."""
    for rhythm in ("daily", "weekly"):
        due_at = timing.digest_due(rhythm, clock.now())
        waiting = queries.waiting_for(viewer=SYSTEM, rhythm=rhythm, due_at=due_at, limit=MOST_AT_ONCE)
        for person_id in waiting:
            operations.gather_digest(actor=SYSTEM, person_id=person_id, rhythm=rhythm, due_at=due_at)


@periodic
def remind_of_assignments() -> None:
    """On the morning of the day until which a colleague was asked to answer comments: once, if some of them wait."""
    for row in outcomes.assignments_due(viewer=SYSTEM, moment=clock.now() + timing.DAY_OF_WORK):
        operations.remind_of_assignment(actor=SYSTEM, assignment=row)


@periodic
def remind() -> None:
    """In the morning, so many days before a consultation closes: its followers, each once for each closing time.

    A look without taking the write lock; a transaction only when there is somebody to tell.
    """
    soon = clock.now() + FARTHEST
    for row in queries.closing_until(viewer=SYSTEM, moment=soon):
        days = timing.reminder_due(row.closes_at, row.timezone, clock.now(), row.opens_at) if row.closes_at else None
        of = Happening("reminder", row.id, row.id, f"closing {row.id} {row.closes_at:%Y%m%dT%H%M} {days}")
        if days is None or queries.is_being_told(viewer=SYSTEM, key=of.job_key(0)):
            continue
        if queries.readers(viewer=SYSTEM, what="reminder", about=row.id, consultation_id=row.id, after=0, limit=1):
            operations.spread(actor=SYSTEM, of=of)
