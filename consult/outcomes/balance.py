"""Shares of those who spoke, raw and with each kind of people weighing the same, each with how far it may move. Pure.

Nobody was drawn by lot: an interval says how much a number could move with other voices of the same kinds, never what
others think. Below FEWEST voices only counts are told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from consult.core.records import Record

Z = 1.96  # of a normal distribution: 95 of 100
FEWEST = 10


class Share(Record):
    """A share from 0 to 1 with the ends of its interval."""

    value: float
    low: float
    high: float

    @property
    def percent(self) -> str:
        """'61 %, 49 to 72'."""
        return f"{self.value * 100:.0f} %, {self.low * 100:.0f} to {self.high * 100:.0f}"


class Balance(Record):
    """How many of those who spoke argue from a position. Shares are None with too few voices."""

    voices: int
    of: int
    raw: Share | None
    balanced: Share | None  # the mean over the kinds of people that spoke, each weighing the same
    kinds: int


def balance(by_kind: Mapping[str, tuple[int, int]]) -> Balance:
    """`by_kind`: for each kind of people (how many argue from the position, how many of that kind spoke)."""
    present = [(some, all_) for some, all_ in by_kind.values() if all_]
    some, all_ = sum(n for n, _ in present), sum(n for _, n in present)
    if all_ < FEWEST:
        return Balance(some, all_, None, None, len(present))
    return Balance(some, all_, wilson(some, all_), _balanced(present), len(present))


def wilson(some: int, all_: int) -> Share:
    """The score interval of Wilson for `some` of `all_` (at least 1)."""
    p, z2 = some / all_, Z * Z
    middle = (p + z2 / (2 * all_)) / (1 + z2 / all_)
    half = Z * math.sqrt(p * (1 - p) / all_ + z2 / (4 * all_ * all_)) / (1 + z2 / all_)
    return Share(p, max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)))


def _balanced(present: list[tuple[int, int]]) -> Share:
    """The mean of the kinds' shares. Its spread comes from shares drawn a little to the middle: 1 of 1 is not certain."""
    value = sum(some / all_ for some, all_ in present) / len(present)
    drawn = [((some + 1) / (all_ + 2), all_) for some, all_ in present]
    spread = Z * math.sqrt(sum(p * (1 - p) / all_ for p, all_ in drawn)) / len(present)
    return Share(value, max(0.0, value - spread), min(1.0, value + spread))
