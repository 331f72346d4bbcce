"""Who speaks, about what, how often: the shape of a large debate, drawn from one seed. Pure.

A few speak often and most once, as in dockets; five kinds of people in unequal numbers; some clauses draw most
comments. Lengths follow those of the comments on the CSAF draft: a median near 400 characters and a long tail.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

CATEGORIES = {"individual": 50, "industry": 22, "civil_society": 12, "academia": 9, "government": 7}
STANCES = {"object": 34, "support_with_changes": 30, "support": 20, "question": 10, "neutral": 6}
TYPES = {"technical": 50, "general": 35, "editorial": 15}
CHOICES = {"agree": 55, "disagree": 30, "pass": 15}
LENGTHS = {1: 6, 2: 14, 3: 20, 4: 20, 5: 14, 6: 10, 8: 8, 12: 5, 20: 2, 40: 1}  # sentences: shares


Name = TypeVar("Name", str, int)


class Draw(Generic[Name]):
    """Draws what is more or less likely, quickly."""

    def __init__(self, random: Random, shares: Mapping[Name, int]) -> None:
        self.random = random
        self.names: list[Name] = list(shares)
        self.sums = list(accumulate(shares.values()))

    def __call__(self) -> Name:
        return self.names[bisect(self.sums, self.random.random() * self.sums[-1])]


def few_often(random: Random, n: int) -> int:
    """One of 0 … n-1, the first ones far more often."""
    return min(n - 1, int(n * random.random() ** 3))


def replies_of(random: Random) -> int:
    """How many replies a comment gets: most none, one of a thousand two hundred."""
    draw = random.random()
    if draw < 0.8:
        return 0
    if draw < 0.999:
        return 1 + int(3 * random.random() ** 4)
    return 200


def votes_of(random: Random) -> int:
    """How many votes a comment gets: most none, a few many."""
    draw = random.random()
    return 0 if draw < 0.7 else int(1 + 40 * random.random() ** 6)


def paths(random: Random, how_many: int) -> list[tuple[int, ...]]:
    """Where each reply of a thread stands: the places from the top, earlier ones before those that answer them."""
    made: list[tuple[int, ...]] = []
    children: dict[tuple[int, ...], int] = {}
    for _ in range(how_many):
        above = random.choice(made) if made and random.random() < 0.4 else ()
        children[above] = children.get(above, 0) + 1
        made.append((*above, children[above]))
    return made
