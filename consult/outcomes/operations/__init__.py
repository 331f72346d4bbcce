"""Every write of the outcomes room."""

from .acknowledgements import acknowledge
from .decisions import decide, note_withdrawal, record_decision, undo_decisions
from .publication import begin_review, check_outcome, publish_outcome, seal_outcome
from .summary import (
    add_statement,
    cite,
    edit_statement,
    move_statement,
    remove_statement,
    set_headline,
    uncite,
)

__all__ = [
    "acknowledge", "add_statement", "begin_review", "check_outcome", "cite", "decide", "edit_statement", "move_statement", "note_withdrawal",
    "publish_outcome", "record_decision", "remove_statement", "seal_outcome", "set_headline", "uncite",
    "undo_decisions",
]  # fmt: skip
