"""Everything read about answers, summaries and outcomes."""

from .acknowledgements import Said, Word, contested, said_in
from .answers import Answer, Answers, answer_of, answers_of
from .causes import Accepted, Cause, accepted, tell_causes
from .filters import Filters
from .library import (
    AdoptionPage,
    LibraryPage,
    Sieve,
    StandardPage,
    adopted_in,
    adoption_page,
    every_version,
    kept_by,
    library,
    newest,
    newest_version,
    reviews_due,
    standard_page,
    text_to_adopt,
)
from .mine import MinePage, mine
from .progress import Facts, Gap, facts, missing
from .register import Entry, OutcomePage, entries, outcome_page, round_of
from .summary import Account, Line, SummaryPage, account, coverage, one_line, summary_page
from .visibility import visible_to
from .workbench import Item, WorkbenchPage, comments_by_number, next_to_decide, workbench

__all__ = [
    "Accepted", "Account", "AdoptionPage", "Answer", "Answers", "Cause", "Entry", "Facts", "Filters", "Gap", "Item", "LibraryPage", "Line", "MinePage", "OutcomePage", "Said",
    "Sieve", "StandardPage", "SummaryPage", "Word", "WorkbenchPage", "accepted", "account", "adopted_in", "adoption_page", "answer_of", "answers_of", "comments_by_number",
    "contested", "coverage", "entries", "every_version", "facts", "kept_by", "library", "mine", "missing", "newest", "newest_version", "next_to_decide", "one_line", "outcome_page",
    "reviews_due", "round_of", "said_in", "standard_page", "summary_page", "tell_causes", "text_to_adopt", "visible_to", "workbench",
]  # fmt: skip
