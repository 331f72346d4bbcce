"""Everything read about people and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.core import clock
from consult.core.db import Base, db
from consult.core.errors import Invalid, Missing, Moved, Refused
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import Actor, Verdict

from .. import passwords, rules
from ..addresses import email_address
from ..models import (
    CategoryChange,
    Interest,
    Membership,
    Organisation,
    OrganisationCategoryChange,
    Person,
    ProviderIdentity,
    SignIn,
)
from .actors import actor_for, actor_for_token
from .factors import (
    Factors,
    credentials_of,
    factors,
    holds_code,
    identities,
    identity,
    passkey,
    passkey_shown,
    proof_shown,
    who_answered,
    who_arrived,
)
from .invitations import guest, guests, invitation, invitations_into, invitations_to_roles, my_invitations, my_role
from .merging import Figure, Merged, MergePage, Pair, changes, duplicates, merge, merge_page, merges, people_with

__all__ = [
    "Factors", "Figure", "MergePage", "Merged", "Pair", "actor_for", "actor_for_token", "changes", "credentials_of", "duplicates", "factors", "guest", "guests", "holds_code", "identities", "identity", "invitation", "invitations_into", "invitations_to_roles", "merge", "merge_page", "merges", "my_invitations", "my_role", "passkey", "passkey_shown", "people_with", "proof_shown", "who_answered", "who_arrived",
]  # fmt: skip
T = TypeVar("T", bound=Base)
PAGE = 50
MOST_MEMBERS_SHOWN = 200


def who_has(email: str, password: str) -> Person | None:
    """Whose address and password these are. An unknown address takes as long as a wrong password."""
    try:
        address = email_address(email, is_public=False)
    except Invalid:
        address = ""
    person = db.session.scalars(select(Person).where(Person.email == address)).first()
    is_right = passwords.verify_password(person.password_hash if person else "", password)
    return person if is_right else None


def person_for_link(person_id: int) -> Person | None:
    """Whom a mailed link is for; None when there is nobody or the account is suspended."""
    return db.session.scalars(select(Person).where(Person.id == person_id, Person.suspended_at.is_(None))).first()


def organisation_for_link(organisation_id: int) -> Organisation | None:
    """Which organisation a mailed link is about."""
    return db.session.get(Organisation, organisation_id)


def has_sign_ins_before(moment: datetime) -> bool:
    """Whether there are sign-ins that ended or expired before `moment`."""
    is_old = or_(SignIn.ended_at < moment, SignIn.expires_at < moment)
    return db.session.scalars(select(SignIn.id).where(is_old).limit(1)).first() is not None


class Voice(Record):
    """Somebody one can speak for: oneself (no organisation) or an organisation one is a member of."""

    organisation_id: int | None
    name: str
    category: str
    is_current: bool


def voices(*, viewer: Actor) -> Sequence[Voice]:
    """Whom the viewer can speak for, herself first; template accounts/_acting_for.html shows them."""
    own = [Voice(None, viewer.name, viewer.category, viewer.acting_for_id is None)]
    if not viewer.member_of:
        return own
    rows = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(viewer.member_of), Organisation.merged_into_id.is_(None))
        .order_by(Organisation.name)
    )
    return own + [Voice(row.id, row.name, row.category, viewer.acting_for_id == row.id) for row in rows]


def people_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """People with a confirmed address, and oneself; administrators see everybody."""
    if viewer.is_administrator or viewer.is_system:
        return Person.id.is_not(None)
    return or_(Person.email_verified_at.is_not(None), Person.id == viewer.person_id)


def organisations_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Every organisation is public; one that was merged is found under the name of the other."""
    return Organisation.merged_into_id.is_(None)


class AccountPage(Record):
    """One's own account."""

    person: Person
    voices: Sequence[Voice]
    memberships: Sequence[Membership]
    waiting: Sequence[Membership]
    sign_ins: Sequence[SignIn]
    factors: Factors
    identities: Sequence[ProviderIdentity]


