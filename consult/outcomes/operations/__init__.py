"""Every write of the outcomes room."""

from .acknowledgements import acknowledge
from .approval import approve_summary, begin_correction, drop_correction, publish_correction
from .decisions import decide, note_withdrawal, record_decision, undo_decisions
from .implementations import implement
from .library import PDF_JOB, REVIEW_YEARS, Terms, adopt, enter_library, keep_pdf, order_pdf, remind_of_review, review
from .objection_acts import appeal_hiding, decide_hiding_appeal, judge_objection, report_objection
from .objections import answer_objection, name_objection, object_to, withdraw_objection
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
from .themes import answer_theme, describe_theme, gather, take_out, undo_theme

__all__ = [
    "PDF_JOB",
    "REVIEW_YEARS",
    "Terms",
    "acknowledge",
    "add_statement",
    "add_template",
    "adopt",
    "answer_objection",
    "answer_theme",
    "appeal_hiding",
    "approve_summary",
    "assign",
    "begin_correction",
    "begin_review",
    "check_adoption",
    "check_outcome",
    "cite",
    "decide",
    "decide_hiding_appeal",
    "describe_theme",
    "drop_correction",
    "drop_view",
    "edit_statement",
    "edit_template",
    "enter_library",
    "gather",
    "implement",
    "judge_objection",
    "keep_pdf",
    "leave_out",
    "move_statement",
    "name_objection",
    "note_reminder",
    "note_withdrawal",
    "object_to",
    "order_pdf",
    "publish_correction",
    "publish_outcome",
    "record_decision",
    "remind_of_review",
    "remove_statement",
    "remove_template",
    "report_objection",
    "review",
    "save_view",
    "seal_outcome",
    "set_headline",
    "state_immaterial",
    "take_back_assignment",
    "take_out",
    "uncite",
    "undo_decisions",
    "undo_theme",
    "withdraw_objection",
]  # fmt: skip
