"""Tokens and machines, and what the interface reads that no page does."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload

from consult.accounts.models import Membership, Organisation, Person
from consult.accounts.queries import actor_for
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import VISITOR, Actor
from consult.documents.models import Clause, DraftVersion

from .models import ApiToken
from .scopes import WARNED_BEFORE

PAGE = 100  # clauses
MOST_SHOWN = 100
DEAD = {
    "unknown": "This token is not known here.",
    "revoked": "This token was revoked.",
    "expired": "This token has expired.",
    "suspended": "The account behind this token is suspended.",
    "closed": "The machine behind this token is closed.",
    "left": "This token was made to speak for an organisation, and its account is not a member there any more.",
}


class Presented(Record):
    """What a token turned out to be: whose, or why it opens nothing."""

    actor: Actor
    token: ApiToken | None
    fault: str = ""


def presented(*, viewer: Actor, digest: str) -> Presented:
    """Who comes with the token that has this digest; all her roles are there still, see scopes.narrowed."""
    row = db.session.scalars(
        select(ApiToken)
        .options(joinedload(ApiToken.person), joinedload(ApiToken.made_by))
        .where(ApiToken.digest == digest)
    ).first()
    if row is None:
        return Presented(VISITOR, None, DEAD["unknown"])
    actor = actor_for(row.person, acting_for_id=row.acting_for_id)
    fault = _fault(row, actor)
    return Presented(VISITOR, row, DEAD[fault]) if fault else Presented(actor, row)


def _fault(row: ApiToken, actor: Actor) -> str:
    if row.person.is_machine and row.person.suspended_at is not None:
        return "closed"
    owner_is_gone = row.made_by is not None and row.made_by.suspended_at is not None
    if row.person.suspended_at is not None or owner_is_gone:
        return "suspended"
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at <= clock.now():
        return "expired"
    return "left" if row.acting_for_id != actor.acting_for_id else ""


def has_expiring(*, viewer: Actor) -> bool:
    """Whether somebody is to be told that a token of hers expires soon."""
    soon = (ApiToken.expires_at <= clock.now() + WARNED_BEFORE, ApiToken.expires_at > clock.now())
    alive = select(ApiToken.id).where(ApiToken.warned_at.is_(None), ApiToken.revoked_at.is_(None), *soon)
    return db.session.scalar(alive.limit(1)) is not None


def _mine(viewer: Actor) -> ColumnElement[bool]:
    """Tokens a viewer may know of: those that act for her or that she made, and of machines she may run."""
    if viewer.is_system:
        return true()
    machines = and_(
        Person.is_machine, true() if viewer.is_administrator else ApiToken.acting_for_id.in_(viewer.signatory_of)
    )
    return or_(ApiToken.person_id == viewer.person_id, ApiToken.made_by_id == viewer.person_id, machines)


def tokens(*, viewer: Actor, of: Person | None = None) -> Sequence[ApiToken]:
    """The living tokens of a machine (`of`), or the viewer's own, newest first."""
    whose = of.id if of is not None else viewer.person_id
    return db.session.scalars(
        select(ApiToken)
        .join(ApiToken.person)
        .options(joinedload(ApiToken.acting_for), joinedload(ApiToken.made_by))
        .where(ApiToken.person_id == whose, ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
        .where(_mine(viewer))
        .order_by(ApiToken.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def every_token(*, viewer: Actor, email: str = "") -> Sequence[ApiToken]:
    """The living tokens of the site, or of one account, for the operator."""
    statement = select(ApiToken).join(ApiToken.person).options(joinedload(ApiToken.person))
    alive = (ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now(), _mine(viewer))
    mine = (Person.email == email.strip().lower(),) if email else ()
    return db.session.scalars(statement.where(*alive, *mine).order_by(ApiToken.id)).all()


def token(*, viewer: Actor, token_id: int) -> ApiToken:
    """One token this viewer may know of."""
    row = db.session.scalars(
        select(ApiToken)
        .join(ApiToken.person)
        .options(joinedload(ApiToken.person))
        .where(ApiToken.id == token_id, _mine(viewer))
    ).first()
    if row is None:
        raise Missing("There is no such token.")
    return row


class Machine(Record):
    """A machine, perhaps closed, with the membership that ties it to its organisation; none: it is the site's."""

    person: Person
    membership: Membership | None

    @property
    def of(self) -> Organisation | None:
        return self.membership.organisation if self.membership else None


class MachinesPage(Record):
    """The machines a viewer may run, and for whom she may make one."""

    machines: Sequence[Machine]
    organisations: Sequence[Organisation]


def machines_page(*, viewer: Actor) -> MachinesPage:
    """Machines of the organisations the viewer signs for; administrators: all. Closed ones come last."""
    in_order = _machines(viewer).order_by(Person.suspended_at.is_not(None), Person.name, Person.id)
    rows = db.session.execute(in_order.limit(MOST_SHOWN)).all()
    organisations = db.session.scalars(
        select(Organisation).where(Organisation.id.in_(viewer.signatory_of)).order_by(Organisation.name)
    ).all()
    return MachinesPage([Machine(row[0], row[1]) for row in rows], organisations)


def machine(*, viewer: Actor, machine_id: int) -> Machine:
    """One machine this viewer may run."""
    row = db.session.execute(_machines(viewer).where(Person.id == machine_id)).first()
    if row is None:
        raise Missing("There is no such machine, or others run it.")
    return Machine(row[0], row[1])


def every_machine(*, viewer: Actor) -> Sequence[Machine]:
    """All machines the viewer may run, for the operator."""
    return [Machine(row[0], row[1]) for row in db.session.execute(_machines(viewer).order_by(Person.id))]


def organisation_for_machine(*, viewer: Actor, slug: str) -> Organisation | None:
    """The organisation a new machine would belong to; none for the site."""
    if not slug:
        return None
    found = db.session.scalars(select(Organisation).where(Organisation.slug == slug)).first()
    if found is None:
        raise Missing("There is no such organisation.")
    return found


def _machines(viewer: Actor) -> Select[Person, Membership]:
    theirs = (
        true() if viewer.is_administrator or viewer.is_system else Membership.organisation_id.in_(viewer.signatory_of)
    )
    is_its = and_(Membership.person_id == Person.id, Membership.state == "member")
    return (
        select(Person, Membership)
        .outerjoin(Membership, is_its)
        .options(joinedload(Membership.organisation))
        .where(Person.is_machine, theirs)
    )


def clauses(*, viewer: Actor, version: DraftVersion, after: str | None = None) -> Listing[Clause]:
    """The clauses of a version (as documents.version gave it to this viewer) in order, a page at a time."""
    start = decode(after, 1)
    rank = int(start[0]) if start and isinstance(start[0], int) else -1
    rows = db.session.scalars(
        select(Clause).where(Clause.version_id == version.id, Clause.rank > rank).order_by(Clause.rank).limit(PAGE + 1)
    ).all()
    return Listing(rows[:PAGE], 0, next_cursor=encode([rows[PAGE - 1].rank]) if len(rows) > PAGE else None)
