"""Everything read about the debate."""

from .cards import Card, Place, ReplyCard, Votes, card, cards
from .carried import (
    SHOWS,
    CarriedPage,
    carried_page,
    clause_called,
    earlier,
    fates,
    find_carried,
    found_for,
    to_check,
)
from .carrying import is_on_its_way, job_key, next_version_of, progress, road_to, versions_after, waiting
from .comments import (
    Thread,
    balance,
    counted,
    find_comment,
    find_reply,
    find_shown,
    letters,
    listed_for,
    thread,
    visible_to,
)
from .listing import Filters, Listed, listing
from .threads import Branch, Conversation, conversation, where_shown
from .weighing import Weighing, next_to_weigh, weighing
from .words import spoken
from .writing import Choice, Quote, Writing, choices, further_clauses, writing, writing_about

__all__ = [
    "SHOWS", "Branch", "Card", "CarriedPage", "Choice", "Conversation", "Filters", "Listed", "Place", "Quote", "ReplyCard", "Thread", "Votes", "Weighing", "Writing",
    "balance", "card", "cards", "carried_page", "choices", "clause_called", "conversation", "counted", "earlier", "fates", "find_carried", "find_comment",
    "find_reply", "find_shown", "found_for", "further_clauses", "is_on_its_way", "job_key", "letters", "listed_for", "listing", "next_to_weigh", "next_version_of",
    "progress", "road_to", "spoken", "thread", "to_check", "versions_after", "visible_to", "waiting", "weighing", "where_shown", "writing", "writing_about",
]  # fmt: skip
