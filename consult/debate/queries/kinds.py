"""Which comments to show, and how many there are of each kind: kept, not counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, select

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.conditions import per_viewer
from consult.core.db import read_rows
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import RoundTally

Tallies = Sequence[Row[str, str, str, str, int]]


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


def tallies(*, viewer: Actor, of: Round) -> Tallies:
    """How many shown comments of the round have which category, stance, type and answer."""
    return read_rows(_kept(viewer), {"round_id": of.id, "consultation_id": of.consultation_id}).all()


@per_viewer
def _kept(viewer: Actor) -> Select[str, str, str, str, int]:
    """The statement of `tallies`."""
    columns = (
        RoundTally.category,
        RoundTally.stance,
        RoundTally.type,
        RoundTally.disposition,
        RoundTally.count.label("many"),
    )
    here = Consultation.id == bindparam("consultation_id", type_=BigInteger)
    mine = RoundTally.round_id == bindparam("round_id", type_=BigInteger), RoundTally.count > 0
    return select(*columns).join(Consultation, here).where(*mine, consultations.visible_to(viewer))


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
