"""A calculation that makes sending in bulk cost something, made and checked here; in the format of ALTCHA 1.

Somebody's browser looks for the number that, behind a salt, has a given SHA-256. Nobody is refused without it: what
comes with no proof, a wrong one or one that was used before waits for a look by a person.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from limits import parse

from . import clock
from .ids import digest
from .limits import limiter
from .records import Record, asdict

log = logging.getLogger(__name__)

FIELD = "proof"
ALGORITHM = "SHA-256"
EFFORT = 100_000  # numbers at most, half of them on average: about a second of one processor, some on an old telephone
LIFETIME = timedelta(hours=24)  # who thinks about a comment for a day has it; a stock of solved ones does not grow old
LONGEST = 2_000  # characters of what is sent


class Challenge(Record):
    """What a browser is given, under the names of the format."""

    algorithm: str
    challenge: str
    maxnumber: int
    salt: str
    signature: str

    def to_json(self) -> str:
        """As it is sent."""
        return json.dumps(asdict(self))


def challenge(secret: str, purpose: str, now: datetime, effort: int = EFFORT) -> Challenge:
    """A new one for `purpose`: which form, or whose; it is good for nothing else."""
    expires = int((now + LIFETIME).timestamp())
    salt = f"{secrets.token_hex(12)}?expires={expires}&for={_mark(secret, purpose)}&"  # "&": nothing can be added to it
    sought = _hash(salt, secrets.randbelow(effort + 1))
    return Challenge(ALGORITHM, sought, effort, salt, _sign(secret, sought))


def solved(secret: str, purpose: str, sent: str, now: datetime) -> str:
    """The challenge that `sent` (base64 of JSON) solves; "" when it solves none of ours, is too late or for another purpose."""
    said = _read(sent)
    salt, number, claimed = said.get("salt"), said.get("number"), said.get("challenge")
    if not (isinstance(salt, str) and isinstance(claimed, str) and type(number) is int):
        return ""
    sought = _hash(salt, number)
    genuine = hmac.compare_digest(_sign(secret, sought).encode(), str(said.get("signature")).encode())
    if not genuine or said.get("algorithm") != ALGORITHM or claimed != sought:
        return ""
    params = dict(pair.partition("=")[::2] for pair in salt.partition("?")[2].split("&"))
    is_in_time = int(params["expires"]) >= now.timestamp()  # it is ours, so it is there
    return sought if is_in_time and params["for"] == _mark(secret, purpose) else ""


def is_on() -> bool:
    """Whether this site asks for it."""
    return bool(current_app.extensions["consult.settings"].proof_of_work == "on")


def ask(purpose: str) -> Challenge | None:
    """What the form of a stranger carries; none where this site does not ask."""
    return challenge(_secret(), purpose, clock.now()) if is_on() else None


def is_given(purpose: str) -> bool:
    """Whether the form that was sent carries a solution nobody used before, which is used up now; yes where none is asked for.

    Used ones are kept where rate limits are counted. A storage that is down knows none of them.
    """
    if not is_on():
        return True
    name = solved(_secret(), purpose, request.form.get(FIELD, ""), clock.now())
    try:
        return bool(name) and limiter.limiter.hit(
            parse(f"1 per {LIFETIME // timedelta(hours=1)} hours"), FIELD, digest(name)
        )
    except Exception:
        log.exception("the storage of rate limits does not answer")
        return True


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _sign(secret: str, sought: str) -> str:
    return hmac.new(f"{secret} proof".encode(), sought.encode(), "sha256").hexdigest()


def _mark(secret: str, purpose: str) -> str:
    return hmac.new(f"{secret} purpose".encode(), purpose.encode(), "sha256").hexdigest()[:16]


def _read(sent: str) -> dict[str, Any]:
    try:
        said = json.loads(base64.b64decode(sent[:LONGEST].encode(), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
