"""What happens to accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody made an account."""

    person_id: int


@dataclass(frozen=True, slots=True)
class NewBrowserSignedIn:
    """Somebody came into an account on a browser that had not signed in to it before."""

    sign_in_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class SignInsEnded:
    """Every other way into an account was closed at once: a new password, or "End all others"."""

    person_id: int


@dataclass(frozen=True, slots=True)
class MembershipAsked:
    """Somebody wants to speak for an organisation."""

    membership_id: int


@dataclass(frozen=True, slots=True)
class MembershipDecided:
    """A signatory or an administrator answered."""

    membership_id: int


@dataclass(frozen=True, slots=True)
class MembershipEnded:
    """A member left, or was taken off the list by a signatory."""

    membership_id: int


@dataclass(frozen=True, slots=True)
class CategoryChanged:
    """Somebody chose another interest category."""

    person_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OrganisationCategoryChanged:
    """An organisation is of another interest category now; what it said before keeps the earlier one."""

    organisation_id: int
    by_id: int | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OrganisationFounded:
    """An organisation was put on the list; nobody has verified it yet."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class OrganisationVerified:
    """An administrator checked that the organisation is what it says."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class DomainProved:
    """A link that was mailed to an address of the organisation was opened there."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class ParentChanged:
    """An organisation is part of another one now, or of none any more."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class OrganisationsMerged:
    """From now on one organisation counts as another one."""

    merge_id: int
    former_id: int
    into_id: int
    by_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class OrganisationsParted:
    """A merge was undone: both stand for themselves again."""

    merge_id: int
    former_id: int
    into_id: int
    by_id: int | None


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """A person got a role on a consultation."""

    consultation_id: int
    person_id: int
    role: str


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """A person lost a role on a consultation."""

    consultation_id: int
    person_id: int
    role: str
