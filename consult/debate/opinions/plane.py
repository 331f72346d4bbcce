"""People on a plane by how they vote: two principal components that leave out what somebody has not voted on.

Source: Small, Bjorkegren, Erkkilä, Shaw, Megill, Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces
(2021). The centred matrix is exactly as sparse as the votes, so lists of votes are enough and no package is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from operator import mul

from consult.core.records import Record

Row = tuple[tuple[int, int], ...]  # one person's votes: (comment from 0, 1 agree or -1 disagree), by comment
STEPS = 40  # of the power iteration
CLOSE = 1e-6  # a direction that turns less than this in a step has been found


def points(rows: Sequence[Row], comments: int) -> list[complex]:
    """A point for each person, in the order of `rows`.

    Each vote less the mean of its comment, times the two first components. Who voted on n of C comments is stretched
    by sqrt(C / n), because every vote that is missing pulls to the middle.
    """
    people, columns = _centred(rows, comments)
    first = _component(people, columns, [])
    second = _component(people, columns, [first])
    return [
        complex(person.times(first), person.times(second)) * sqrt(comments / max(1, len(person.places)))
        for person in people
    ]


class _Line(Record):
    """A row or a column of the centred matrix: where it has a vote, and how far that is from its comment's mean."""

    places: Sequence[int]
    values: Sequence[float]

    def times(self, other: Sequence[float]) -> float:
        return float(sum(map(mul, self.values, map(other.__getitem__, self.places))))


def _centred(rows: Sequence[Row], comments: int) -> tuple[list[_Line], list[_Line]]:
    """The matrix by people and by comments."""
    voters: list[list[int]] = [[] for _ in range(comments)]
    votes: list[list[int]] = [[] for _ in range(comments)]
    for person, row in enumerate(rows):
        for comment, vote in row:
            voters[comment].append(person)
            votes[comment].append(vote)
    means = [sum(cast) / len(cast) if cast else 0.0 for cast in votes]
    people = [_Line([c for c, _vote in row], [vote - means[c] for c, vote in row]) for row in rows]
    columns = [_Line(who, [vote - mean for vote in cast]) for who, cast, mean in zip(voters, votes, means, strict=True)]
    return people, columns


def _component(people: Sequence[_Line], columns: Sequence[_Line], found: Sequence[Sequence[float]]) -> list[float]:
    """The direction in which people differ most, at right angles to those `found`; all 0 where nobody differs."""
    direction = _of_length_one([1 + n * 7919 % 101 / 101 for n in range(len(columns))], found)
    for _step in range(STEPS):
        scores = [person.times(direction) for person in people]
        turned = _of_length_one([column.times(scores) for column in columns], found)
        turn = max(map(abs, map(float.__sub__, turned, direction)), default=0.0)
        direction = turned
        if turn < CLOSE:
            break
    return direction


def _of_length_one(vector: list[float], apart_from: Sequence[Sequence[float]]) -> list[float]:
    for other in apart_from:
        along = sum(map(mul, vector, other))
        vector = [x - along * y for x, y in zip(vector, other, strict=True)]
    length = sqrt(sum(map(mul, vector, vector)))
    return [x / length for x in vector] if length > CLOSE else [0.0] * len(vector)
