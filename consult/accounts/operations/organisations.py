"""Organisations and who speaks for them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from sqlalchemy import func, select, update

from consult.accounts import events, rules
from consult.accounts.models import (
    CATEGORIES,
    SIZES,
    Membership,
    Organisation,
    OrganisationCategoryChange,
    Person,
    SignIn,
)
from consult.core import clock, ids
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid, Missing
from consult.core.events import emit
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import SYSTEM, Actor
from consult.core.text import normalise

from .invitations import end_invitations

RESERVED_SLUGS = {"duplicates", "new"}
RESERVED_CODES = {"P"}  # stands before the comment numbers of people


@operation(rule=rules.may_found_organisation)
def found_organisation(
    *, actor: Actor, name: str, category: str, country: str = "", size: str = "", register_number: str = "",
    note: str = "", parent_id: int | None = None, key: SubmissionKey | None = None,
) -> Organisation:  # fmt: skip
    """Put an organisation on the list, not verified yet; a founder becomes its first member and signatory.

    A parent takes somebody who signs for it, too, an administrator or the system.
    Raises Conflict(name) when it is on the list, Invalid for values that are not known.
    """
    name = re.sub(r"\s+", " ", normalise(name))
    _check_organisation(name, category, size)
    _check_parent(actor, parent_id)
    values = {
        "category": category, "country": country, "size": size, "register_number": normalise(register_number),
        "note": normalise(note), "parent_id": parent_id, "is_verified": False, "created_at": clock.now(),
    }  # fmt: skip
    organisation = session().get_one(Organisation, _insert_organisation(name, values))
    if actor.person_id is not None:
        moment = clock.now()
        session().add(
            Membership(
                organisation_id=organisation.id, person_id=actor.person_id, state="member", is_signatory=True,
                asked_at=moment, decided_at=moment,
            )
        )  # fmt: skip
    emit(events.OrganisationFounded(organisation.id))
    return organisation


@operation(rule=rules.may_manage_organisation, on="organisation")
def change_category(*, actor: Actor, organisation: Organisation, category: str) -> None:
    """Put an organisation into another interest category, on record; what it said before keeps the earlier one."""
    _check_organisation(organisation.name, category, organisation.size)
    before = organisation.category
    if category == before:
        return
    organisation.category = category
    session().add(
        OrganisationCategoryChange(
            organisation_id=organisation.id, by_id=actor.person_id, before=before, after=category
        )
    )  # fmt: skip
    emit(events.OrganisationCategoryChanged(organisation.id, actor.person_id, before, category))


@operation(rule=rules.may_ask_membership, on="organisation")
def ask_membership(*, actor: Actor, organisation: Organisation, key: SubmissionKey | None = None) -> Membership:
    """Ask to speak for an organisation; its signatories are told by mail. Asking twice asks once."""
    mine = {"organisation_id": organisation.id, "person_id": actor.person_id}
    fresh = {"state": "asked", "is_signatory": False, "asked_at": clock.now()}
    is_new = insert_new(Membership, **mine, **fresh) is not None
    membership = session().scalars(select(Membership).filter_by(**mine).with_for_update()).one()
    if membership.state in ("refused", "left"):
        membership.state, membership.is_signatory, membership.asked_at = "asked", False, clock.now()
        membership.decided_by_id = membership.decided_at = None
        is_new = True
    session().flush()
    if is_new:
        _tell_who_decides(organisation, actor.name)
        emit(events.MembershipAsked(membership.id))
    return membership


@operation(rule=rules.may_decide_membership, on="membership")
def decide_membership(
    *, actor: Actor, membership: Membership, is_approved: bool, is_signatory: bool = False
) -> Membership:
    """Approve or refuse a request; the person is told by mail."""
    membership.state = "member" if is_approved else "refused"
    membership.is_signatory = is_approved and is_signatory
    membership.decided_by_id, membership.decided_at = actor.person_id, clock.now()
    person = session().get_one(Person, membership.person_id)
    organisation = session().get_one(Organisation, membership.organisation_id)
    send_later(
        "accounts/membership_decided", person.email, name=person.name, organisation=organisation.name,
        slug=organisation.slug, is_approved=is_approved,
    )  # fmt: skip
    emit(events.MembershipDecided(membership.id))
    return membership


@operation(rule=rules.may_end_membership, on="membership")
def end_membership(*, actor: Actor, membership: Membership) -> None:
    """Leave, take back a request, or take a member off the list. While there are members, one signs."""
    if membership.state == "member" and membership.is_signatory:
        _keep_a_signatory(membership, "Make another member a signatory first; somebody has to sign for the others.")
    membership.state, membership.is_signatory = "left", False
    membership.decided_by_id, membership.decided_at = actor.person_id, clock.now()
    session().execute(
        update(SignIn)
        .where(SignIn.person_id == membership.person_id, SignIn.acting_for_id == membership.organisation_id)
        .values(acting_for_id=None)
    )
    _end_invitations(membership)
    emit(events.MembershipEnded(membership.id))


@operation(rule=rules.may_choose_signatories, on="membership")
def choose_signatory(*, actor: Actor, membership: Membership, is_signatory: bool) -> None:
    """Make a member a signatory, or an ordinary member again."""
    if is_signatory and session().get_one(Person, membership.person_id).is_machine:
        raise Conflict("A machine signs for nobody. Choose a person.")
    if membership.is_signatory and not is_signatory:
        _keep_a_signatory(membership, "An organisation needs a signatory. Make another member one first.")
    membership.is_signatory = is_signatory
    if not is_signatory:
        _end_invitations(membership)


def _check_organisation(name: str, category: str, size: str) -> None:
    if not re.search(r"\w", name) or len(name) > 200:
        raise Invalid("Give the name of the organisation, in at most 200 characters.", "name")
    if category not in CATEGORIES or category == "individual":
        raise Invalid("Choose what kind of organisation it is.", "category")
    if size not in SIZES:
        raise Invalid("Choose one of the sizes.", "size")


def _check_parent(actor: Actor, parent_id: int | None) -> None:
    parent = session().get(Organisation, parent_id) if parent_id is not None else None
    if parent_id is not None and parent is None:
        raise Invalid("Choose the parent from the list, or leave it open.", "parent")
    if parent is not None and not rules.may_manage_organisation(actor, parent):
        raise Invalid(f"You do not sign for {parent.name}. Leave this open; an administrator can add it.", "parent")


def _insert_organisation(name: str, values: Mapping[str, object]) -> int:
    """Insert with the first address and code that are free; Conflict when the name is taken."""
    base, stem = ids.slug(name), _code_stem(name)
    taken = set(session().scalars(select(Organisation.code).where(Organisation.code.startswith(stem, autoescape=True))))
    taken |= set(
        session().scalars(select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True)))
    )
    for n in itertools.count(1):
        slug, code = (base, stem) if n == 1 else (f"{base}-{n}", f"{stem}{n}")
        if {slug, code} & (taken | RESERVED_SLUGS | RESERVED_CODES):
            continue
        found = insert_new(Organisation, name=name, slug=slug, code=code, **values)
        if found is not None:
            return found
        if session().scalar(select(Organisation.id).where(Organisation.name == name)):
            raise Conflict("This organisation is on the list already. Open its page and ask to join it.", "name")
    raise AssertionError("numbers do not end")


def _code_stem(name: str) -> str:
    """What stands before an organisation's comment numbers: its initials, or the first letters of one word."""
    outside = re.sub(r"\([^()]*\)", " ", name)  # "Open Weights Foundation (demo)" is OWF
    found = re.findall(r"[A-Z0-9]+", ids.slug(outside if re.search(r"\w", outside) else name, 200).upper())
    small = {"OF", "THE", "FOR", "AND", "A", "AN", "IN", "ON", "DE", "LA", "DES", "DU", "VAN", "VON"}
    telling = [word for word in found if word not in small] or found
    return "".join(word[0] for word in telling)[:6] if len(telling) > 1 else telling[0][:6]


