"""How one can be told of a kind of notice, and how one is told who never said: quietly. Pure."""

from __future__ import annotations

MODES = {
    "now": "By mail at once",
    "daily": "By mail once a day",
    "weekly": "By mail once a week",
    "site": "Only here, on the site",
}
# Only what is addressed to her comes by mail by itself. What waits for moderators comes gathered: somebody waits behind it.
DEFAULTS = {
    "replies": "now", "answers": "now", "followed": "site", "changes": "site", "reminders": "site",
    "moderation": "now", "waiting": "daily", "work": "now",
}  # fmt: skip


def modes_of(kind: str) -> dict[str, str]:
    """The ways one can choose for a kind: a deadline, or what others wait for, would come too late in a week's mail."""
    return {mode: words for mode, words in MODES.items() if kind not in ("reminders", "waiting") or mode != "weekly"}
