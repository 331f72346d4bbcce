"""Everything read about answers, summaries and outcomes."""

from .acknowledgements import Said, Word, contested, last_word, said_in, word, word_parts
from .answers import Answer, Answers, answer_of, answers_of, disposition
from .causes import Accepted, Cause, accepted, tell_causes
from .filters import Filters
from .library import (
    PDF_JOB,
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
    pdf,
    reviews_due,
    standard_page,
    text_to_adopt,
    unprinted,
    version_to_print,
)
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
from .visibility import is_untouched, visible_to
from .workbench import Item, WorkbenchPage, comments_by_number, next_to_decide, templates, workbench

__all__ = [
    "PDF_JOB", "Accepted", "Account", "AdoptionPage", "Answer", "Answers", "Cause", "ChosenPage", "Entry", "Facts", "Filters", "Gap", "Item",
    "LibraryPage", "Line", "MinePage", "OutcomePage", "Said", "Sieve", "StandardPage", "SummaryPage", "TablePage", "ThemeDesk", "ThemeLine", "ThemePage",
    "Word", "WorkbenchPage", "accepted", "account", "adopted_in", "adoption_page", "answer_of", "answers_of", "assignment", "assignment_parts",
    "assignments_due", "chosen", "chosen_comments", "comments_by_number", "contested", "coverage", "disposition", "entries", "every_version", "facts",
    "find_theme", "is_untouched", "kept_by", "last_word", "library", "mine", "missing", "newest", "newest_version", "next_to_decide", "one_line",
    "outcome_page", "own_of", "pdf", "reviews_due", "round_of", "said_in", "standard_page", "summary_page", "table", "tell_causes", "template",
    "templates", "text_to_adopt", "theme_desk", "theme_list", "theme_mark", "theme_page", "themes", "unprinted", "version_to_print", "view", "visible_to",
    "word", "word_parts", "workbench",
]  # fmt: skip
