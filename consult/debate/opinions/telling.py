"""Whether groups tell anything: votes that were hidden are foretold from the groups, and from votes put at random.

Groups can be drawn into anything, noise too; how far apart they lie does not say that they are there. What does: a
vote that was hidden is foretold better by who is in which group than by what all think of its comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from random import Random

from .clusters import clustered
from .plane import Row, points

FOLDS = 5  # each vote is hidden once
SHUFFLES = 5  # of the votes within each comment, to see what groups in noise would tell
DRAWN_TO = 4  # votes by which the share of a group is drawn to the share of all


def parts(rows: Sequence[Row]) -> list[list[int]]:
    """For each vote of each person the fold in which it is hidden; drawn so that everybody draws the same."""
    lot = Random(FOLDS)  # noqa: S311
    return [[int(lot.random() * FOLDS) for _vote in row] for row in rows]


def gain_of(rows: Sequence[Row], comments: int, k: int) -> float:
    """How much better hidden votes are foretold with k groups than without: 1 - loss / loss without, the mean of all folds."""
    folds = parts(rows)
    found = [_gain(*_split(rows, folds, fold), comments, k) for fold in range(FOLDS)]
    return sum(found) / FOLDS


def gain_of_noise(rows: Sequence[Row], comments: int, k: int) -> float:
    """The most that k groups tell of votes shuffled within their comments: who voted where stays, what they think goes."""
    folds = parts(rows)
    return max(_gain(*_split(_shuffled(rows, comments, n), folds, n % FOLDS), comments, k) for n in range(SHUFFLES))


def _split(rows: Sequence[Row], folds: Sequence[Sequence[int]], fold: int) -> tuple[list[Row], list[Row]]:
    known = [tuple(v for v, n in zip(row, of, strict=True) if n != fold) for row, of in zip(rows, folds, strict=True)]
    hidden = [tuple(v for v, n in zip(row, of, strict=True) if n == fold) for row, of in zip(rows, folds, strict=True)]
    return known, hidden


def _shuffled(rows: Sequence[Row], comments: int, seed: int) -> list[Row]:
    lot = Random(seed)  # noqa: S311
    votes: list[list[int]] = [[] for _ in range(comments)]
    for row in rows:
        for comment, vote in row:
            votes[comment].append(vote)
    for cast in votes:
        cast.sort(key=lambda _vote: lot.random())
    return [tuple((comment, votes[comment].pop()) for comment, _vote in row) for row in rows]


def _gain(known: Sequence[Row], hidden: Sequence[Row], comments: int, k: int) -> float:
    groups = clustered(points(known, comments), k)
    shares, by_group = rates(known, groups, comments)
    loss = without = 0.0
    for row, group in zip(hidden, groups, strict=True):
        for comment, vote in row:
            without -= log(shares[comment] if vote > 0 else 1 - shares[comment])
            loss -= log(by_group[group][comment] if vote > 0 else 1 - by_group[group][comment])
    return 1 - loss / without if without else 0.0


def rates(rows: Sequence[Row], groups: Sequence[int], comments: int) -> tuple[list[float], list[list[float]]]:
    """The share that agrees on each comment: of all, smoothed, and of each group, drawn to that of all where few voted."""
    k = max(groups, default=0) + 1
    agree = [[0] * comments for _ in range(k)]
    votes = [[0] * comments for _ in range(k)]
    for row, group in zip(rows, groups, strict=True):
        for comment, vote in row:
            votes[group][comment] += 1
            agree[group][comment] += vote > 0
    shares = [
        (sum(a) + 1) / (sum(n) + 2) for a, n in zip(zip(*agree, strict=True), zip(*votes, strict=True), strict=True)
    ]
    return shares, [
        [(a + DRAWN_TO * p) / (n + DRAWN_TO) for a, n, p in zip(agree[g], votes[g], shares, strict=True)]
        for g in range(k)
    ]
