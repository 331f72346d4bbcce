"""Random and readable identifiers."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata


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
