"""Every write of the outcomes room."""

from .acknowledgements import acknowledge
from .approval import approve_summary, begin_correction, drop_correction, publish_correction
from .decisions import decide, note_withdrawal, record_decision, undo_decisions
from .objections import answer_objection, object_to, withdraw_objection
from .publication import begin_review, check_adoption, check_outcome, publish_outcome, seal_outcome, state_immaterial
from .summary import (
    add_statement,
    cite,
    edit_statement,
    leave_out,
    move_statement,
    remove_statement,
    set_headline,
    uncite,
)

__all__ = [
    "acknowledge", "add_statement", "answer_objection", "approve_summary", "begin_correction", "begin_review",
    "check_adoption", "check_outcome", "cite", "decide", "drop_correction", "edit_statement", "leave_out",
    "move_statement", "note_withdrawal", "object_to", "publish_correction", "publish_outcome", "record_decision",
    "remove_statement", "seal_outcome", "set_headline", "state_immaterial", "uncite", "undo_decisions",
    "withdraw_objection",
]  # fmt: skip
