"""Who is asking: the actor behind a sign-in, with every fact that rules ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import and_, literal, null, or_, select
from sqlalchemy.orm import aliased, joinedload

from consult.core import clock, ids
from consult.core.db import db
from consult.core.rules import GUEST, VISITOR, Actor

from .. import rules
from ..models import GuestOrganisation, Membership, Organisation, Person, RoleGrant, SignIn, Suspension

# For which a browser that did not get its new token is still known by the one before.
ANSWER_LOST = timedelta(minutes=1)


def actor_for_token(token: str) -> Actor:
    """Who holds this sign-in token; a visitor when it is unknown, ended, expired or its person suspended."""
    moment, digest = clock.now(), ids.digest(token)
    before = and_(SignIn.previous_digest == digest, SignIn.renewed_at > moment - ANSWER_LOST)
    row = db.session.scalars(
        select(SignIn)
        .options(joinedload(SignIn.person))
        .where(or_(SignIn.token_digest == digest, before), SignIn.ended_at.is_(None), SignIn.expires_at > moment)
    ).first()
    if row is None or row.person.suspended_at is not None:
        return VISITOR
    actor = actor_for(row.person, acting_for_id=row.acting_for_id, sign_in=row)
    is_proven = row.token_digest == digest and row.proved_at is not None
    return rules.without_unproven_roles(actor, is_proven=is_proven)


def actor_for(person: Person, *, acting_for_id: int | None = None, sign_in: SignIn | None = None) -> Actor:
    """The actor a person is, for herself or for an organisation she is a member of."""
    memberships, merged = _memberships(person)
    grants = db.session.execute(
        select(Suspension.consultation_id, literal("").label("role"), Suspension.until)
        .where(Suspension.person_id == person.id, Suspension.until > clock.now())
        .union_all(
            select(RoleGrant.consultation_id, RoleGrant.role, null()).where(RoleGrant.person_id == person.id),
            select(GuestOrganisation.consultation_id, literal(GUEST), null())
            .join(Membership, Membership.organisation_id == GuestOrganisation.organisation_id)
            .where(Membership.person_id == person.id, Membership.state == "member"),
        )
    ).all()  # one statement for all  # fmt: skip
    acting: Organisation | None = next(
        (m.organisation for m in memberships if m.organisation_id == merged.get(acting_for_id or 0, acting_for_id)),
        None,
    )
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        category=person.category,
        is_verified=person.email_verified_at is not None,
        is_unproven=person.is_unproven,
        is_administrator=person.is_administrator,
        is_machine=person.is_machine,
        has_second_factor=person.second_factor_at is not None,
        sign_in_id=sign_in.id if sign_in else None,
        seen_on=sign_in.seen_on if sign_in else None,
        proved_at=sign_in.proved_at if sign_in else None,
        acting_for_id=acting.id if acting else None,
        acting_for_name=acting.name if acting else None,
        acting_for_category=acting.category if acting else None,
        member_of=frozenset({m.organisation_id for m in memberships} | merged.keys()),
        signatory_of=_with_former({m.organisation_id for m in memberships if m.is_signatory}, merged),
        merged=frozenset(merged.items()),
        roles=frozenset((consultation_id, role) for consultation_id, role, _until in grants if role),
        suspended=frozenset((consultation_id, until) for consultation_id, _role, until in grants if until),
    )


def _memberships(person: Person) -> tuple[Sequence[Membership], Mapping[int, int]]:
    """Where she is a member, and which organisations were merged into those: former id to the one it counts as."""
    former = aliased(Organisation)
    found = db.session.execute(
        select(Membership, former.id)
        .options(joinedload(Membership.organisation))
        .outerjoin(former, former.merged_into_id == Membership.organisation_id)
        .where(Membership.person_id == person.id, Membership.state == "member")
    ).all()
    merged = {former_id: row.organisation_id for row, former_id in found if former_id is not None}
    return list(dict.fromkeys(row for row, _former in found)), merged


def _with_former(organisations: set[int], merged: Mapping[int, int]) -> frozenset[int]:
    return frozenset(organisations | {former for former, now in merged.items() if now in organisations})
