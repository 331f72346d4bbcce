"""What the people who run the site do with accounts and organisations of others. Each act leaves a trace."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from consult.accounts import links, rules
from consult.accounts.countries import COUNTRIES
from consult.accounts.events import OrganisationVerified, SignInsEnded
from consult.accounts.models import Organisation, Person, SignIn
from consult.core import clock
from consult.core.administered import Administered, reason_given
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.jobs import later
from consult.core.mail import send_later
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor
from consult.core.text import normalise

from .organisations import _check_organisation, change_category
from .sign_ins import ask_for_proof

GROUNDS = {
    "register_number": "I looked up its register number",
    "domain": "I went by its e-mail domain, which it proved",
}
NOT_THERE = {
    "register_number": "No register number is given here. Correct that first, or leave this out.",
    "domain": "No e-mail domain is proved here. Have one proved first, or leave this out.",
}
LAST = "This is the only administrator. Make somebody else one first."


def _lock_administrators(*, person: Person, **_: object) -> None:
    """All who run the site, and this person, in one order: of two who go at once the second finds herself the last."""
    mine = or_(Person.is_administrator, Person.id == person.id)
    session().execute(select(Person.id).where(mine).order_by(Person.id).with_for_update())


@operation(rule=rules.may_run_account, on="person", first=_lock_administrators)
def suspend_account(*, actor: Actor, person: Person, reason: str) -> Person:
    """Close the site to somebody until it is taken back; she is signed out everywhere and told why by mail."""
    reason = reason_given(reason)
    _check_still_in_power(actor)
    if person.suspended_at is not None:
        raise Conflict("This account is suspended already.")
    if person.is_administrator:
        _keep_an_administrator(person)
    person.suspended_at = clock.now()
    _end_sign_ins(person)
    send_later("accounts/suspended", person.email, name=person.name, reason=reason)
    emit(Administered(actor, "suspend", person_id=person.id, reason=reason))
    return person


@operation(rule=rules.may_run_account, on="person")
def let_in_again(*, actor: Actor, person: Person, reason: str) -> Person:
    """Open the site again to somebody who was suspended; she is told by mail."""
    reason = reason_given(reason)
    if person.suspended_at is None:
        raise Conflict("This account is not suspended.")
    person.suspended_at = None
    send_later("accounts/let_in_again", person.email, name=person.name, reason=reason)
    emit(Administered(actor, "let_in", person_id=person.id, reason=reason))
    return person


@operation(rule=rules.may_run_account, on="person")
def end_all_sign_ins(*, actor: Actor, person: Person, reason: str) -> Person:
    """Sign somebody out everywhere."""
    reason = reason_given(reason)
    _end_sign_ins(person)
    emit(Administered(actor, "end_sign_ins", person_id=person.id, reason=reason))
    return person


@operation(rule=rules.may_run_account, on="person")
def mail_password(*, actor: Actor, person: Person, reason: str) -> Person:
    """Mail somebody the link with which she sets a new password. Nobody else sees it, and nothing changes until then."""
    reason = reason_given(reason)
    if person.suspended_at is not None:
        raise Conflict("This account is suspended. Let her in first.")
    later("accounts.mail_link", {"purpose": links.RESET, "person": person.id})
    emit(Administered(actor, "mail_password", person_id=person.id, reason=reason))
    return person


@operation(rule=rules.may_run_account, on="person", first=_lock_administrators)
def make_administrator(*, actor: Actor, person: Person, reason: str) -> Person:
    """Let somebody run the site, too."""
    reason = reason_given(reason)
    _check_still_in_power(actor)
    if person.is_administrator:
        raise Conflict("She is an administrator already.")
    if person.email_verified_at is None or person.suspended_at is not None:
        raise Conflict("Only people with a confirmed address who are not suspended can run the site.")
    person.is_administrator = True
    ask_for_proof(actor=SYSTEM, person_id=person.id, but=None)
    send_later("accounts/administrator", person.email, name=person.name, is_one=True)
    emit(Administered(actor, "make_administrator", person_id=person.id, reason=reason))
    return person


@operation(rule=rules.may_run_account, on="person", first=_lock_administrators)
def unmake_administrator(*, actor: Actor, person: Person, reason: str) -> Person:
    """Let somebody run the site no more; the last who does stays."""
    reason = reason_given(reason)
    _check_still_in_power(actor)
    if not person.is_administrator:
        raise Conflict("She is no administrator.")
    _keep_an_administrator(person)
    person.is_administrator = False
    send_later("accounts/administrator", person.email, name=person.name, is_one=False)
    emit(Administered(actor, "unmake_administrator", person_id=person.id, reason=reason))
    return person


@operation(rule=rules.may_verify_organisation, on="organisation")
def verify_organisation(
    *, actor: Actor, organisation: Organisation, reason: str, grounds: Collection[str] = ()
) -> Organisation:
    """Say in public that an administrator checked the organisation, and by what.

    `grounds`: some of GROUNDS, kept as they are now, so that what is changed later was not checked. `reason` is public.
    Raises Invalid(grounds) for one that is not there to go by, Conflict when it is verified.
    """
    reason = reason_given(reason)
    if not set(grounds) <= GROUNDS.keys():
        raise Invalid("Choose what it was checked by.", "grounds")
    if organisation.is_verified:
        raise Conflict("This organisation is verified already.")
    for ground in grounds:
        if not getattr(organisation, ground):
            raise Invalid(NOT_THERE[ground], "grounds")
        setattr(organisation, f"verified_{ground}", getattr(organisation, ground))
    organisation.is_verified, organisation.verified_at, organisation.verified_reason = True, clock.now(), reason
    emit(OrganisationVerified(organisation.id))
    emit(Administered(actor, "verify", organisation_id=organisation.id, reason=reason))
    return organisation


@operation(rule=rules.may_verify_organisation, on="organisation")
def unverify_organisation(*, actor: Actor, organisation: Organisation, reason: str) -> Organisation:
    """Take back that an organisation was checked."""
    reason = reason_given(reason)
    if not organisation.is_verified:
        raise Conflict("This organisation is not verified.")
    organisation.is_verified, organisation.verified_at, organisation.verified_reason = False, None, ""
    organisation.verified_register_number = organisation.verified_domain = ""
    emit(Administered(actor, "unverify", organisation_id=organisation.id, reason=reason))
    return organisation


@operation(rule=rules.may_verify_organisation, on="organisation")
def describe_organisation(
    *, actor: Actor, organisation: Organisation, name: str, category: str, country: str, size: str,
    register_number: str, note: str, reason: str,
) -> Organisation:  # fmt: skip
    """Correct what is said of an organisation. Its address and the code of its comments stay. Raises Conflict(name)."""
    reason, name = reason_given(reason), re.sub(r"\s+", " ", normalise(name))
    _check_organisation(name, category, size)
    if country and country not in COUNTRIES:
        raise Invalid("Choose a country from the list, or leave it open.", "country")
    said = {
        "name": name, "category": category, "country": country, "size": size,
        "register_number": normalise(register_number), "note": normalise(note),
    }  # fmt: skip
    changed = [key for key, value in said.items() if getattr(organisation, key) != value]
    if not changed:
        raise Conflict("Nothing was changed.")
    try:
        with session().begin_nested():
            for key in changed:
                if key != "category":  # that is on record, on the organisation's page
                    setattr(organisation, key, said[key])
    except IntegrityError:
        raise Conflict("Another organisation has this name.", "name") from None
    change_category(actor=actor, organisation=organisation, category=category)
    detail = ", ".join(key.replace("_", " ") for key in changed)
    emit(Administered(actor, "describe", organisation_id=organisation.id, detail=detail, reason=reason))
    return organisation


def _check_still_in_power(actor: Actor) -> None:
    """Whoever was unmade while she pressed decides nothing about others any more."""
    if actor.person_id is not None:
        mine = (Person.id == actor.person_id, Person.is_administrator, Person.suspended_at.is_(None))
        if session().scalar(select(Person.id).where(*mine)) is None:
            raise Refused("You are not an administrator of this site any more.")


def _keep_an_administrator(person: Person) -> None:
    others = (Person.is_administrator, Person.suspended_at.is_(None), Person.id != person.id)
    if session().scalar(select(Person.id).where(*others).limit(1)) is None:
        raise Invalid(LAST)


def _end_sign_ins(person: Person) -> None:
    ended = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    session().execute(ended.values(ended_at=clock.now()))
    emit(SignInsEnded(person.id))
