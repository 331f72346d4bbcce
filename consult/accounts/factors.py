"""What somebody shows after the password: a code of an app (TOTP, RFC 6238), a recovery code, or a passkey. Pure.

The key of an app is stored sealed with a key derived from the secret key: whoever reads the database or a backup
cannot make codes. Of recovery codes only the SHA-256 is stored; they are 128 random bits, so that is enough.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from functools import lru_cache
from typing import Any

import pyotp

from consult.core import clock, ids, later
from consult.core.records import Record

from .passkeys import PasskeyProof

ciphers = later.module("cryptography.fernet")
hashes = later.module("cryptography.hazmat.primitives.hashes")
hkdf = later.module("cryptography.hazmat.primitives.kdf.hkdf")
segno = later.module("segno")

STEP = 30  # seconds for which an app shows a code
DRIFT = 1  # steps by which the clock of a phone may be wrong
CODES = 10
MINUTES_TO_SET_UP = 60


class AppCode(Record):
    """A code that an app showed in this step of 30 seconds; right, but perhaps used before."""

    step: int


class RecoveryProof(Record):
    """Something typed as a recovery code; whether it is one says the table."""

    digest: str


Proof = AppCode | RecoveryProof | PasskeyProof


def new_secret() -> str:
    """A new key for an app, 160 random bits in base32."""
    return pyotp.random_base32()


def seal(secret_key: str, person_id: int, secret: str) -> str:
    """The key of an app as it may be stored or travel through a form: for this person, unreadable for others."""
    return str(_fernet(secret_key).encrypt(json.dumps([person_id, secret]).encode()), "ascii")


def unseal(secret_key: str, person_id: int, sealed: str, *, minutes: int | None = None) -> str:
    """The key of an app; empty when it was not sealed here for this person, or more than `minutes` ago."""
    try:
        fernet, moment = _fernet(secret_key), int(clock.now().timestamp())
        opened = fernet.decrypt_at_time(sealed, minutes * 60, moment) if minutes else fernet.decrypt(sealed)
    except ciphers.InvalidToken:
        return ""
    whose, secret = json.loads(opened)
    return str(secret) if whose == person_id else ""


def app_code(secret: str, typed: str) -> AppCode | None:
    """The step in which an app with this key shows `typed`, now or a step before or after; None when it is wrong."""
    code = re.sub(r"\s+", "", typed)
    if not secret or not re.fullmatch(r"[0-9]{6}", code):
        return None
    now = int(clock.now().timestamp()) // STEP
    shown = pyotp.TOTP(secret)
    right = [s for s in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(shown.at(s * STEP), code)]
    return AppCode(right[-1]) if right else None


def recovery_proof(typed: str) -> RecoveryProof:
    """A recovery code as it was typed, whatever the case and the hyphens."""
    return RecoveryProof(ids.digest(re.sub(r"[\s-]+", "", typed).lower()))


def recovery_codes(secret_key: str, person_id: int, sheet: str) -> list[str]:
    """The codes that belong to one form as it was served: sent twice it shows the same ones."""
    made = (_mac(secret_key, f"{person_id} {sheet} {number}") for number in range(CODES))
    texts = (base64.b32encode(mac[:16]).decode().rstrip("=").lower() for mac in made)
    return [re.sub(r"(.{5})(?=.{5})", r"\1-", text) for text in texts]


def app_address(secret: str, account: str, site: str) -> str:
    """The otpauth:// address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site.replace(":", " "))


def picture(text: str) -> tuple[int, str]:
    """A QR code: how many squares are on a side, with the white border, and the path of an SVG that draws the dark ones."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return len(rows), "".join(dark)


@lru_cache(maxsize=4)
def _fernet(secret_key: str) -> Any:
    key = hkdf.HKDF(hashes.SHA256(), 32, salt=None, info=b"consult.accounts.factors").derive(secret_key.encode())
    return ciphers.Fernet(base64.urlsafe_b64encode(key))


def _mac(secret_key: str, text: str) -> bytes:
    return hmac.new(secret_key.encode(), f"consult.accounts.recovery {text}".encode(), "sha256").digest()
