"""Everything written about consultations: their settings while they are drafts, then the steps of their life."""

from __future__ import annotations

from .lifecycle import (
    adopt,
    announce,
    archive,
    begin_consultation,
    begin_review,
    begin_round,
    close,
    extend,
    make_public,
    open_consultation,
    pause,
    publish,
    resume,
    set_outcome_line,
    withdraw,
)
from .settings import (
    PositionText,
    ask,
    choose_access,
    choose_looks,
    define_positions,
    describe,
    dismiss,
    dismiss_organisation,
    invite,
    invite_organisation,
    name_bodies,
    set_dates,
)

__all__ = [
    "PositionText", "adopt", "announce", "archive", "ask", "begin_consultation", "begin_review", "begin_round",
    "choose_access", "choose_looks", "close", "define_positions", "describe", "dismiss", "dismiss_organisation", "extend", "invite",
    "invite_organisation", "make_public", "name_bodies", "open_consultation", "pause",
    "publish", "resume", "set_dates", "set_outcome_line", "withdraw",
]  # fmt: skip
