"""Every write of moderation."""

from __future__ import annotations

from .acts import (
    appeal,
    ask_for_change,
    decide_appeal,
    disown,
    hide_contribution,
    keep_contribution,
    note_correction,
    report,
    restore_contribution,
)  # fmt: skip
from .campaigns import (
    ask_for_search,
    begin_search,
    confirm_campaign,
    dismiss_campaign,
    keep_groups,
    reopen_campaign,
    tell_progress,
)  # fmt: skip
from .claims import claim, claim_next, end_claim, let_go
from .looks import release_contribution, release_many

__all__ = [
    "appeal",
    "ask_for_change",
    "ask_for_search",
    "begin_search",
    "claim",
    "claim_next",
    "confirm_campaign",
    "decide_appeal",
    "dismiss_campaign",
    "disown",
    "end_claim",
    "hide_contribution",
    "keep_contribution",
    "keep_groups",
    "let_go",
    "note_correction",
    "release_contribution",
    "release_many",
    "reopen_campaign",
    "report",
    "restore_contribution",
    "tell_progress",
]  # fmt: skip
