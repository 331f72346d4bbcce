"""Links in mails: signed, for one purpose, for a while, and only once.

Nothing is stored: a link carries a mark of what it is going to change, and when that has changed
(the address is confirmed, the password is another one) the mark is wrong and the link is dead.
"""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from consult.core import clock, ids
from consult.core.records import Record

from .models import Organisation, Person

CONFIRM, RESET, CHANGE, DOMAIN = "confirm", "reset", "change", "domain"
HALF_WAY = "half-way"  # not mailed: through the form that asks for the second factor, once the password was right
LIFETIMES = {
    CONFIRM: timedelta(days=7), DOMAIN: timedelta(days=7), RESET: timedelta(hours=1), CHANGE: timedelta(days=1), HALF_WAY: timedelta(minutes=10),
}  # fmt: skip


class _Signer(TimestampSigner):
    """Takes the time from our clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


class Link(Record):
    """A link that was opened and is genuine; whether it was used already says `fits`."""

    purpose: str
    person_id: int
    mark: str
    email: str

    def fits(self, person: Person) -> bool:
        """Whether what this link is to change is still as it was when the link was mailed."""
        return person.id == self.person_id and mark(self.purpose, person) == self.mark


def mark(purpose: str, person: Person) -> str:
    """What is different once a link of this purpose was used, or is not wanted any more."""
    changes = {
        CONFIRM: f"{person.email} {person.email_verified_at}",
        RESET: f"{person.email} {person.password_hash}",
        CHANGE: f"{person.email} {person.password_changed_at}",
        HALF_WAY: f"{person.password_hash} {person.second_factor_at}",
    }
    return ids.digest(changes[purpose])[:24]


def token(secret: str, purpose: str, person: Person, email: str = "") -> str:
    """The token for a new link; `email` is the address it is about, by default the person's own."""
    return _serializer(secret, purpose).dumps([person.id, mark(purpose, person), email or person.email])


def read(secret: str, purpose: str, text: str) -> Link | None:
    """The link behind a token; None when it is forged, for something else, or too old."""
    try:
        person_id, its_mark, email = _serializer(secret, purpose).loads(
            text, max_age=int(LIFETIMES[purpose].total_seconds())
        )
    except (BadSignature, ValueError):
        return None
    return Link(purpose, person_id, its_mark, email)


class DomainLink(Record):
    """A genuine link that proves that an organisation has addresses at the domain of `email`; who asked for it."""

    organisation_id: int
    person_id: int
    mark: str
    email: str

    @property
    def domain(self) -> str:
        """What it proves."""
        return self.email.rpartition("@")[2]

    def fits(self, organisation: Organisation) -> bool:
        """Whether no link for this organisation was used since this one was mailed."""
        return organisation.id == self.organisation_id and _domain_mark(organisation) == self.mark


def domain_token(secret: str, organisation: Organisation, person_id: int, email: str) -> str:
    """The token for a link to `email` that proves its domain to be the organisation's, asked for by a person."""
    return _serializer(secret, DOMAIN).dumps([organisation.id, person_id, _domain_mark(organisation), email])


def read_domain(secret: str, text: str) -> DomainLink | None:
    """The link behind a token; None when it is forged, for something else, or too old."""
    try:
        parts = _serializer(secret, DOMAIN).loads(text, max_age=int(LIFETIMES[DOMAIN].total_seconds()))
    except (BadSignature, ValueError):
        return None
    return DomainLink(*parts)


def _domain_mark(organisation: Organisation) -> str:
    return ids.digest(f"{organisation.domain} {organisation.domain_proved_at}")[:24]


def _serializer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"consult.accounts.{purpose}", signer=_Signer)
