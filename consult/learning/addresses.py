"""Addresses of other sites, as people type them. Pure; nothing is ever fetched."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST = 2_000
HOST = re.compile(r"(?!-)[\w.-]+\.\w{2,}", re.UNICODE)


def checked(typed: str) -> str | None:
    """The address, with https:// where none was typed; None when it leads to no web page."""
    address = typed.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        is_fit = parts.scheme in ("http", "https") and HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        return None
    has_blank = re.search(r"[\s<>\"\\^`{|}]", address) is not None
    if not is_fit or parts.username or parts.password or has_blank or len(address) > LONGEST:
        return None
    return address


def site_of(address: str) -> str:
    """The site an address leads to: "eur-lex.europa.eu"."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
