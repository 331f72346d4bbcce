"""Coming in by an OpenID provider: what is kept in the browser on the way there and back. Pure.

It travels in one cookie, sealed with a key derived from the secret key: nobody reads it, and nobody can make one.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import Any, TypeVar

from consult.core import clock, later
from consult.core.records import Record, asdict

fernet = later.module("cryptography.fernet")
hashes = later.module("cryptography.hazmat.primitives.hashes")
hkdf = later.module("cryptography.hazmat.primitives.kdf.hkdf")

MINUTES_AWAY = 10  # to sign in at the provider
MINUTES_TO_ENTER = 10  # once one is back, to go on
MINUTES_TO_REGISTER = 60  # a form with more than a button
LONGEST_WAY_ON = 1_000  # characters of `next`: a browser keeps 4096 bytes a cookie
T = TypeVar("T")


class Departure(Record):
    """On the way to the provider: what its answer is compared with, and what for. `person_id`: who wants to link."""

    state: str
    nonce: str
    verifier: str
    next: str = ""
    person_id: int | None = None


class Arrival(Record):
    """Back from the provider, which says who it is. `at`: milliseconds, so that one arrival lets in once."""

    issuer: str
    subject: str
    name: str
    email: str
    at: int
    next: str = ""
    person_id: int | None = None

    @property
    def label(self) -> str:
        """By which its owner knows the account there."""
        return self.email or self.name or self.subject


def seal(secret_key: str, what: Departure | Arrival) -> str:
    """As it may lie in a cookie."""
    content = json.dumps([type(what).__name__, asdict(what)], ensure_ascii=False).encode()
    return str(_fernet(secret_key).encrypt_at_time(content, int(clock.now().timestamp())), "ascii")


def departure(secret_key: str, sealed: str) -> Departure | None:
    """What this browser left with; None when it did not leave, or some time ago."""
    return _unseal(secret_key, sealed, Departure, MINUTES_AWAY)


def arrival(secret_key: str, sealed: str, minutes: int = MINUTES_TO_ENTER) -> Arrival | None:
    """Who came back to this browser in the last `minutes`."""
    return _unseal(secret_key, sealed, Arrival, minutes)


def _unseal(secret_key: str, sealed: str, kind: type[T], minutes: int) -> T | None:
    try:
        opened = _fernet(secret_key).decrypt_at_time(sealed, minutes * 60, int(clock.now().timestamp()))
    except (fernet.InvalidToken, ValueError):
        return None
    name, values = json.loads(opened)
    known: dict[str, Any] = values
    return kind(**known) if name == kind.__name__ else None


@lru_cache(maxsize=4)
def _fernet(secret_key: str) -> Any:
    key = hkdf.HKDF(hashes.SHA256(), 32, salt=None, info=b"consult.accounts.arrivals").derive(secret_key.encode())
    return fernet.Fernet(base64.urlsafe_b64encode(key))
