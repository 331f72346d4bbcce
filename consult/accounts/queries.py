"""Everything read about people and organisations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.core import clock, ids
from consult.core.db import db
from consult.core.rules import VISITOR, Actor

from .models import Membership, Organisation, Person, RoleGrant, SignIn


def actor_for_token(token: str) -> Actor:
    """Who holds this sign-in token; a visitor when it is unknown, ended, expired or its person suspended."""
    moment = clock.now()
    row = db.session.scalars(
        select(SignIn)
        .options(joinedload(SignIn.person))
        .where(SignIn.token_digest == ids.digest(token), SignIn.ended_at.is_(None), SignIn.expires_at > moment)
    ).first()
    if row is None or row.person.suspended_at is not None:
        return VISITOR
    return actor_for(row.person, acting_for_id=row.acting_for_id, sign_in_id=row.id)


def actor_for(person: Person, *, acting_for_id: int | None = None, sign_in_id: int | None = None) -> Actor:
    """The actor a person is, for herself or for an organisation she is a member of."""
    memberships = db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.organisation))
        .where(Membership.person_id == person.id, Membership.state == "member")
    ).all()
    grants = db.session.execute(
        select(RoleGrant.consultation_id, RoleGrant.role).where(RoleGrant.person_id == person.id)
    ).all()
    acting: Organisation | None = next(
        (m.organisation for m in memberships if m.organisation_id == acting_for_id), None
    )
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        category=person.category,
        is_verified=person.email_verified_at is not None,
        is_administrator=person.is_administrator,
        sign_in_id=sign_in_id,
        acting_for_id=acting.id if acting else None,
        acting_for_name=acting.name if acting else None,
        acting_for_category=acting.category if acting else None,
        member_of=frozenset(m.organisation_id for m in memberships),
        signatory_of=frozenset(m.organisation_id for m in memberships if m.is_signatory),
        roles=frozenset((consultation_id, role) for consultation_id, role in grants),
    )


def person_for_link(person_id: int) -> Person | None:
    """Whom a mailed link is for; None when there is nobody or the account is suspended."""
    return db.session.scalars(select(Person).where(Person.id == person_id, Person.suspended_at.is_(None))).first()
