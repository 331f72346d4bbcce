"""People, the organisations they may speak for, their sign-ins and their roles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, BigId, link
from consult.core.rules import GUEST

CATEGORIES = {
    "government": "Government",
    "nonprofit": "Nonprofit",
    "civil_society": "Civil society",
    "industry": "Industry",
    "academia": "Academia",
    "individual": "Individual",
    "other": "Other",
}
CATEGORY_MEANINGS = {
    "government": "A ministry, regulator, public office or body between states.",
    "nonprofit": "A foundation, association or project that does not work for profit.",
    "civil_society": "A group that speaks for people: a union, a consumer or a rights group.",
    "industry": "A company of any size, or an association of companies.",
    "academia": "A university, school or research body, or your own work there.",
    "individual": "Only yourself. You speak for nobody else.",
    "other": "None of these fits.",
}
ROLES = ("organiser", "moderator", "editor", "observer", "appeals_panel", GUEST)
SIZES = ("", "micro", "small", "medium", "large")


def one_of(column: str, values: object) -> CheckConstraint:
    """A CHECK that `column` holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Organisation(Base):
    """A body that takes part: speaks through its members, counts once."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("category", CATEGORIES), one_of("size", SIZES))

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)  # stands before its comment numbers: ACME-012
    category: Mapped[str]
    country: Mapped[str] = mapped_column(default="")  # ISO 3166 two letters
    size: Mapped[str] = mapped_column(default="")
    register_number: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    is_verified: Mapped[bool] = mapped_column(default=False)
    verified_at: Mapped[datetime | None]
    verified_register_number: Mapped[str] = mapped_column(default="")  # as it was looked up then; empty: it was not
    verified_domain: Mapped[str] = mapped_column(default="")  # as it was proved then; empty: it was not gone by
    verified_reason: Mapped[str] = mapped_column(default="")  # public
    domain: Mapped[str] = mapped_column(default="")  # of its e-mail; only once a link mailed there was opened
    domain_proved_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # see bodies
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    parent: Mapped[Organisation | None] = link(remote_side="Organisation.id", foreign_keys=[parent_id])
    merged_into: Mapped[Organisation | None] = link(remote_side="Organisation.id", foreign_keys=[merged_into_id])


class OrganisationMerge(Base):
    """An administrator found that two organisations are one: since then `former` counts as `into`. Never into a third."""

    __tablename__ = "organisation_merge"

    former_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: from the command line
    merged_at: Mapped[datetime] = mapped_column(default=clock.now)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    undone_at: Mapped[datetime | None]

    former: Mapped[Organisation] = link(foreign_keys=[former_id])
    into: Mapped[Organisation] = link(foreign_keys=[into_id])


class MergedValue(Base):
    """What a merge changed in some row, and what stood there: with this it can be undone."""

    __tablename__ = "merged_value"

    merge_id: Mapped[int] = mapped_column(ForeignKey("organisation_merge.id"), index=True)
    table: Mapped[str]
    row_id: Mapped[int] = mapped_column(BigId)
    column: Mapped[str]
    before: Mapped[str]  # JSON
    after: Mapped[str]


class OrganisationApart(Base):
    """An administrator looked at two organisations that could be one, and they are not."""

    __tablename__ = "organisation_apart"
    __table_args__ = (UniqueConstraint("one_id", "other_id"), CheckConstraint("one_id < other_id", name="in_order"))

    one_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Person(Base):
    """Somebody with an account."""

    __tablename__ = "person"
    __table_args__ = (one_of("category", CATEGORIES),)

    email: Mapped[str] = mapped_column(unique=True)  # lower case
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    name: Mapped[str]
    category: Mapped[str]
    country: Mapped[str] = mapped_column(default="")
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    is_machine: Mapped[bool] = mapped_column(default=False)  # a program; nobody signs in as it
    is_unproven: Mapped[bool] = mapped_column(
        default=False
    )  # registered as a program would: the first word is looked at
    suspended_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]  # since when something is asked after the password
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    interests: Mapped[list[Interest]] = link(back_populates="person", order_by="Interest.id")


class Interest(Base):
    """A declared interest (employer, funding, conflict), shown beside the person's name."""

    __tablename__ = "interest"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    source: Mapped[str] = mapped_column(default="")  # where one can check it: a link, or a sentence
    declared_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = link(back_populates="interests")


