"""What somebody asks for about her own data, and what the system does about it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Person, RoleGrant
from consult.core import clock
from consult.core.administered import Administered
from consult.core.errors import Conflict, Missing, Refused
from consult.core.events import emit
from consult.core.jobs import later
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.personal import Fading, Leaving
from consult.core.rules import SYSTEM, Actor, administrators, system_only

from . import erasing, queries, rules
from .models import DataCopy, Erasure

COPY_JOB, ERASE_JOB, FADE_JOB = "privacy.copy", "privacy.erase", "privacy.fade"
GRACE = timedelta(days=7)


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
def keep_copy(*, actor: Actor, copy_id: int, name: str, size: int) -> bool:
    """The copy is ready: its person is told by mail. False when it is not wanted any more."""
    copy = session().get(DataCopy, copy_id, with_for_update=True, populate_existing=True)
    if copy is None or copy.ready_at is not None:
        return False
    copy.name, copy.size, copy.ready_at, copy.done = name, size, clock.now(), copy.total
    person = session().get_one(Person, copy.person_id)
    send_later("privacy/copy_ready", person.email, name=person.name, days=queries.KEPT.days)
    return True


@operation(rule=rules.may_be_erased)
def ask_erasure(*, actor: Actor, checked_hash: str, words_go: bool, key: SubmissionKey | None = None) -> Erasure:
    """Have the actor erased in a week; `words_go`: with what she said in public. Asked again, nothing changes.

    `checked_hash` is the one the password was right for. Raises Refused where somebody depends on her, Conflict when
    the password was changed meanwhile.
    """
    person = session().get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
    if person.password_hash != checked_hash:
        raise Conflict("Your password was changed elsewhere a moment ago.", "current_password")
    if asked := queries.pending_erasure(viewer=actor):
        return asked
    reasons = _bonds(actor, person.id)
    if reasons:
        raise Refused(" ".join(reasons))
    erasure = Erasure(person_id=person.id, words_go=words_go, due_at=clock.now() + GRACE)
    session().add(erasure)
    session().flush()
    later(ERASE_JOB, {"erasure": erasure.id}, due_at=erasure.due_at)
    send_later("privacy/erasure_asked", person.email, name=person.name, on=f"{erasure.due_at:%d %B %Y}")
    return erasure


@operation(rule=rules.may_be_erased)
def take_back_erasure(*, actor: Actor) -> None:
    """Stay: nothing was changed until now."""
    session().execute(delete(Erasure).where(Erasure.person_id == actor.person_id, Erasure.done_at.is_(None)))


def _lock_administrators(**_: object) -> None:
    """All who run the site, in one order, before the one who goes: of the last two the second finds herself alone."""
    session().execute(select(Person.id).where(Person.is_administrator).order_by(Person.id).with_for_update())


@operation(rule=system_only, first=_lock_administrators)
def carry_out(*, actor: Actor, erasure_id: int) -> tuple[Leaving, str] | None:
    """Erase whose day has come; how she was called until now and the name of her copy, whose files go next.

    Where somebody depends on her by now, she is told so instead, and asks again: None. So it is when there is
    nothing to do.
    """
    erasure = queries.erasure_due(viewer=actor, erasure_id=erasure_id)
    if erasure is None:
        return None
    person = session().get_one(Person, erasure.person_id, with_for_update=True, populate_existing=True)
    reasons = _bonds(actor, person.id)
    if reasons:
        send_later("privacy/erasure_held", person.email, name=person.name, reasons=reasons)
        session().delete(erasure)
        return None
    return _erase(person, erasure)


@operation(rule=administrators, first=_lock_administrators)
def erase_now(*, actor: Actor, email: str, words_go: bool, reason: str = "") -> tuple[Leaving, str]:
    """Erase the account with this address at once, for who cannot sign in to ask; returns what `carry_out` does.

    Raises Missing when there is none, Refused where somebody depends on her.
    """
    person = session().scalars(select(Person).where(Person.email == email.strip().lower()).with_for_update()).first()
    if person is None:
        raise Missing("There is no account with this address.")
    reasons = _bonds(SYSTEM, person.id)
    if reasons:
        raise Refused(" ".join(reasons))
    session().execute(delete(Erasure).where(Erasure.person_id == person.id))
    erasure = Erasure(person_id=person.id, words_go=words_go, due_at=clock.now())
    session().add(erasure)
    emit(
        Administered(
            actor, "erase", person_id=person.id, detail="words go" if words_go else "words stay", reason=reason
        )
    )
    return _erase(person, erasure)


def _erase(person: Person, erasure: Erasure) -> tuple[Leaving, str]:
    copy = session().scalar(select(DataCopy.name).where(DataCopy.person_id == person.id)) or ""
    leaving = Leaving(person.id, person.name, person.email, erasure.words_go)
    erasure.done_at = clock.now()
    session().flush()
    erasing.erase(leaving)
    return leaving, copy


def _bonds(actor: Actor, person_id: int) -> list[str]:
    """What keeps her, as sentences; the roles that others may be giving back at this moment are locked first."""
    session().execute(select(RoleGrant.id).where(RoleGrant.role == "organiser").with_for_update())
    return [bond.sentence for bond in queries.bonds(viewer=actor, person_id=person_id)]


@operation(rule=system_only)
def forget_unconfirmed(*, actor: Actor, person_id: int) -> None:
    """An account whose address was not confirmed in time: all of it goes, unless somebody else's row points to it."""
    person = session().get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if person.email_verified_at is not None:
        return
    erasing.erase(Leaving(person.id, person.name, person.email, words_go=True))
    try:
        with session().begin_nested():
            session().execute(delete(Person).where(Person.id == person_id))
    except IntegrityError:  # then it stays empty
        return


@operation(rule=system_only)
def order_fading(*, actor: Actor, day: date) -> None:
    """Once a day what is old enough is forgotten, by one worker."""
    later(FADE_JOB, {}, dedupe_key=queries.fading_key(day))


@operation(rule=system_only)
def forget(*, actor: Actor, fading: Fading) -> None:
    """Delete the rows of one declaration that are old enough."""
    session().execute(delete(fading.model).where(fading.since < clock.now() - fading.after, *fading.where))
