"""Every write of moderation."""

from __future__ import annotations

from .acts import (
    ask_for_change,
    disown,
    hide_contribution,
    keep_contribution,
    note_correction,
    report,
    restore_contribution,
)  # fmt: skip
from .campaigns import (
    Part,
    ask_for_search,
    begin_search,
    confirm_campaign,
    dismiss_campaign,
    end_search,
    keep_part,
    reopen_campaign,
    tell_progress,
)  # fmt: skip
from .claims import claim_item, claim_next, end_claim, let_go
from .intake import begin_from_mail, change_entry, check_entry, claim, enter, renew_code, set_aside, undo_claim
from .looks import release_contribution, release_many
from .measures import redact_contribution, suspend_author, take_back, withhold_name
from .redress import appeal, decide_appeal, decide_correction, hand_in_again

__all__ = [
    "Part",
    "appeal",
    "ask_for_change",
    "ask_for_search",
    "begin_from_mail",
    "begin_search",
    "change_entry",
    "check_entry",
    "claim",
    "claim_item",
    "claim_next",
    "confirm_campaign",
    "decide_appeal",
    "decide_correction",
    "dismiss_campaign",
    "disown",
    "end_claim",
    "end_search",
    "enter",
    "hand_in_again",
    "hide_contribution",
    "keep_contribution",
    "keep_part",
    "let_go",
    "note_correction",
    "redact_contribution",
    "release_contribution",
    "release_many",
    "renew_code",
    "reopen_campaign",
    "report",
    "restore_contribution",
    "set_aside",
    "suspend_author",
    "take_back",
    "tell_progress",
    "undo_claim",
    "withhold_name",
]  # fmt: skip