def account_page(*, viewer: Actor) -> AccountPage:
    """The viewer's own account: who she is, for whom she speaks, where she is signed in."""
    person = db.session.scalars(_with_interests(Person.id == viewer.person_id)).one()
    memberships = db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.organisation))
        .where(Membership.person_id == viewer.person_id, Membership.state.in_(("asked", "member", "refused")))
        .order_by(Membership.id)
    ).all()
    sign_ins = db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == viewer.person_id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now())
        .order_by(SignIn.id.desc())
        .limit(PAGE)
    ).all()
    return AccountPage(
        person, voices(viewer=viewer), memberships, waiting(viewer=viewer), sign_ins, factors(viewer=viewer),
        identities(viewer=viewer),
    )  # fmt: skip


def waiting(*, viewer: Actor) -> Sequence[Membership]:
    """Requests to join that wait for the viewer's word, oldest first; never her own."""
    decides = Membership.organisation_id.in_(viewer.signatory_of)
    others = Membership.person_id != viewer.person_id
    return db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.organisation), joinedload(Membership.person))
        .where(Membership.state == "asked", others, *(() if viewer.is_administrator else (decides,)))
        .order_by(Membership.asked_at, Membership.id)
        .limit(PAGE)
    ).all()


def interest(*, viewer: Actor, interest_id: int) -> Interest:
    """One declared interest of the viewer."""
    mine = select(Interest).where(Interest.id == interest_id, Interest.person_id == viewer.person_id)
    return _found(db.session.scalars(mine).first())


def sign_in(*, viewer: Actor, sign_in_id: int) -> SignIn:
    """One sign-in of the viewer."""
    mine = select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == viewer.person_id)
    return _found(db.session.scalars(mine).first())


def membership(*, viewer: Actor, membership_id: int) -> Membership:
    """A membership the viewer may know of: her own, or of an organisation she signs for."""
    known = or_(Membership.person_id == viewer.person_id, Membership.organisation_id.in_(viewer.signatory_of))
    row = select(Membership).options(joinedload(Membership.organisation), joinedload(Membership.person))
    row = row.where(Membership.id == membership_id)
    return _found(db.session.scalars(row if viewer.is_administrator else row.where(known)).first())


class PersonPage(Record):
    """What everybody may know about a person."""

    person: Person
    organisations: Sequence[Organisation]
    changes: Sequence[CategoryChange]
    is_me: bool


def person_page(*, viewer: Actor, person_id: int) -> PersonPage:
    """One person as the public sees her; Missing until her address is confirmed."""
    person = _found(db.session.scalars(_with_interests(Person.id == person_id, people_visible_to(viewer))).first())
    organisations = db.session.scalars(
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person.id, Membership.state == "member")
        .order_by(Organisation.name)
    ).all()
    changes = db.session.scalars(
        select(CategoryChange)
        .where(CategoryChange.person_id == person.id)
        .order_by(CategoryChange.id.desc())
        .limit(PAGE)
    ).all()
    return PersonPage(person, organisations, changes, viewer.person_id == person.id)


def organisations(
    *, viewer: Actor, category: str = "", after: str | None = None, before: str | None = None, limit: int = PAGE
) -> Listing[Organisation]:
    """Organisations by name, a page at a time."""
    where = [organisations_visible_to(viewer)] + ([Organisation.category == category] if category else [])
    total = db.session.scalar(select(func.count()).select_from(Organisation).where(*where)) or 0
    is_back, keys = before is not None and after is None, decode(after or before, 1)
    edge = str(keys[0]) if keys else None
    statement = select(Organisation).options(joinedload(Organisation.parent)).where(*where)
    if edge is not None:
        statement = statement.where(Organisation.name < edge if is_back else Organisation.name > edge)
    order = Organisation.name.desc() if is_back and edge is not None else Organisation.name
    found = list(db.session.scalars(statement.order_by(order).limit(limit + 1)))
    has_more, rows = len(found) > limit, found[:limit]
    if is_back and edge is not None:
        rows.reverse()
        return _listing(rows, total, has_next=True, has_previous=has_more)
    return _listing(rows, total, has_next=has_more, has_previous=edge is not None)


