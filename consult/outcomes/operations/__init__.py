"""Every write of the outcomes room."""

from .acknowledgements import acknowledge
from .decisions import decide, note_withdrawal, record_decision, undo_decisions
from .library import PDF_JOB, REVIEW_YEARS, Terms, adopt, enter_library, keep_pdf, order_pdf, remind_of_review, review
from .preparing import (
    add_template,
    assign,
    drop_view,
    edit_template,
    note_reminder,
    remove_template,
    save_view,
    take_back_assignment,
)
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
from .themes import answer_theme, describe_theme, gather, take_out, undo_theme

__all__ = [
    "PDF_JOB",
    "REVIEW_YEARS",
    "Terms",
    "acknowledge",
    "add_statement",
    "add_template",
    "adopt",
    "answer_theme",
    "assign",
    "begin_review",
    "check_outcome",
    "cite",
    "decide",
    "describe_theme",
    "drop_view",
    "edit_statement",
    "edit_template",
    "enter_library",
    "gather",
    "keep_pdf",
    "move_statement",
    "note_reminder",
    "note_withdrawal",
    "order_pdf",
    "publish_outcome",
    "record_decision",
    "remind_of_review",
    "remove_statement",
    "remove_template",
    "review",
    "save_view",
    "seal_outcome",
    "set_headline",
    "take_back_assignment",
    "take_out",
    "uncite",
    "undo_decisions",
    "undo_theme",
]  # fmt: skip
