"""Everything read about answers, summaries and outcomes."""

from .account import Account, Line, Version, account, one_line
from .acknowledgements import Said, Word, contested, said_in
from .answers import Answer, Answers, answer_of, answers_of
from .causes import Accepted, Cause, accepted, tell_causes
from .coverage import Minority, coverage, minorities, unheard
from .filters import Filters
from .guards import Gap, Material, material, missing, missing_in_summary
from .mine import MinePage, mine
from .objections import ObjectionsPage, find_objection, objection_by_id, objections, objections_page
from .progress import Facts, facts
from .register import Entry, OutcomePage, entries, outcome_page, round_of
from .summary import SummaryPage, checklist, summary_page
from .versions import Compared, MaterialPage, compare_versions, material_page
from .visibility import visible_to
from .workbench import Item, WorkbenchPage, comments_by_number, next_to_decide, workbench

__all__ = [
    "Accepted", "Account", "Answer", "Answers", "Cause", "Compared", "Entry", "Facts", "Filters", "Gap", "Item", "Line", "Material", "MaterialPage", "MinePage", "Minority",
    "ObjectionsPage", "OutcomePage", "Said", "SummaryPage", "Version", "Word", "WorkbenchPage", "accepted", "account", "answer_of", "answers_of",
    "checklist", "comments_by_number", "compare_versions", "contested", "coverage", "entries", "facts", "find_objection", "material", "material_page", "mine", "minorities", "missing",
    "missing_in_summary", "next_to_decide", "objection_by_id", "objections", "objections_page", "one_line", "outcome_page", "round_of", "said_in",
    "summary_page", "tell_causes", "unheard", "visible_to", "workbench",
]  # fmt: skip
