"""Everything read about the debate."""

from .behalf import (
    STAGE_WORDS,
    InHand,
    SharedList,
    SharedPage,
    find_shared,
    in_hand,
    shared_drafts,
    shared_page,
    wording_before,
)
from .cards import Card, Place, ReplyCard, Votes, card, cards, reply_card
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
    reply_count,
    thread,
    visible_to,
)
from .conflicts import spoken_for
from .drafts import PUT_BACK, Begun, DraftLine, begun, find_draft, has_discarded_before, my_drafts
from .kinds import Filters
from .lines import Line
from .listing import Listed, card_listing, listing
from .names import Mine, Name, my_names, names
from .naming import last_named, letter_with, my_cosignature, who_it_is
from .opinions import (
    Agreed,
    Opinion,
    OpinionGroups,
    ballots_of,
    cells_before,
    common_ground,
    has_enough_news,
    next_finding,
    opinion_groups,
)
from .said import Said, Utterance, said
from .sides import Agreement, Sides, agreements, sides
from .similar import Similar, is_sent, similar
from .threads import Branch, Conversation, conversation, quoted, where_shown
from .trails import has_old_trails, is_new
from .visits import first_new_reply, new_since, visit_of
from .weighing import Weighing, next_to_weigh, weighing
from .whole_letters import (
    Cutting,
    LetterLine,
    LetterPage,
    cutting,
    find_letter,
    kept_plan,
    letter_page,
    letters_of,
    my_letters,
    place_in_letter,
)
from .words import SILENCE, Marked, Spoken, spoken
from .writing import Choice, Quote, Writing, as_shown, choices, further_clauses, writing, writing_about

__all__ = [
    "PUT_BACK", "SHOWS", "SILENCE", "STAGE_WORDS", "Agreed", "Agreement", "Begun", "Branch", "Card", "CarriedPage", "Choice", "Conversation", "Cutting", "DraftLine", "Filters", "InHand", "LetterLine", "LetterPage", "Line", "Listed", "Marked", "Mine", "Name",
    "Opinion", "OpinionGroups", "Place", "Quote", "ReplyCard", "Said", "SharedList", "SharedPage", "Sides", "Similar", "Spoken", "Thread", "Utterance", "Votes", "Weighing", "Writing", "agreements", "as_shown", "balance",
    "ballots_of", "begun", "card", "card_listing", "cards", "carried_page", "cells_before", "choices", "clause_called", "common_ground", "conversation", "counted", "cutting", "earlier", "fates", "find_carried", "find_comment", "find_draft", "find_letter",
    "find_reply", "find_shared", "find_shown", "first_new_reply", "found_for", "further_clauses", "has_discarded_before", "has_enough_news", "has_old_trails", "in_hand", "is_new", "is_on_its_way", "is_sent", "job_key",
    "kept_plan", "last_named", "letter_page", "letter_with", "letters", "letters_of", "listed_for", "listing", "my_cosignature", "my_drafts", "my_letters", "my_names", "names", "new_since", "next_finding", "next_to_weigh",
    "next_version_of", "opinion_groups", "place_in_letter", "progress", "quoted", "reply_card", "reply_count", "road_to", "said", "shared_drafts", "shared_page", "sides", "similar", "spoken", "spoken_for", "thread", "to_check",
    "versions_after", "visible_to", "visit_of", "waiting", "weighing", "where_shown", "who_it_is", "wording_before", "writing", "writing_about",
]  # fmt: skip
