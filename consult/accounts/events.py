"""What happens to accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody made an account."""

    person_id: int


@dataclass(frozen=True, slots=True)
class MembershipAsked:
    """Somebody wants to speak for an organisation."""

    membership_id: int


@dataclass(frozen=True, slots=True)
class MembershipDecided:
    """A signatory or an administrator answered."""

    membership_id: int
