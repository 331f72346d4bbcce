"""Every write of the outcomes room."""

from .acknowledgements import acknowledge
from .decisions import decide, note_withdrawal, record_decision, undo_decisions
from .library import PDF_JOB, REVIEW_YEARS, Terms, adopt, enter_library, keep_pdf, order_pdf, remind_of_review, review
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
    "PDF_JOB", "REVIEW_YEARS", "Terms", "acknowledge", "add_statement", "adopt", "begin_review", "check_outcome", "cite", "decide",
    "edit_statement", "enter_library", "keep_pdf", "move_statement", "note_withdrawal", "order_pdf", "publish_outcome", "record_decision",
    "remind_of_review", "remove_statement", "review", "seal_outcome", "set_headline", "uncite", "undo_decisions",
]  # fmt: skip
