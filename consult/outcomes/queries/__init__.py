"""Everything read about answers, summaries and outcomes."""

from .account import Account, Line, Version, account, one_line
from .acknowledgements import Said, Word, contested, said_in, unsatisfied, word, word_parts
from .answers import Answer, Answers, answer_of, answers_of, first_answers
from .causes import Accepted, Cause, accepted, tell_causes
from .coverage import Minority, coverage, minorities, unheard
from .filters import Filters
from .guards import Gap, Material, material, missing, missing_in_summary
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
from .objections import ObjectionsPage, find_objection, objection_by_id, objections, objections_page
from .progress import Facts, facts
from .register import Entry, OutcomePage, entries, outcome_page, round_of
from .summary import SummaryPage, checklist, summary_page
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
from .versions import Compared, MaterialPage, compare_versions, material_page
from .visibility import is_untouched, visible_to
from .workbench import Item, WorkbenchPage, comments_by_number, next_to_decide, templates, workbench

__all__ = [
    "PDF_JOB", "Accepted", "Account", "AdoptionPage", "Answer", "Answers", "Cause", "ChosenPage", "Compared", "Entry", "Facts", "Filters", "Gap", "Item",
    "LibraryPage", "Line", "Material", "MaterialPage", "MinePage", "Minority", "ObjectionsPage", "OutcomePage", "Said", "Sieve", "StandardPage",
    "SummaryPage", "TablePage", "ThemeDesk", "ThemeLine", "ThemePage", "Version", "Word", "WorkbenchPage", "accepted", "account", "adopted_in",
    "adoption_page", "answer_of", "answers_of", "assignment", "assignment_parts", "assignments_due", "checklist", "chosen", "chosen_comments",
    "comments_by_number", "compare_versions", "contested", "coverage", "disposition", "entries", "every_version", "facts", "find_objection", "find_theme",
    "first_answers", "is_untouched", "kept_by", "last_word", "library", "material", "material_page", "mine", "minorities", "missing",
    "missing_in_summary", "newest", "newest_version", "next_to_decide", "objection_by_id", "objections", "objections_page", "one_line", "outcome_page",
    "own_of", "pdf", "reviews_due", "round_of", "said_in", "standard_page", "summary_page", "table", "tell_causes", "template", "templates",
    "text_to_adopt", "theme_desk", "theme_list", "theme_mark", "theme_page", "themes", "unheard", "unprinted", "unsatisfied", "version_to_print", "view",
    "visible_to", "word", "word_parts", "workbench",
]  # fmt: skip
