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
from .intake import (
    begin_from_mail,
    change_entry,
    check_entry,
    claim,
    enter,
    renew_code,
    set_aside,
)  # fmt: skip

__all__ = [
    "appeal",
    "ask_for_change",
    "ask_for_search",
    "begin_from_mail",
    "begin_search",
    "change_entry",
    "check_entry",
    "claim",
    "confirm_campaign",
    "decide_appeal",
    "dismiss_campaign",
    "disown",
    "enter",
    "hide_contribution",
    "keep_contribution",
    "keep_groups",
    "note_correction",
    "renew_code",
    "reopen_campaign",
    "report",
    "restore_contribution",
    "set_aside",
    "tell_progress",
]  # fmt: skip
