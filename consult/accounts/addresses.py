"""Two kinds of addresses that come from outside: of people (e-mail) and of our own pages (where to go next)."""

from __future__ import annotations

from urllib.parse import urlsplit

from consult.core import later
from consult.core.errors import Invalid

email_validator = later.module("email_validator")
LONGEST_PATH = 2_000


def email_address(typed: str, *, is_public: bool = True) -> str:
    """An e-mail address in the one form we keep it: lower case. Raises Invalid(email).

    `is_public=False` also lets names through that no mail server on the internet answers to (demo people).
    """
    try:
        found = email_validator.validate_email(
            typed.strip(), check_deliverability=False, globally_deliverable=is_public
        )
    except email_validator.EmailNotValidError:
        raise Invalid(
            "This does not look like an e-mail address. It should be like ada@example.org.", "email"
        ) from None
    return str(found.normalized).lower()


def local_path(typed: str | None) -> str:
    """`typed` when it is the address of a page on this site, else nothing.

    Browsers read `//host`, `/\\host` and `/<tab>/host` as other sites.
    """
    path = typed or ""
    if not path.startswith("/") or path[1:2] == "/" or len(path) > LONGEST_PATH:
        return ""
    if "\\" in path or any(ord(c) <= 0x20 or 0x7F <= ord(c) <= 0xA0 for c in path):
        return ""
    try:
        parts = urlsplit(path)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else path
