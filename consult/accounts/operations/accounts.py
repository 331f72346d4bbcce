"""Accounts: made, confirmed, changed. Passwords arrive here hashed."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.accounts import events, links, rules
from consult.accounts.addresses import email_address
from consult.accounts.arrivals import Arrival
from consult.accounts.countries import COUNTRIES
from consult.accounts.models import CATEGORIES, CategoryChange, Interest, Person
from consult.accounts.names import MACHINE
from consult.core import clock
from consult.core.administered import Administered
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid, Missing
from consult.core.events import emit
from consult.core.jobs import later
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import SYSTEM, Actor, anyone, system_only
from consult.core.text import normalise

from . import sign_ins
from .identities import forget_identities, keep_identity

LONGEST_NAME = 120
LONGEST_SOURCE = 500
LONGEST_INTEREST = 300
MOST_INTERESTS = 20
USED = "This link was used already, or something newer took its place."


@operation(rule=system_only)
def create_person(
    *, actor: Actor, name: str, email: str, password_hash: str, category: str, country: str = "",
    is_verified: bool = False, is_administrator: bool = False, is_demo: bool = False,
) -> Person:  # fmt: skip
    """Make an account from the command line, the demo or an import. Raises Conflict(email) when there is one."""
    address = email_address(email, is_public=False)
    person_id = insert_new(
        Person, **_described(name, category, country), email=address, password_hash=password_hash,
        email_verified_at=clock.now() if is_verified else None, is_administrator=is_administrator, is_demo=is_demo,
    )  # fmt: skip
    if person_id is None:
        raise Conflict("There is an account with this e-mail address already.", "email")
    emit(events.Registered(person_id))
    if is_administrator:
        emit(Administered(actor, "make_administrator", person_id=person_id, detail="new account"))
    return session().get_one(Person, person_id)


@operation(rule=rules.may_register)
def register(
    *, actor: Actor, name: str, email: str, password_hash: str, category: str, country: str = "",
    interest: str = "", is_unproven: bool = False, arrival: Arrival | None = None, key: SubmissionKey | None = None,
) -> None:  # fmt: skip
    """Make an account and mail its link; when the address has one already, its owner is told by mail instead.

    `is_unproven`: it may be a program; then the first contribution waits for a look. Nothing that comes back tells the two cases apart.
    `arrival`: the new account is opened by this account elsewhere, too. One that is there already never is.
    """
    address, described = email_address(email), _described(name, category, country)
    person_id = insert_new(
        Person, **described, email=address, password_hash=password_hash, is_unproven=is_unproven
    )  # fmt: skip
    if person_id is None:
        send_later("accounts/already_registered", address)
        return
    if arrival is not None:
        keep_identity(actor=SYSTEM, person=session().get_one(Person, person_id), arrival=arrival)
    if normalise(interest):
        session().add(Interest(person_id=person_id, text=_interest_text(interest)))
    later("accounts.mail_link", {"purpose": links.CONFIRM, "person": person_id})
    emit(events.Registered(person_id))


@operation(rule=rules.may_change_account)
def request_confirmation(*, actor: Actor, key: SubmissionKey | None = None) -> None:
    """Mail the link that confirms the address once more."""
    if actor.is_verified:
        raise Conflict("Your e-mail address is confirmed already.")
    later("accounts.mail_link", {"purpose": links.CONFIRM, "person": actor.person_id})


@operation(rule=anyone)
def confirm_email(*, actor: Actor, link: links.Link) -> Person:
    """Confirm an address; holding the mailed link is the permission. Raises Missing when it was used."""
    person = _person_for(link)
    person.email_verified_at = clock.now()
    return person


@operation(rule=anyone)
def request_reset(*, actor: Actor, email: str, key: SubmissionKey | None = None) -> None:
    """Mail a link for a new password to an account; for other addresses nothing happens, and nothing tells."""
    person_id = session().scalar(
        select(Person.id).where(Person.email == email_address(email, is_public=False), Person.suspended_at.is_(None))
    )
    if person_id is not None:
        later("accounts.mail_link", {"purpose": links.RESET, "person": person_id})


@operation(rule=anyone)
def reset_password(*, actor: Actor, link: links.Link, password_hash: str) -> Person:
    """Set a new password by mailed link; every sign-in ends, and nothing elsewhere opens the account any more.

    The link also proves the address: whoever made the account with it before had perhaps no right to.
    """
    person = _person_for(link)
    person.email_verified_at = person.email_verified_at or clock.now()
    forget_identities(actor=SYSTEM, person_id=person.id)
    _set_password(person, password_hash, but=None)
    return person


@operation(rule=rules.may_change_account)
def change_password(*, actor: Actor, checked_hash: str, password_hash: str) -> None:
    """Set a new password; other sign-ins end. `checked_hash` is the one the present password was right for."""
    person = session().get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
    if person.password_hash != checked_hash:
        raise Conflict("Your password was changed elsewhere a moment ago.", "current_password")
    _set_password(person, password_hash, but=actor.sign_in_id)


@operation(rule=rules.may_change_account)
def request_email_change(*, actor: Actor, email: str, key: SubmissionKey | None = None) -> None:
    """Mail a link to a new address; the account keeps the old one until it is opened there.

    When the new address has an account, its owner is told instead; nothing that comes back tells.
    """
    address = email_address(email)
    if address == actor.email:
        raise Invalid("This is your address already.", "email")
    if session().scalar(select(Person.id).where(Person.email == address)) is not None:
        send_later("accounts/already_registered", address)
        return
    later("accounts.mail_link", {"purpose": links.CHANGE, "person": actor.person_id, "email": address})


@operation(rule=anyone)
def change_email(*, actor: Actor, link: links.Link) -> Person:
    """Use the new address, which the mailed link proves; the old one is told."""
    person = _person_for(link)
    old = person.email
    try:
        with session().begin_nested():
            person.email, person.email_verified_at = link.email, clock.now()
    except IntegrityError:
        raise Missing("Another account has been made with this address meanwhile.") from None
    send_later("accounts/email_changed", old, name=person.name, new_email=link.email)
    return person


@operation(rule=rules.may_change_account)
def describe_person(*, actor: Actor, name: str, category: str, country: str = "") -> None:
    """Change name, interest category and country for what one writes from now on; a new category is kept on record."""
    person = session().get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
    described = _described(name, category, country)
    if category != person.category:
        session().add(CategoryChange(person_id=person.id, before=person.category, after=category))
        emit(events.CategoryChanged(person.id, person.category, category))
    person.name, person.category, person.country = described["name"], category, described["country"]


@operation(rule=rules.may_change_account)
def declare_interest(
    *, actor: Actor, text: str, source: str = "", key: SubmissionKey | None = None
) -> Interest:  # fmt: skip
    """Say publicly what one gains, who pays, or what one is bound by, and where one can check it: a link or a sentence."""
    now_declared = select(Interest.id).where(Interest.person_id == actor.person_id, Interest.ended_at.is_(None))
    if len(session().scalars(now_declared.limit(MOST_INTERESTS)).all()) == MOST_INTERESTS:
        raise Invalid(f"{MOST_INTERESTS} are the most. Take one off the list first.", "interest")
    row = Interest(person_id=actor.person_id, text=_interest_text(text), source=_interest_source(source))
    session().add(row)
    session().flush()
    return row


@operation(rule=rules.may_end_interest, on="interest")
def end_interest(*, actor: Actor, interest: Interest) -> None:
    """Take an interest off the list; that it was declared is kept with its dates."""
    interest.ended_at = interest.ended_at or clock.now()


def _described(name: str, category: str, country: str) -> dict[str, str]:
    """Name, category and country as they may be stored."""
    name = re.sub(r"\s+", " ", normalise(name))
    if not re.search(r"\w", name) or len(name) > LONGEST_NAME:
        raise Invalid(f"Tell us your name, in at most {LONGEST_NAME} characters.", "name")
    if name.casefold().endswith(MACHINE):
        raise Invalid(f"A name that ends with {MACHINE} belongs to a machine. Yours must not.", "name")
    if category not in CATEGORIES:
        raise Invalid("Choose the one that fits you best.", "category")
    if country and country not in COUNTRIES:
        raise Invalid("Choose a country from the list, or leave it open.", "country")
    return {"name": name, "category": category, "country": country}


def _interest_text(text: str) -> str:
    text = re.sub(r"\s+", " ", normalise(text))
    if not text:
        raise Invalid("Say what people should know.", "interest")
    if len(text) > LONGEST_INTEREST:
        raise Invalid(f"This is {len(text):,} characters long; {LONGEST_INTEREST} is the most.", "interest")
    return text


def _interest_source(source: str) -> str:
    source = re.sub(r"\s+", " ", normalise(source))
    if len(source) > LONGEST_SOURCE:
        raise Invalid(f"This is {len(source):,} characters long; {LONGEST_SOURCE} is the most.", "source")
    return source


def _person_for(link: links.Link) -> Person:
    """Whom a link is for, locked; Missing when it was used."""
    person = session().get(Person, link.person_id, with_for_update=True, populate_existing=True)
    if person is None or not link.fits(person):
        raise Missing(USED)
    return person


def _set_password(person: Person, password_hash: str, *, but: int | None) -> None:
    person.password_hash, person.password_changed_at = password_hash, clock.now()
    sign_ins.end_other_sign_ins(actor=Actor(person_id=person.id, sign_in_id=but))
    send_later("accounts/password_changed", person.email, name=person.name)
