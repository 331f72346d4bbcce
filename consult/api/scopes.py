"""What an access token may be used for. Few, and each says to its owner what it gives away."""

from __future__ import annotations

from datetime import timedelta

from consult.core.records import replace
from consult.core.rules import Actor

SCOPES = {
    "read": "Read what everybody may read, and say who you are",
    "comment": "Post comments and replies",
    "vote": "Vote on comments",
    "moderate": "See what your roles let you see: drafts, hidden comments, and those that wait for a look",
}
OF_MACHINES = ("read", "comment")  # votes are people's, and so are roles
DAYS = (1, 365)
USUAL_DAYS = 90
WARNED_BEFORE = timedelta(days=7)


def written(scopes: frozenset[str]) -> str:
    """As they are kept in a column and said in an answer: "read comment"."""
    return " ".join(name for name in SCOPES if name in scopes)


def narrowed(actor: Actor, scopes: frozenset[str]) -> Actor:
    """The actor as a token acts for her: without her roles where it was not made for them."""
    if "moderate" in scopes:
        return replace(actor, scopes=scopes)
    return replace(actor, scopes=scopes, roles=frozenset(), is_administrator=False, second_factor="")
