"""People as those who run the site see them: who they are here, never what they wrote."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from consult.accounts import rules
from consult.accounts.models import Membership, Person, RoleGrant, SignIn
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import STAFF, Actor, Verdict, administrators

from ..models import AdministrativeAct
from .acts import newest
from .listing import PAGE, by_id, fits

NONE = "There is no account with this address."
RUNNING = or_(
    Person.is_administrator, Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role.in_((*STAFF, "appeals_panel"))))
)  # fmt: skip
FILTERS: dict[str, tuple[str, tuple[ColumnElement[bool], ...]]] = {
    "staff": ("With a role, or administrator", (RUNNING,)),
    "administrators": ("Administrators", (Person.is_administrator.is_(True),)),
    "machines": ("Machines", (Person.is_machine.is_(True),)),
    "suspended": (
        "Suspended",
        (
            Person.suspended_at.is_not(None),
            Person.is_machine.is_(False),
            Person.email.not_like("%" + rules.ERASED_ADDRESS),
        ),
    ),
    "unconfirmed": ("Address not confirmed", (Person.email_verified_at.is_(None),)),
    "one-step": ("With a role, without a second step", (RUNNING, Person.second_factor_at.is_(None))),
}


def known_to(viewer: Actor) -> ColumnElement[bool]:
    """All rows for those who run the site, none for others."""
    return Person.id.is_not(None) if administrators(viewer) else Person.id.is_(None)


def people(
    *, viewer: Actor, text: str = "", shown: str = "", after: str | None = None, before: str | None = None
) -> Listing[Person]:
    """People by name or address, who came last first; `shown` is a key of FILTERS."""
    only = FILTERS[shown][1] if shown in FILTERS else ()
    return by_id(viewer, Person, [known_to(viewer), *only, *fits(text, Person.name, Person.email)], after, before)


def roles_of(*, viewer: Actor, people: Sequence[int]) -> dict[int, list[str]]:
    """The roles of some people, each once, whatever the consultation."""
    rows = select(RoleGrant.person_id, RoleGrant.role).join(Person, Person.id == RoleGrant.person_id).distinct()
    found: dict[int, list[str]] = {}
    for person_id, role in db.session.execute(
        rows.where(RoleGrant.person_id.in_(people), known_to(viewer)).order_by(RoleGrant.role)
    ):
        found.setdefault(person_id, []).append(role)
    return found


class PersonPage(Record):
    """One person, and what was done about her."""

    person: Person
    is_erased: bool
    may_act: Verdict
    roles: Sequence[tuple[RoleGrant, Consultation]]
    memberships: Sequence[Membership]
    sign_ins: int
    acts: Sequence[AdministrativeAct]


def person(*, viewer: Actor, person_id: int) -> Person:
    """One person; Missing for whoever does not run the site."""
    row = db.session.scalars(select(Person).where(Person.id == person_id, known_to(viewer))).first()
    if row is None:
        raise Missing
    return row


def person_with(*, viewer: Actor, email: str) -> Person:
    """Whose account has this address. Raises Missing."""
    mine = select(Person).where(Person.email == email.strip().lower(), known_to(viewer))
    row = db.session.scalars(mine).first()
    if row is None:
        raise Missing(NONE, "email")
    return row


def person_page(*, viewer: Actor, person_id: int) -> PersonPage:
    """Who somebody is here: roles, organisations, open sign-ins, and every administrative act about her."""
    row = person(viewer=viewer, person_id=person_id)
    grants = (
        select(RoleGrant, Consultation)
        .join(Consultation, Consultation.id == RoleGrant.consultation_id)
        .where(RoleGrant.person_id == row.id)
    )
    mine = select(Membership).options(joinedload(Membership.organisation)).where(Membership.person_id == row.id)
    still = (SignIn.person_id == row.id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now())
    return PersonPage(
        person=row,
        is_erased=row.email.endswith(rules.ERASED_ADDRESS),
        may_act=rules.may_run_account(viewer, row),
        roles=[(grant, where) for grant, where in db.session.execute(grants.order_by(RoleGrant.id).limit(PAGE))],
        memberships=db.session.scalars(mine.where(Membership.state == "member").order_by(Membership.id).limit(PAGE)).all(),
        sign_ins=db.session.scalar(select(func.count()).select_from(SignIn).where(*still)) or 0,
        acts=newest(viewer=viewer, where=[AdministrativeAct.person_id == row.id]),
    )  # fmt: skip
