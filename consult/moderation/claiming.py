"""Who looks at something now, and that nobody else decides on it meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from consult.accounts.models import Person
from consult.core import clock
from consult.core.errors import Conflict
from consult.core.operations import session

from .models import Claim
from .rules import Claimable

KEPT = "Nothing you typed is lost."


def settle(person_id: int | None, thing: Claimable) -> None:
    """Somebody decided: the claim on it ends. Conflict when somebody else looks at it just now."""
    other = session().scalar(select(Claim.id).where(on(thing), Claim.until > clock.now(), Claim.person_id != person_id))
    if other is not None:
        raise Conflict(who_has(thing, clock.now()))
    session().execute(delete(Claim).where(on(thing)))


def on(thing: Claimable) -> ColumnElement[bool]:
    """Claims on it: there is one at most."""
    about: ColumnElement[bool] = getattr(Claim, f"{thing.__tablename__}_id") == thing.id
    return about


def who_has(thing: Claimable, now: datetime) -> str:
    """The sentence for who comes second."""
    row = session().execute(
        select(Person.name, Claim.until).join(Claim.person).where(on(thing), Claim.until > now)
    ).first()  # fmt: skip
    if row is None:
        return f"Somebody else looks at it just now. {KEPT}"
    minutes = max(1, round((row.until - now).total_seconds() / 60))
    return (
        f"{row.name} looks at it just now, for {minutes} more minute{'' if minutes == 1 else 's'} at most."
        f" Leave it to her, or take it over first. {KEPT}"
    )
