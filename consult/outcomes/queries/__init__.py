"""Everything read about answers, summaries and outcomes."""

from .acknowledgements import Said, Word, contested, said_in
from .answers import Answer, Answers, answer_of, answers_of
from .causes import Accepted, Cause, accepted, tell_causes
from .filters import Filters
from .mine import MinePage, mine
from .progress import Facts, Gap, facts, missing
from .register import Entry, OutcomePage, entries, outcome_page, round_of
from .summary import Account, Line, SummaryPage, account, coverage, one_line, summary_page
from .visibility import visible_to
from .workbench import Item, WorkbenchPage, comments_by_number, next_to_decide, workbench

__all__ = [
    "Accepted", "Account", "Answer", "Answers", "Cause", "Entry", "Facts", "Filters", "Gap", "Item", "Line", "MinePage", "OutcomePage", "Said", "SummaryPage",
    "Word", "WorkbenchPage", "accepted", "account", "answer_of", "answers_of", "comments_by_number", "contested", "coverage", "entries", "facts", "mine",
    "missing", "next_to_decide", "one_line", "outcome_page", "round_of", "said_in", "summary_page", "tell_causes", "visible_to", "workbench",
]  # fmt: skip
