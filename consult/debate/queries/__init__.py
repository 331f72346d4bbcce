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
    Writing,
    balance,
    counted,
    find_comment,
    find_reply,
    further_clauses,
    letters,
    listed_for,
    thread,
    visible_to,
    writing,
    writing_about,
)
from .listing import Filters, Listed, listing

__all__ = [
    "SHOWS", "Card", "CarriedPage", "Filters", "Listed", "Place", "ReplyCard", "Thread", "Votes", "Writing", "balance",
    "card", "cards", "carried_page", "clause_called", "counted", "earlier", "fates", "find_carried", "find_comment",
    "find_reply", "found_for", "further_clauses", "is_on_its_way", "job_key", "letters", "listed_for", "listing", "next_version_of",
    "progress", "road_to", "thread", "to_check", "versions_after", "visible_to", "waiting", "writing", "writing_about",
]  # fmt: skip
