"""Everything read about consultations."""

from __future__ import annotations

from .calls import GROUPS, Call, Index, Outcome, call_of, index, open_now, recent_outcomes
from .header import Header, Step, header, header_of, timeline
from .inviting import MyRole, OurInvitation, invited_to, my_roles, our_invitations, slug_of
from .kept_files import named_files
from .managing import Act, Manage, Opening, due, manage, opening
from .one import Entry, Overview, dates, find, history, let_in, newest_round, newest_round_id, overview, visible_to

__all__ = [
    "GROUPS", "Act", "Call", "Entry", "Header", "Index", "Manage", "MyRole", "Opening", "OurInvitation", "Outcome", "Overview", "Step",
    "call_of", "dates", "due", "find", "header", "header_of", "history", "index", "invited_to", "let_in", "manage", "my_roles", "named_files", "newest_round", "newest_round_id",
    "open_now", "opening", "our_invitations", "overview", "recent_outcomes", "slug_of", "timeline", "visible_to",
]  # fmt: skip
