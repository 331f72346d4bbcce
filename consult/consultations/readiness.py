"""What a draft consultation still lacks before it can be announced: the guided form's checklist. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from consult.core.records import Record

from .models import Consultation, Position

FEWEST_POSITIONS = 2
USUAL_DAYS = 42
SHORT_DAYS = 30
STAGES = {
    "words": "Title and scope",
    "bodies": "Who calls",
    "questions": "Questions",
    "draft": "The draft",
    "positions": "Positions",
    "dates": "Dates",
    "access": "Who takes part",
    "looks": "Before it is on show",
    "people": "People",
    "check": "Check and announce",
}


class Check(Record):
    """One line of the checklist: done, worth a look, or missing."""

    stage: str
    name: str
    hint: str
    is_done: bool
    is_needed: bool = True


def missing(row: Consultation, positions: Sequence[Position], *, moment: datetime | None) -> list[str]:
    """A sentence for each thing that is missing. Without `moment` the dates may lie in the past (imports)."""
    return [
        *missing_words(row),
        *missing_bodies(row),
        *missing_positions(positions),
        *missing_dates(row, moment),
    ]


def missing_words(row: Consultation) -> list[str]:
    """Title and plain words."""
    found = []
    if not row.title:
        found.append("Give it a title.")
    if not row.summary:
        found.append("Say in plain words what it is about.")
    return found


def missing_bodies(row: Consultation) -> list[str]:
    """Who calls."""
    return [] if row.organiser_name else ["Say who calls for comments."]


def missing_positions(positions: Sequence[Position]) -> list[str]:
    """At least two, each with its definition."""
    if len(positions) < FEWEST_POSITIONS:
        return ["Name at least two positions people can argue from."]
    return [f"Say what “{p.name}” means here." for p in positions if not p.definition]


def missing_dates(row: Consultation, moment: datetime | None) -> list[str]:
    """Opening and closing, in this order, still to come, and a promised answer after them."""
    if row.opens_at is None or row.closes_at is None:
        return ["Set when it opens and when it closes."]
    found = []
    if row.closes_at <= row.opens_at:
        found.append("It must close after it opens.")
    if moment is not None and row.opens_at < moment:
        found.append("Its opening time has passed; choose a new one.")
    if row.response_due_at is not None and row.response_due_at < row.closes_at:
        found.append("The promised answer must come after the closing time.")
    return found


def checks(
    row: Consultation, *, positions: Sequence[Position], questions: int, moderators: int, has_draft: bool,
    moment: datetime,
) -> Sequence[Check]:  # fmt: skip
    """The checklist in the order of the stages."""
    no_draft = "" if has_draft else "Bring in the text people comment on."
    return (
        _needed("words", "Title and plain words", missing_words(row)),
        _needed("bodies", "Who calls for comments", missing_bodies(row)),
        _advised("questions", "Questions", questions > 0, "You may ask up to twenty. People can comment without them."),
        _needed("draft", "The draft", [no_draft] if no_draft else []),
        _needed("positions", "Positions", missing_positions(positions)),
        _needed("dates", "Dates", missing_dates(row, moment), _about_the_time(row)),
        _advised("people", "Two moderators", moderators >= 2, "Appeals go to somebody else, so one is not enough."),
    )


def _needed(stage: str, name: str, lacking: list[str], hint: str = "") -> Check:
    return Check(stage, name, " ".join(lacking) or hint, is_done=not lacking)


def _advised(stage: str, name: str, is_done: bool, hint: str) -> Check:
    return Check(stage, name, "" if is_done else hint, is_done, is_needed=False)


def _about_the_time(row: Consultation) -> str:
    if row.opens_at is None or row.closes_at is None:
        return f"{USUAL_DAYS // 7} weeks are usual."
    days = (row.closes_at - row.opens_at).days
    if days < SHORT_DAYS:
        return f"Open for {days} day{'' if days == 1 else 's'}. That is short: many people will hear of it too late."
    return f"Open for {days} days."
