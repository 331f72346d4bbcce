"""Random and readable identifiers."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

LARGEST = 2**63 - 1  # what a 64-bit column holds


def new_key() -> str:
    """128 random bits as 32 hex digits: submission keys, public ids."""
    return secrets.token_hex(16)


def new_token() -> str:
    """256 random bits, URL-safe: whatever opens something for its holder."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored in place of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def slug(text: str, longest: int = 60) -> str:
    """A readable address made from a title: ASCII, lower case, hyphens; never empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    return words[:longest].rstrip("-") or f"c-{secrets.token_hex(4)}"


def whole(text: str) -> int:
    """The number written in an address, such as a page or an id; the largest that a 64-bit column holds at most.

    Raises ValueError when it is no number; `request.args.get` then takes its default.
    """
    return max(-LARGEST, min(int(text), LARGEST))
