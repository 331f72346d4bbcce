"""Which comments to show, and how many there are of each kind: kept, not counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from consult.core.records import Record
from consult.debate.models import RoundTally

# How many shown comments of a round have which category, stance, type and answer.
TALLIED = (
    RoundTally.category, RoundTally.stance, RoundTally.type, RoundTally.disposition, RoundTally.count.label("many"),
)  # fmt: skip
Tallies = Sequence[Any]  # rows of these


class Filters(Record):
    """Which comments to show; empty means all."""

    words: str = ""
    clause: str = ""  # key
    positions: frozenset[str] = frozenset()
    stances: frozenset[str] = frozenset()
    type: str = ""
    category: str = ""
    organisation: str = ""  # slug
    answer: str = ""  # "open", "answered", or a disposition
    is_unplaced: bool = False
    is_new: bool = False  # since the viewer's last visit

    @property
    def is_any(self) -> bool:
        return self != Filters()

    @property
    def is_tallied(self) -> bool:
        """Whether how many there are is kept: see RoundTally."""
        return self == Filters(stances=self.stances, type=self.type, category=self.category, answer=self.answer)


def fits(row: Any, filters: Filters, is_told: bool) -> bool:
    """Whether comments of this kind match filters that are tallied: the same as the conditions of the list."""
    is_alike = (
        (not filters.category or row.category == filters.category)
        and (not filters.type or row.type == filters.type)
        and (not filters.stances or row.stance in filters.stances)
    )
    if not is_alike or not filters.answer:
        return is_alike
    answer = _answer(row, is_told)
    return filters.answer in (answer, row.disposition if answer == "answered" else answer)


def _answer(row: Any, is_told: bool) -> str:
    return "answered" if is_told and row.disposition != "unresolved" else "open"


def facets(of_round: Tallies, is_told: bool) -> tuple[dict[str, int], dict[str, int]]:
    """How many shown comments there are for each stance and answer."""
    stances, answers = Counter[str](), Counter[str]()
    for row in of_round:
        stances[row.stance] += row.many
        answers[_answer(row, is_told)] += row.many
    return stances, answers