class CategoryChange(Base):
    """Somebody chose another interest category; what they wrote before keeps the earlier one."""

    __tablename__ = "category_change"
    __table_args__ = (one_of("before", CATEGORIES), one_of("after", CATEGORIES))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class OrganisationCategoryChange(Base):
    """Somebody who signs for an organisation, or an administrator, put it into another interest category."""

    __tablename__ = "organisation_category_change"
    __table_args__ = (one_of("before", CATEGORIES), one_of("after", CATEGORIES))

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[Person | None] = link()


class Membership(Base):
    """A person's tie to an organisation; counts once a signatory or an administrator approved it."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id"),
        one_of("state", ("asked", "member", "refused", "left")),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(default="asked")
    is_signatory: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = link()
    person: Mapped[Person] = link(foreign_keys=[person_id])


class SignIn(Base):
    """One signed-in browser; the cookie holds the token, this row its SHA-256. Ending the row ends it."""

    __tablename__ = "sign_in"
    __is_unseen__ = True

    token_digest: Mapped[str] = mapped_column(unique=True)
    previous_digest: Mapped[str | None] = mapped_column(unique=True)  # of the token before, good for a moment
    renewed_at: Mapped[datetime | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    device: Mapped[str] = mapped_column(default="")  # in words: "Firefox on Linux"
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    # When a password or a passkey was shown there; none since the person got a role, which waits for it.
    proved_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    seen_on: Mapped[date] = mapped_column(default=lambda: clock.day_in("UTC"))  # the last day, no hour
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = link()
    acting_for: Mapped[Organisation | None] = link()


class Authenticator(Base):
    """An app that shows codes, one for each person; what it makes them of is sealed, see factors."""

    __tablename__ = "authenticator"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    sealed: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigId)  # of the newest code that was used; none counts twice
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class RecoveryCode(Base):
    """A code that stands in once for the second factor; SHA-256 of 128 random bits."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "digest"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey of a person: its public key, what it counts, and the newest question it answered."""

    __tablename__ = "passkey"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(unique=True)
    data: Mapped[str]  # the attested credential data, base64
    name: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigId)
    asked_at: Mapped[int] = mapped_column(BigId, default=0)  # milliseconds; no answer to an older question counts
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_on: Mapped[date | None]


class ProviderIdentity(Base):
    """An account at an OpenID provider that opens this one: its issuer and subject, never its address."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    label: Mapped[str]  # by which its owner knows it in a list
    arrived_at: Mapped[int] = mapped_column(BigId)  # milliseconds; no earlier arrival counts, and none twice
    linked_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_on: Mapped[date | None]


class RoleGrant(Base):
    """A role of one person on one consultation."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("consultation_id", "person_id", "role"), one_of("role", ROLES))

    # The consultation is a room above: the column is owned here, the row there.
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = link(foreign_keys=[person_id])


class GuestOrganisation(Base):
    """An organisation invited to take part in a consultation: whoever is a member of it now is let in."""

    __tablename__ = "guest_organisation"
    __table_args__ = (UniqueConstraint("consultation_id", "organisation_id"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))  # as in RoleGrant
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    invited_at: Mapped[datetime] = mapped_column(default=clock.now)

    organisation: Mapped[Organisation] = link()


class Invitation(Base):
    """An address is invited into an organisation, or to a role on a consultation. Once answered the row is gone."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("organisation_id", "email"),
        UniqueConstraint("consultation_id", "email", "role"),
        CheckConstraint("(organisation_id IS NULL) <> (consultation_id IS NULL)", name="to_one_thing"),
        one_of("role", ("member", "signatory", *ROLES)),
    )

    email: Mapped[str] = mapped_column(index=True)  # lower case; only an account that confirmed it can accept
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))  # as in RoleGrant
    role: Mapped[str]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    invited_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = link()
    invited_by: Mapped[Person | None] = link()


class Suspension(Base):
    """Somebody may not post in one consultation until a moment; then it is over by itself. Moderation says why."""

    __tablename__ = "suspension"
    __table_args__ = (UniqueConstraint("consultation_id", "person_id"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))  # as in RoleGrant
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until: Mapped[datetime]
