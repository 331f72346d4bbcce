"""Whose name stands over a contribution: as much as its author lets everybody know. Pure.

What is public is written where the name stands, so that no page, list, search, feed, file or mail can forget to
withhold it; who it is stays known by the account alone.
"""

from __future__ import annotations

from collections.abc import Sequence

# From the most to the least that everybody learns.
LEVELS = {
    "name": "Your name",
    "category": "No name, only what you are here as",
    "nobody": "Nothing; only the moderators know",
}
# The least that a consultation lets people show, in the words of its organisers.
LEAST = {
    "nobody": "Their name, only what they are here as, or nothing",
    "category": "Their name, or only what they are here as",
    "name": "Their name, always",
}
# What everybody reads of that before writing.
TOLD = {
    "nobody": (
        "Whose name is shown is chosen with each contribution: your own, only what you are here as, or none. The"
        " moderators see it always. An organisation is always named."
    ),
    "category": (
        "Whose name is shown is chosen with each contribution: your own, or only what you are here as. The moderators"
        " see it always. An organisation is always named."
    ),
    "name": "What you write is public, with your name and for whom you speak. No name can be withheld here.",
}
WITHHELD = "Name withheld"
PEOPLE = {
    "government": "A person from government", "nonprofit": "A person from a nonprofit",
    "civil_society": "A person from civil society", "industry": "A person from industry",
    "academia": "A person from academia", "individual": "An individual",
}  # fmt: skip


def allowed(least: str) -> Sequence[str]:
    """The levels from which one chooses where at least `least` is shown; the most public one first."""
    known = list(LEVELS)
    return known[: known.index(least) + 1]


def byline(level: str, name: str, category: str) -> str:
    """What everybody reads in the place of a name; the same for all people of a category, so that it links nothing."""
    if level == "name":
        return name
    return PEOPLE.get(category, "A person") if level == "category" else WITHHELD
