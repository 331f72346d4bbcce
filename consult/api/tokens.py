"""Access tokens: 256 random bits behind a name that scanners for lost secrets know."""

from __future__ import annotations

import hmac
import re
import secrets

PREFIX = "consult_"
SHAPE = re.compile(r"consult_[A-Za-z0-9_-]{43}")  # give this to a scanner of secrets


def new() -> str:
    """A token nobody had before."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str, key: str) -> str:
    """What is kept of a token: SHA-256 with the key of this installation, so a copied database opens nothing elsewhere."""
    return hmac.new(f"{key} token".encode(), token.encode(), "sha256").hexdigest()


def start(token: str) -> str:
    """As much of it as one needs to tell it from others."""
    return token[: len(PREFIX) + 4]
