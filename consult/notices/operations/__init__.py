"""Everything written about notices."""

from __future__ import annotations

from .digests import gather_digest, note_sent
from .following import follow, follow_by_itself, stop_following
from .inbox import mark_all_read, mark_read, mark_unread, set_wishes, switch_off, unmark_all
from .telling import remind_of_assignment, spread, tell, tell_of_browser

__all__ = [
    "follow", "follow_by_itself", "gather_digest", "mark_all_read", "mark_read", "mark_unread", "note_sent",
    "remind_of_assignment", "set_wishes", "spread", "stop_following", "switch_off", "tell", "tell_of_browser", "unmark_all",
]  # fmt: skip
