"""What happens to accounts."""

from __future__ import annotations

from consult.core.records import Record


class Registered(Record):
    """Somebody made an account."""

    person_id: int


class NewBrowserSignedIn(Record):
    """Somebody came into an account on a browser that had not signed in to it before."""

    sign_in_id: int
    person_id: int


class SignInsEnded(Record):
    """Every other way into an account was closed at once: a new password, or "End all others"."""

    person_id: int


class MembershipAsked(Record):
    """Somebody wants to speak for an organisation."""

    membership_id: int


class MembershipDecided(Record):
    """A signatory or an administrator answered."""

    membership_id: int


class MembershipEnded(Record):
    """A member left, or was taken off the list by a signatory."""

    membership_id: int


class CategoryChanged(Record):
    """Somebody chose another interest category."""

    person_id: int
    before: str
    after: str


class OrganisationCategoryChanged(Record):
    """An organisation is of another interest category now; what it said before keeps the earlier one."""

    organisation_id: int
    by_id: int | None
    before: str
    after: str


class OrganisationFounded(Record):
    """An organisation was put on the list; nobody has verified it yet."""

    organisation_id: int


class OrganisationVerified(Record):
    """An administrator checked that the organisation is what it says."""

    organisation_id: int


class DomainProved(Record):
    """A link that was mailed to an address of the organisation was opened there."""

    organisation_id: int


class ParentChanged(Record):
    """An organisation is part of another one now, or of none any more."""

    organisation_id: int


class OrganisationsMerged(Record):
    """From now on one organisation counts as another one."""

    merge_id: int
    former_id: int
    into_id: int
    by_id: int | None
    reason: str


class OrganisationsParted(Record):
    """A merge was undone: both stand for themselves again."""

    merge_id: int
    former_id: int
    into_id: int
    by_id: int | None


class RoleGranted(Record):
    """A person got a role on a consultation."""

    consultation_id: int
    person_id: int
    role: str


class RoleRevoked(Record):
    """A person lost a role on a consultation."""

    consultation_id: int
    person_id: int
    role: str
