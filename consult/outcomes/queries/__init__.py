"""Everything read about answers, summaries and outcomes."""

from .acknowledgements import Said, Word, contested, said_in, unsatisfied, word, word_parts
from .answers import Answer, Answers, answer_of, answers_of, first_answers
from .causes import Accepted, Cause, accepted, tell_causes
from .filters import Filters
from .mine import MinePage, mine
from .progress import Facts, Gap, facts, missing
from .register import Entry, OutcomePage, entries, outcome_page, round_of
from .summary import Account, Line, SummaryPage, account, coverage, one_line, summary_page
from .table import (
    ChosenPage,
    TablePage,
    assignment,
    assignment_parts,
    assignments_due,
    chosen,
    chosen_comments,
    own_of,
    table,
    template,
    view,
)
from .themes import ThemeDesk, ThemeLine, ThemePage, find_theme, theme_desk, theme_list, theme_mark, theme_page, themes
from .visibility import is_current, is_untouched, visible_to
from .workbench import Item, WorkbenchPage, comments_by_number, next_to_decide, templates, workbench

__all__ = [
    "Accepted",
    "Account",
    "Answer",
    "Answers",
    "Cause",
    "ChosenPage",
    "Entry",
    "Facts",
    "Filters",
    "Gap",
    "Item",
    "Line",
    "MinePage",
    "OutcomePage",
    "Said",
    "SummaryPage",
    "TablePage",
    "ThemeDesk",
    "ThemeLine",
    "ThemePage",
    "Word",
    "WorkbenchPage",
    "accepted",
    "account",
    "answer_of",
    "answers_of",
    "assignment",
    "assignment_parts",
    "assignments_due",
    "chosen",
    "chosen_comments",
    "comments_by_number",
    "contested",
    "coverage",
    "entries",
    "facts",
    "find_theme",
    "first_answers",
    "is_current", "is_untouched",
    "mine",
    "missing",
    "next_to_decide",
    "one_line",
    "outcome_page",
    "own_of",
    "round_of",
    "said_in",
    "summary_page",
    "table",
    "tell_causes",
    "template",
    "templates",
    "theme_desk",
    "theme_list",
    "theme_mark",
    "theme_page",
    "themes",
    "unsatisfied",
    "view",
    "visible_to",
    "word",
    "word_parts",
    "workbench",
]  # fmt: skip
