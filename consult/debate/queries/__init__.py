"""Everything read about the debate."""

from .cards import Card, Place, ReplyCard, Votes, card, cards
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
    "Card", "Filters", "Listed", "Place", "ReplyCard", "Thread", "Votes", "Writing", "balance", "card", "cards",
    "counted", "find_comment", "find_reply", "further_clauses", "letters", "listed_for", "listing", "thread",
    "visible_to", "writing", "writing_about",
]  # fmt: skip
