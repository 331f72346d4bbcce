"""Tokens made, used, ended; machines made. The token itself never comes here, only its digest."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, or_, select, update

from consult.accounts.models import Membership, Organisation, Person
from consult.accounts.names import MACHINE
from consult.core import clock
from consult.core.administered import Administered, reason_given
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rendering import short_day
from consult.core.rules import SYSTEM, Actor, anyone, system_only
from consult.core.text import normalise

from . import rules
from .models import ApiToken
from .scopes import DAYS, OF_MACHINES, SCOPES, WARNED_BEFORE, written

LONGEST_NAME = 80
MOST = 20  # living tokens of one account
CLOSED = "This machine is closed."


@operation(rule=rules.may_make_token)
def make_token(
    *, actor: Actor, name: str, scopes: Collection[str], days: int, digest: str, start: str,
    key: SubmissionKey | None = None,
) -> ApiToken:  # fmt: skip
    """Let a program act for the actor, and for whom she acts, until it expires. She is told by mail."""
    person = session().get_one(Person, actor.person_id)
    return _made(actor, person, actor.acting_for_id, name, scopes, days, digest, start)


@operation(rule=rules.may_run_machine, on=("machine", "membership"))
def make_machine_token(
    *, actor: Actor, machine: Person, membership: Membership | None, name: str, scopes: Collection[str], days: int,
    digest: str, start: str, key: SubmissionKey | None = None,
) -> ApiToken:  # fmt: skip
    """Let a program be this machine until the token expires; `membership`: of the machine, none where it is the site's."""
    if not set(scopes) <= set(OF_MACHINES):
        raise Invalid("A machine reads and comments. Votes and roles are for people.", "scopes")
    acting_for_id = membership.organisation_id if membership else None
    return _made(actor, machine, acting_for_id, name, scopes, days, digest, start)


def _made(
    actor: Actor, person: Person, acting_for_id: int | None, name: str, scopes: Collection[str], days: int, digest: str,
    start: str,
) -> ApiToken:  # fmt: skip
    name = _name(name)
    if not scopes or not set(scopes) <= SCOPES.keys():
        raise Invalid("Choose what it may do: at least one.", "scopes")
    if not DAYS[0] <= days <= DAYS[1]:
        raise Invalid(f"Between {DAYS[0]} and {DAYS[1]} days.", "days")
    if session().scalar(select(Person.suspended_at).where(Person.id == person.id).with_for_update()) is not None:
        raise Conflict(CLOSED)  # a person who is suspended does not come this far
    alive = (ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
    if (session().scalar(select(func.count()).select_from(ApiToken).where(*alive)) or 0) >= MOST:
        raise Conflict(f"{MOST} tokens are the most. Revoke one first.")
    row = ApiToken(
        digest=digest, start=start, person_id=person.id, made_by_id=actor.person_id, acting_for_id=acting_for_id,
        name=name, scopes=written(frozenset(scopes)), made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )  # fmt: skip
    session().add(row)
    session().flush()
    if actor.person_id is not None:
        told = {"name": actor.name, "token": name, "whose": person.name, "until": short_day(row.expires_at)}
        send_later("api/token_made", actor.email, **told)
    return row


def _name(name: str) -> str:
    name = re.sub(r"\s+", " ", normalise(name))
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Give it a name, in at most {LONGEST_NAME} characters, so that you know it again.", "name")
    return name


@operation(rule=rules.may_revoke_token, on="token")
def revoke_token(*, actor: Actor, token: ApiToken) -> None:
    """From now on it opens nothing. Twice changes nothing."""
    token.revoked_at = token.revoked_at or clock.now()


@operation(rule=system_only)
def revoke_all_of(*, actor: Actor, person_id: int) -> None:
    """Every token that acts for somebody or was made by her: whoever was in her account may have made them."""
    hers = or_(ApiToken.person_id == person_id, ApiToken.made_by_id == person_id)
    session().execute(update(ApiToken).where(hers, ApiToken.revoked_at.is_(None)).values(revoked_at=clock.now()))


@operation(rule=anyone)
def note_used(*, actor: Actor, token_id: int) -> None:
    """Keep today as the day on which a token was last used. Several at once do no harm."""
    session().execute(update(ApiToken).where(ApiToken.id == token_id).values(used_on=clock.day_in("UTC")))


@operation(rule=system_only)
def warn_of_expiry(*, actor: Actor) -> None:
    """Tell who made a token once that it expires within a week; not of those that were made for a week."""
    moment = clock.now()
    due = (
        session()
        .scalars(
            select(ApiToken)
            .where(ApiToken.warned_at.is_(None), ApiToken.revoked_at.is_(None), ApiToken.expires_at > moment)
            .where(ApiToken.expires_at <= moment + WARNED_BEFORE)
            .with_for_update()
        )
        .all()
    )
    for row in due:
        row.warned_at = moment
        owner = session().get(Person, row.made_by_id) if row.made_by_id else None
        if owner is not None and owner.suspended_at is None and row.expires_at - row.made_at > WARNED_BEFORE:
            told = {"name": owner.name, "token": row.name, "until": short_day(row.expires_at)}
            send_later("api/token_expires", owner.email, **told)


@operation(rule=rules.may_make_machine, on="organisation")
def make_machine(
    *, actor: Actor, organisation: Organisation | None, name: str, key: SubmissionKey | None = None
) -> Person:
    """An account for a program, of an organisation or of the site (None). Nobody signs in as it, and its name says it.

    In an organisation it is a member that does not sign: what it says waits there for a signature like any member's.
    """
    if organisation is None and not (actor.is_administrator or actor.is_system):
        raise Invalid("Choose the organisation it belongs to.", "organisation")
    moment = clock.now()
    machine = Person(
        email=f"{secrets.token_hex(16)}@machine.invalid", email_verified_at=moment, password_hash="",  # no password fits
        name=f"{_name(name.removesuffix(MACHINE))} {MACHINE}", category=organisation.category if organisation else "other",
        country=organisation.country if organisation else "", is_machine=True, is_unproven=True,
    )  # fmt: skip
    session().add(machine)
    session().flush()
    if organisation is not None:
        session().add(
            Membership(
                organisation_id=organisation.id, person_id=machine.id, state="member", asked_at=moment,
                decided_at=moment, decided_by_id=actor.person_id,
            )
        )  # fmt: skip
    return machine


@operation(rule=rules.may_run_machine, on=("machine", "membership"))
def close_machine(
    *, actor: Actor, machine: Person, membership: Membership | None, reason: str, key: SubmissionKey | None = None
) -> Person:
    """End a machine for good: its tokens open nothing from now on, and it gets no more. What it wrote stays, with its name.

    Who closed it and why is kept with the acts of administrators. Raises Conflict when it is closed.
    """
    reason = reason_given(reason)
    if session().scalar(select(Person.suspended_at).where(Person.id == machine.id).with_for_update()) is not None:
        raise Conflict(CLOSED)
    machine.suspended_at = clock.now()
    revoke_all_of(actor=SYSTEM, person_id=machine.id)
    emit(Administered(actor, "close_machine", person_id=machine.id, reason=reason))
    return machine
