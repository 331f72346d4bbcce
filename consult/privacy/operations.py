"""What somebody asks for about her own data, and what the system does about it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select, update

from consult.accounts.models import Person
from consult.core import clock
from consult.core.errors import Conflict
from consult.core.jobs import later
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.personal import Fading
from consult.core.rules import Actor, system_only

from . import queries, rules
from .models import DataCopy

COPY_JOB, FADE_JOB = "privacy.copy", "privacy.fade"


@operation(rule=rules.may_ask_copy)
def ask_copy(*, actor: Actor, key: SubmissionKey | None = None) -> DataCopy:
    """Have a copy made of what is kept about the actor; one that is there is replaced. Raises Conflict while one is made."""
    session().execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    if queries.data_page(viewer=actor).is_being_made:
        raise Conflict("Your copy is being made already.")
    session().execute(delete(DataCopy).where(DataCopy.person_id == actor.person_id))
    copy = DataCopy(person_id=actor.person_id)
    session().add(copy)
    session().flush()
    later(COPY_JOB, {"copy": copy.id})
    return copy


@operation(rule=system_only)
def tell_progress(*, actor: Actor, copy_id: int, done: int, total: int) -> None:
    """How many of the kinds of rows were looked through."""
    session().execute(update(DataCopy).where(DataCopy.id == copy_id).values(done=done, total=total))


@operation(rule=system_only)
def keep_copy(*, actor: Actor, copy_id: int, name: str, size: int) -> None:
    """The copy is ready: its person is told by mail. Nothing happens when it is not wanted any more."""
    copy = session().get(DataCopy, copy_id, with_for_update=True, populate_existing=True)
    if copy is None or copy.ready_at is not None:
        return
    copy.name, copy.size, copy.ready_at, copy.done = name, size, clock.now(), copy.total
    person = session().get_one(Person, copy.person_id)
    send_later("privacy/copy_ready", person.email, name=person.name, days=queries.KEPT.days)


@operation(rule=system_only)
def order_fading(*, actor: Actor, day: date) -> None:
    """Once a day what is old enough is forgotten, by one worker."""
    later(FADE_JOB, {}, dedupe_key=queries.fading_key(day))


@operation(rule=system_only)
def forget(*, actor: Actor, fading: Fading) -> None:
    """Delete the rows of one declaration that are old enough."""
    session().execute(delete(fading.model).where(fading.since < clock.now() - fading.after, *fading.where))
