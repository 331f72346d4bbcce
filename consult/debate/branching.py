"""Where a reply stands in its thread: six digits a level, nothing between, so every collation sorts them alike."""

from __future__ import annotations

DIGITS = 6  # replies to one thing: at most 999,999
DEEPEST = 200  # levels; an entry of an index holds 2,700 bytes on PostgreSQL
PAGE = 20  # replies of the first visible level on a page
SHOWN = 5  # replies of the second visible level under each of them; the rest is a thread of its own


def path_of(above: str, place: int) -> str:
    """The path of the reply number `place` (from 1) under the reply with the path `above` ("": the comment)."""
    return f"{above}{place:0{DIGITS}d}"


def places(path: str) -> list[int]:
    """The number of the reply among its siblings at each level, from the top."""
    return [int(path[at : at + DIGITS]) for at in range(0, len(path), DIGITS)]


def above(path: str) -> list[str]:
    """The paths of all replies this one stands under, from the top; not its own."""
    return [path[:at] for at in range(DIGITS, len(path), DIGITS)]


def page_before(place: int) -> int:
    """How many replies come before the page on which number `place` stands: pages begin at 1, 21, 41 …"""
    return max(0, (place - 1) // PAGE * PAGE)
