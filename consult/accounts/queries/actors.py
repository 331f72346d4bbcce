"""Who is asking: the actor behind a sign-in, with every fact that rules ask about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import BindParameter, Executable, Select, and_, bindparam, cast, false, literal, null, or_, select
from sqlalchemy.orm import aliased, joinedload

from consult.core import clock, ids
from consult.core.db import Moment, db
from consult.core.rules import GUEST, VISITOR, Actor

from .. import rules
from ..models import GuestOrganisation, Membership, Organisation, Person, RoleGrant, SignIn, Suspension

# For which a browser that did not get its new token is still known by the one before.
ANSWER_LOST = timedelta(minutes=1)
MEMBER, SUSPENDED, ROLE = "member", "suspended", "role"


def actor_for_token(token: str) -> Actor:
    """Who holds this sign-in token; a visitor when it is unknown, ended, expired or its person suspended."""
    moment, digest = clock.now(), ids.digest(token)
    row = db.session.scalars(
        _SIGN_IN, {"digest": digest, "moment": moment, "answer_lost": moment - ANSWER_LOST}
    ).first()
    if row is None or row.person.suspended_at is not None:
        return VISITOR
    actor = actor_for(row.person, acting_for_id=row.acting_for_id, sign_in=row)
    is_proven = row.token_digest == digest and row.proved_at is not None
    return rules.without_unproven_roles(actor, is_proven=is_proven)


def actor_for(person: Person, *, acting_for_id: int | None = None, sign_in: SignIn | None = None) -> Actor:
    """The actor a person is, for herself or for an organisation she is a member of."""
    facts = db.session.execute(_FACTS, {"person": person.id, "moment": clock.now()}).all()
    organisations = {fact.where: fact for fact in facts if fact.what == MEMBER}
    merged = {fact.former: fact.where for fact in facts if fact.former is not None}
    acting = organisations.get(merged.get(acting_for_id or 0, acting_for_id))
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
        acting_for_id=acting.where if acting else None,
        acting_for_name=acting.name if acting else None,
        acting_for_category=acting.category if acting else None,
        member_of=frozenset(organisations.keys() | merged.keys()),
        signatory_of=_with_former({id for id, fact in organisations.items() if fact.is_signatory}, merged),
        merged=frozenset(merged.items()),
        roles=frozenset((fact.where, fact.name) for fact in facts if fact.what == ROLE),
        suspended=frozenset((fact.where, fact.until) for fact in facts if fact.what == SUSPENDED),
    )


def _facts() -> Executable:
    """Where she is a member and what was merged into that, where she is suspended, has a role or is a guest."""
    person: BindParameter[int] = bindparam("person")
    former = aliased(Organisation)
    none, no = null(), false()
    is_member = and_(Membership.person_id == person, Membership.state == "member")
    return (
        select(
            literal(MEMBER).label("what"), Membership.organisation_id.label("where"), Organisation.name.label("name"),
            Organisation.category.label("category"), Membership.is_signatory.label("is_signatory"),
            former.id.label("former"), cast(none, Moment).label("until"),
        )
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(former, former.merged_into_id == Membership.organisation_id)
        .where(is_member)
        .union_all(
            select(literal(SUSPENDED), Suspension.consultation_id, none, none, no, none, Suspension.until).where(
                Suspension.person_id == person, Suspension.until > bindparam("moment")
            ),
            select(literal(ROLE), RoleGrant.consultation_id, RoleGrant.role, none, no, none, none).where(
                RoleGrant.person_id == person
            ),
            select(literal(ROLE), GuestOrganisation.consultation_id, literal(GUEST), none, no, none, none)
            .join(Membership, Membership.organisation_id == GuestOrganisation.organisation_id)
            .where(is_member),
        )
    )  # fmt: skip


def _sign_in() -> Select[SignIn]:
    digest: BindParameter[str] = bindparam("digest")
    before = and_(SignIn.previous_digest == digest, SignIn.renewed_at > bindparam("answer_lost"))
    return (
        select(SignIn)
        .options(joinedload(SignIn.person))
        .where(or_(SignIn.token_digest == digest, before), SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("moment"))
    )  # fmt: skip


_SIGN_IN, _FACTS = _sign_in(), _facts()  # built once: asked by every page of somebody signed in


def _with_former(organisations: set[int], merged: Mapping[int, int]) -> frozenset[int]:
    return frozenset(organisations | {former for former, now in merged.items() if now in organisations})