def _tell_who_decides(organisation: Organisation, asking: str) -> None:
    signatories = select(Person).join(Membership, Membership.person_id == Person.id).where(
        Membership.organisation_id == organisation.id, Membership.state == "member", Membership.is_signatory
    )  # fmt: skip
    people = session().scalars(signatories.order_by(Person.id)).all()
    has_signatories = bool(people)
    if not has_signatories:
        people = session().scalars(select(Person).where(Person.is_administrator).order_by(Person.id)).all()
    for person in people:
        send_later(
            "accounts/membership_asked", person.email, name=person.name, asking=asking,
            organisation=organisation.name, slug=organisation.slug, is_signatory=has_signatories,
        )  # fmt: skip


def _keep_a_signatory(membership: Membership, sentence: str) -> None:
    """Refuse to take away the last signatory while others are members. The organisation's row is the lock."""
    locked = select(Organisation.id).where(Organisation.id == membership.organisation_id).with_for_update()
    if session().scalar(locked) is None:
        raise Missing("There is no such organisation.")
    others, signing = session().execute(
        select(func.count(), func.count().filter(Membership.is_signatory)).where(
            Membership.organisation_id == membership.organisation_id, Membership.state == "member",
            Membership.id != membership.id,
        )
    ).one()  # fmt: skip
    if others and not signing:
        raise Invalid(sentence)


def _end_invitations(membership: Membership) -> None:
    end_invitations(
        actor=SYSTEM, person_id=membership.person_id, organisation_id=membership.organisation_id
    )  # fmt: skip
