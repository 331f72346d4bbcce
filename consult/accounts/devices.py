"""Browsers: in which words one is named, and the cookie by which one that signed in before is known. Pure.

The cookie holds a random name and, for each account that signed in there, a mark made of the two with the secret
key. Nothing is stored on our side, and nobody can tell from the cookie whose accounts they are.
"""

from __future__ import annotations

import hmac
import re
import secrets

MOST_ACCOUNTS = 5  # on one browser; older ones fall out
BROWSERS = (
    ("Edge", r"\bEdgA?/"), ("Opera", r"\bOPR/"), ("Samsung Internet", r"\bSamsungBrowser/"), ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|Chromium|CriOS|HeadlessChrome)/"), ("Safari", r"\bSafari/"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", r"\biPhone\b"), ("iPad", r"\biPad\b"), ("Android", r"\bAndroid\b"), ("Windows", r"\bWindows\b"),
    ("Mac", r"\bMacintosh\b"), ("ChromeOS", r"\bCrOS\b"), ("Linux", r"\bLinux\b"),
)  # fmt: skip


def label(user_agent: str) -> str:
    """A browser in words, "Firefox on Linux": what its own line says of it, and no more; empty when it says nothing."""
    browser, system = (
        next((name for name, pattern in kinds if re.search(pattern, user_agent)), "") for kinds in (BROWSERS, SYSTEMS)
    )
    return f"{browser or 'A browser'} on {system}" if system else browser


def knows(secret: str, cookie: str, email: str) -> bool:
    """Whether the account with this address signed in on the browser with this cookie before."""
    name, *marks = cookie.split(".")
    mark = _mark(secret, name, email)
    return any(hmac.compare_digest(mark.encode(), known.encode()) for known in marks[:MOST_ACCOUNTS])


def remember(secret: str, cookie: str, email: str) -> str:
    """The cookie that also knows the account with this address."""
    name, *marks = cookie.split(".")
    if not re.fullmatch(r"[\w-]{22}", name):
        name, marks = secrets.token_urlsafe(16), []
    mark = _mark(secret, name, email)
    return ".".join([name, mark, *(known for known in marks if known != mark)][: MOST_ACCOUNTS + 1])


def _mark(secret: str, name: str, email: str) -> str:
    return hmac.new(secret.encode(), f"consult.accounts.device {name} {email}".encode(), "sha256").hexdigest()[:32]
