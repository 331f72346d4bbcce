"""The life of a consultation as one table: which step, from where, to where, by whom.

`draft → announced → open (⇄ paused) → analysis → review → published → adopted → archived`, or withdrawn on the way;
from published also back to announced, with the next version of the draft, as a new round.
Knows neither database nor clock; what else must be true of a step (its hour has come, the draft is there)
is in `rules` and in the listeners of the rooms above.
"""

from __future__ import annotations

from consult.core.records import Record

ORGANISER = "organiser"  # and administrators, who stand in when an organiser cannot
MODERATOR = "moderator"
CLOCK = "the clock"

STATE_WORDS = {
    "draft": "a draft, seen by its own people only",
    "announced": "announced, and not open yet",
    "open": "open for comments",
    "paused": "paused",
    "analysis": "closed; every comment is being answered",
    "review": "in review; the answers are being checked",
    "published": "published",
    "adopted": "adopted as a standard",
    "withdrawn": "withdrawn",
    "archived": "archived",
}


class Move(Record):
    """One step. `to` is None when the state stays; `button` and `effect` are what people read before they press."""

    verb: str
    origins: tuple[str, ...]
    to: str | None
    who: tuple[str, ...]
    guard: str
    button: str
    effect: str
    needs_reason: bool = False

    def target(self, state: str) -> str:
        """The state after this step."""
        return self.to or state


# fmt: off
MOVES = (
    Move("announce", ("draft",), "announced", (ORGANISER,),
         "Only a draft can be announced.",
         "Announce", "Everybody it is for can see it. The draft text, positions, questions and dates can no longer change."),
    Move("open", ("announced",), "open", (ORGANISER, CLOCK),
         "Only an announced consultation can open.",
         "Open now", "People can comment. This happens by itself at the announced time."),
    Move("extend", ("announced", "open", "paused"), None, (ORGANISER,),
         "The closing time can move only while comments may still come.",
         "Extend", "The closing time moves later. Everybody sees the old time, the new one and your reason.", True),
    Move("pause", ("open",), "paused", (ORGANISER,),
         "Only an open consultation can be paused.",
         "Pause", "Nobody can comment until you resume. The closing time stays; everybody sees your reason.", True),
    Move("resume", ("paused",), "open", (ORGANISER,),
         "Only a paused consultation can be resumed.",
         "Resume", "People can comment again."),
    Move("close", ("open", "paused"), "analysis", (ORGANISER, CLOCK),
         "Only an open or paused consultation can be closed.",
         "Close", "No more comments. Answering begins. This happens by itself at the closing time."),
    Move("begin_review", ("analysis",), "review", (ORGANISER, MODERATOR),
         "Review begins when comments are closed and answered.",
         "Begin review", "The proposed answers and the summary become public, for commenters to check."),
    Move("publish", ("review",), "published", (ORGANISER, MODERATOR),
         "Only a consultation in review can be published.",
         "Publish", "The outcome becomes final and public."),
    Move("begin_round", ("published",), "announced", (ORGANISER,),
         "A new round begins when the outcome of the one before is published.",
         "Begin a new round", "The next version of the draft is put to comment. What was said and answered so far stays."),
    Move("adopt", ("published",), "adopted", (ORGANISER,),
         "Only a published outcome can be adopted.",
         "Adopt", "The text becomes a standard: it enters the library, at an address that stays, and is looked at again."),
    Move("withdraw", ("announced", "open", "paused", "analysis", "review", "published"), "withdrawn", (ORGANISER,),
         "Only what was announced and is not adopted can be withdrawn.",
         "Withdraw", "It ends here and cannot come back. Everybody sees your reason. Comments and published answers stay.", True),
    Move("archive", ("published", "adopted", "withdrawn"), "archived", (ORGANISER,),
         "Only a finished consultation can be archived.",
         "Archive", "It leaves the lists of recent things. Every page of it stays where it is."),
    Move("make_public", ("announced", "open", "paused", "analysis", "review", "published", "adopted", "withdrawn", "archived"), None, (ORGANISER,),
         "A draft is made public by announcing it.",
         "Make public", "Everybody can read it, with everything that was said in it so far and by whom. This cannot be undone. While it takes comments, everybody can comment.", True),
)
# fmt: on

BY_VERB = {move.verb: move for move in MOVES}


def refusal(move: Move, state: str) -> str:
    """Why `move` is not possible in `state`; empty when it is."""
    if state in move.origins:
        return ""
    return f"{move.guard} This one is {STATE_WORDS[state]}."
