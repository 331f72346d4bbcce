"""Everything written about consultations: their settings while they are drafts, then the steps of their life."""

from __future__ import annotations

from .lifecycle import (
    adopt,
    announce,
    archive,
    begin_consultation,
    begin_review,
    close,
    extend,
    open_consultation,
    pause,
    publish,
    resume,
    set_outcome_line,
    withdraw,
)

__all__ = [
    "adopt", "announce", "archive", "begin_consultation", "begin_review", "close", "extend", "open_consultation",
    "pause", "publish", "resume", "set_outcome_line", "withdraw",
]  # fmt: skip
