"""Who is asking: the actor behind a sign-in, with every fact that rules ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    and_,
    bindparam,
    cast,
    false,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from consult.core import clock, ids
from consult.core.db import Moment, read_rows
from consult.core.records import replace
from consult.core.rules import GUEST, VISITOR, Actor

from .. import rules
from ..models import GuestOrganisation, Membership, Organisation, Person, RoleGrant, SignIn, Suspension

# For which a browser that did not get its new token is still known by the one before.
ANSWER_LOST = timedelta(minutes=1)
MEMBER, SUSPENDED, ROLE, HERSELF = "member", "suspended", "role", "herself"


def actor_for_token(token: str) -> Actor:
    """Who holds this sign-in token; a visitor when it is unknown, ended, expired or its person suspended. One statement."""
    moment, digest = clock.now(), ids.digest(token)
    facts = read_rows(_SIGNED_IN, {"digest": digest, "moment": moment, "answer_lost": moment - ANSWER_LOST}).all()
    if not facts or facts[0].suspended_at is not None:
        return VISITOR
    row = facts[0]  # each has all of the person and of her sign-in
    actor = replace(
        _actor(row, facts, row.acting_for_id),
        sign_in_id=row.sign_in_id, seen_on=row.seen_on, proved_at=row.proved_at,
    )  # fmt: skip
    is_proven = row.token_digest == digest and row.proved_at is not None
    return rules.without_unproven_roles(actor, is_proven=is_proven)


def actor_for(person: Person, *, acting_for_id: int | None = None) -> Actor:
    """The actor a person is, for herself or for an organisation she is a member of."""
    facts = read_rows(_FACTS, {"person": person.id, "moment": clock.now()}).all()
    return _actor(person, facts, acting_for_id)


def _actor(person: Any, facts: Sequence[Any], acting_for_id: int | None) -> Actor:
    """`person`: she herself, or a row with the same names."""
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
        acting_for_id=acting.where if acting else None,
        acting_for_name=acting.called if acting else None,
        acting_for_category=acting.kind if acting else None,
        member_of=frozenset(organisations.keys() | merged.keys()),
        signatory_of=_with_former({id for id, fact in organisations.items() if fact.is_signatory}, merged),
        merged=frozenset(merged.items()),
        roles=frozenset((fact.where, fact.called) for fact in facts if fact.what == ROLE),
        suspended=frozenset((fact.where, fact.until) for fact in facts if fact.what == SUSPENDED),
    )


def _facts(person: Any) -> tuple[Any, ...]:
    """Where she is a member and what was merged into that, where she is suspended, has a role or is a guest."""
    former = aliased(Organisation)
    none, no = null(), false()
    is_member = and_(Membership.person_id == person, Membership.state == "member")
    return (
        select(
            literal(MEMBER).label("what"), Membership.organisation_id.label("where"), Organisation.name.label("called"),
            Organisation.category.label("kind"), Membership.is_signatory.label("is_signatory"),
            former.id.label("former"), cast(none, Moment).label("until"),
        )
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(former, former.merged_into_id == Membership.organisation_id)
        .where(is_member),
        select(literal(SUSPENDED), Suspension.consultation_id, none, none, no, none, Suspension.until).where(
            Suspension.person_id == person, Suspension.until > bindparam("moment")
        ),
        select(literal(ROLE), RoleGrant.consultation_id, RoleGrant.role, none, no, none, none).where(
            RoleGrant.person_id == person
        ),
        select(literal(ROLE), GuestOrganisation.consultation_id, literal(GUEST), none, no, none, none)
        .join(Membership, Membership.organisation_id == GuestOrganisation.organisation_id)
        .where(is_member),
    )  # fmt: skip


def _signed_in() -> CompoundSelect[Any]:
    """Who holds a token, in one row; and a row for each of the facts about her, with all of that in it."""
    digest: BindParameter[str] = bindparam("digest")
    before = and_(SignIn.previous_digest == digest, SignIn.renewed_at > bindparam("answer_lost"))
    she = (
        select(
            SignIn.id.label("sign_in_id"), SignIn.token_digest, SignIn.acting_for_id, SignIn.seen_on, SignIn.proved_at,
            SignIn.expires_at,  # a page that is kept for her is true until then
            Person.id, Person.name, Person.email, Person.category, Person.email_verified_at, Person.is_unproven,
            Person.is_administrator, Person.is_machine, Person.second_factor_at, Person.suspended_at,
        )
        .join(SignIn.person)
        .where(or_(SignIn.token_digest == digest, before), SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("moment"))
        .limit(1)
        .cte("she")
    )  # fmt: skip
    none = null()
    herself = select(literal(HERSELF), none, none, none, false(), none, none, *she.c)
    # SQLite would walk through all roles of everybody if they were joined by her id.
    facts = _facts(select(she.c.id).scalar_subquery())
    return union_all(*(part.join(she, true()).add_columns(*she.c) for part in facts), herself)


# Built once: asked by every page of somebody signed in.
_FACTS, _SIGNED_IN = union_all(*_facts(bindparam("person"))), _signed_in()


def _with_former(organisations: set[int], merged: Mapping[int, int]) -> frozenset[int]:
    return frozenset(organisations | {former for former, now in merged.items() if now in organisations})