def _listing(rows: list[Organisation], total: int, *, has_next: bool, has_previous: bool) -> Listing[Organisation]:
    return Listing(
        rows=rows,
        total=total,
        next_cursor=encode([rows[-1].name]) if rows and has_next else None,
        previous_cursor=encode([rows[0].name]) if rows and has_previous else None,
    )


class OrganisationPage(Record):
    """An organisation, who signs for it, and what the viewer may do about it."""

    organisation: Organisation
    parts: Sequence[Organisation]
    signatories: Sequence[Membership]
    members: Sequence[Membership]  # everybody, for those inside and administrators; else empty
    waiting: Sequence[Membership]
    mine: Membership | None
    may_ask: Verdict
    may_manage: bool
    member_count: int
    merges: Sequence[Merged]
    changes: Sequence[OrganisationCategoryChange]


def organisation_page(*, viewer: Actor, slug: str) -> OrganisationPage:
    """One organisation; the names of members who do not sign are for members and administrators."""
    row = organisation(viewer=viewer, slug=slug)
    people = select(Membership).options(joinedload(Membership.person)).where(Membership.organisation_id == row.id)
    members = people.where(Membership.state == "member").order_by(Membership.is_signatory.desc(), Membership.id)
    listed = db.session.scalars(members.limit(MOST_MEMBERS_SHOWN)).all()
    may_manage = viewer.is_administrator or row.id in viewer.signatory_of
    waiting_here = (
        people.where(Membership.state == "asked", Membership.person_id != viewer.person_id)
        .order_by(Membership.id)
        .limit(MOST_MEMBERS_SHOWN)
    )
    count = select(func.count()).where(Membership.organisation_id == row.id, Membership.state == "member")
    mine = people.where(Membership.person_id == viewer.person_id, Membership.state.in_(("asked", "member")))
    parts = select(Organisation).where(Organisation.parent_id == row.id, organisations_visible_to(viewer))
    return OrganisationPage(
        organisation=row,
        parts=db.session.scalars(parts.order_by(Organisation.name).limit(PAGE)).all(),
        signatories=[m for m in listed if m.is_signatory],
        members=listed if may_manage or row.id in viewer.member_of else (),
        waiting=db.session.scalars(waiting_here).all() if may_manage else (),
        mine=db.session.scalars(mine).first(),
        may_ask=rules.may_ask_membership(viewer, row),
        may_manage=may_manage,
        member_count=db.session.scalar(count) or 0,
        merges=merges(viewer=viewer, organisation=row),
        changes=changes(viewer=viewer, organisation=row),
    )


def organisation(*, viewer: Actor, slug: str) -> Organisation:
    """One organisation with its parent; Moved when it was merged into another one."""
    found = select(Organisation).options(joinedload(Organisation.parent), joinedload(Organisation.merged_into))
    row = _found(db.session.scalars(found.where(Organisation.slug == slug)).first())
    if row.merged_into is not None:
        raise Moved(row.merged_into.slug)
    return row


def managed_organisation(*, viewer: Actor, slug: str) -> Organisation:
    """One organisation, for its signatories and administrators; Refused for others."""
    row = organisation(viewer=viewer, slug=slug)
    verdict = rules.may_manage_organisation(viewer, row)
    if not verdict:
        raise Refused(verdict.reason)
    return row


def organisation_named(*, viewer: Actor, name: str) -> Organisation | None:
    """The organisation of exactly this name, now or formerly, whatever the case of its letters."""
    same = func.lower(Organisation.name) == name.strip().lower()
    row = db.session.scalars(select(Organisation).options(joinedload(Organisation.merged_into)).where(same)).first()
    return row.merged_into or row if row else None


def _with_interests(*where: ColumnElement[bool]) -> Select[Person]:
    declared = selectinload(Person.interests.and_(Interest.ended_at.is_(None)))
    return select(Person).options(declared).where(*where).execution_options(populate_existing=True)


def _found(row: T | None) -> T:
    if row is None:
        raise Missing
    return row
