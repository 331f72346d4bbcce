"""The crosswalk from OASIS's words for an answer to ours; documented in docs/decisions/0045."""

from __future__ import annotations

import re
from datetime import date

from consult.core.records import Record

from .table import Answer


class Reading(Record):
    """An answer, and what was read with less than certainty."""

    answer: Answer | None
    remarks: tuple[str, ...] = ()


# First match wins: (what the Disposition column says, what the Resolution column says, our word).
CROSSWALK = (
    (r"", r"\bclassified as duplicate\b", "duplicate"),
    (r"^completed$", r"\bbut\b|\bpart(?:ly|ially)\b|with (?:changes|modifications)", "accepted_modified"),
    (r"^completed$", r"", "accepted"),
    (r"^no change", r"\buser question\b", "noted"),
    (r"^no change", r"\bfuture\b|at this point in time|in the current version", "deferred"),
    (r"^no change", r"^no change\b", "rejected"),
    (r"^no change", r"", "noted"),
)  # fmt: skip
# The log does not say what kind of change was made. These words in an item's title mean words or layout only;
# anything else counts as technical, as the whole feedback was classified as Material: in doubt, material.
EDITORIAL = re.compile(
    r"typo|comma\b|line break|title case|numerals|copyright|heading labels|layout|\btoc\b|render|displayed|"
    r"acknowledge?ments|inconsistencies with use|informative comment|invalid references|instead of|wording|grammar",
    re.IGNORECASE,
)
OURS = {
    "accepted": "accepted", "accepted_modified": "accepted with changes", "rejected": "not accepted",
    "noted": "noted", "deferred": "deferred", "duplicate": "duplicate",
}  # fmt: skip


def code_for(disposition: str, resolution: str) -> str | None:
    """Our word for a disposition; None when the log's word is not in the crosswalk."""
    for column, reason, code in CROSSWALK:
        if re.search(column, disposition.strip(), re.I) and re.search(reason, resolution.strip(), re.I):
            return code
    return None


def answer(
    description: str, resolution: str, plain_resolution: str, change: str, word: str, decided_on: date | None
) -> Reading:
    """Read the last three columns. `resolution` is Markdown, `plain_resolution` its words, `change` what was changed."""
    if not word:
        return Reading(None, ("The log has no disposition for it yet.",))
    code = code_for(word, plain_resolution)
    if code is None:
        return Reading(None, (f"The log's word {word[:60]!r} has no counterpart here, so it waits for an answer.",))
    has_change = code in ("accepted", "accepted_modified")
    change_class = ("editorial" if EDITORIAL.search(description) else "technical") if has_change else "none"
    return Reading(
        Answer(
            code=code,
            observation=resolution or f"The log gives no reason beyond {word!r}.",
            change_class=change_class,
            change_note=change if has_change else "",
            decided_on=decided_on,
            as_written=word,
        )
    )
