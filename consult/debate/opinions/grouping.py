"""From votes to groups, or to the finding that there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from math import exp, log
from random import Random

from consult.core.records import Record, field, replace

from .cells import Count
from .clusters import agreement_of, apart, clustered
from .plane import Row, points
from .telling import gain_of, gain_of_noise, rates

FORMULA = 1  # goes up when the same votes may give other groups
LEAST_VOTES = 7  # agree or disagree before somebody is put into a group, as at Polis
SMALLEST = 10  # people in a group, and
SMALLEST_SHARE = 0.05  # of all who are in one
MOST_GROUPS = 5
TELLING = 0.03  # of the uncertainty about a hidden vote that groups must take away
SURE = 0.9  # that somebody is in a group and in no other
DIVISIONS = 4  # of the comments in halves
STABLE = 0.3  # agreement of groups found in two halves of the comments, adjusted Rand index
LOOKED_AT = 2000  # people whose votes are hidden to see what groups tell; all are put into groups


class Opinions(Record):
    """What was found: nothing of it is about one person."""

    voters: int  # who voted at all
    counted: int  # who agreed or disagreed often enough
    sizes: tuple[int, ...] = ()  # people of each group, the largest first; (): there are no distinct groups
    gain: float = 0.0  # of the uncertainty about a hidden vote that the groups take away
    is_stable: bool = False
    cells: Mapping[int, tuple[Count, ...]] = field(default_factory=dict)  # comment: the votes of each group


def find(ballots: Iterable[Mapping[int, int]]) -> Opinions:
    """Groups of people who vote alike. A ballot is one person's votes by comment: 1 agree, -1 disagree, 0 pass.

    The order of people makes no difference: they are sorted by their votes first, and whatever is drawn is drawn the
    same each time. Passes are left out of the grouping (they tell how somebody answers, not what she thinks).
    """
    votes = sorted(tuple(sorted(ballot.items())) for ballot in ballots if ballot)
    counted = [row for row in votes if sum(vote != 0 for _comment, vote in row) >= LEAST_VOTES]
    known = sorted({comment for row in counted for comment, vote in row if vote})
    place = {comment: n for n, comment in enumerate(known)}
    rows = [tuple((place[comment], vote) for comment, vote in row if vote) for row in counted]
    groups, gain = _best(rows, len(known))
    if not groups:
        return Opinions(len(votes), len(counted))
    cells = _cells(counted, groups, max(groups) + 1)
    return Opinions(
        len(votes), len(counted), tuple(groups.count(g) for g in range(max(groups) + 1)), gain,
        _is_stable(rows, len(known), max(groups) + 1), cells,
    )  # fmt: skip


def _best(rows: Sequence[Row], comments: int) -> tuple[list[int], float]:
    """The group of each person (-1: none for sure) and what the groups tell; ([], 0): no distinct groups."""
    if len(rows) < 2 * SMALLEST:
        return [], 0.0
    plane = points(rows, comments)
    drawn = {k: clustered(plane, k) for k in range(2, MOST_GROUPS + 1)}
    fit = {k: placed for k, groups in drawn.items() if (placed := _placed(rows, groups, comments))}
    if not fit:
        return [], 0.0
    k = max(fit, key=lambda k: (apart(plane, drawn[k]), -k))
    some = rows[:: 1 + (len(rows) - 1) // LOOKED_AT]
    gain = gain_of(some, comments, k)
    if gain < TELLING or gain <= gain_of_noise(some, comments, k):
        return [], 0.0
    return fit[k], gain


def _placed(rows: Sequence[Row], groups: Sequence[int], comments: int) -> list[int]:
    """The groups, the largest first, with who is not SURE in one taken out (-1); [] when one is too small then."""
    k = max(groups) + 1
    shares = [groups.count(group) / len(groups) for group in range(k)]
    _all, by_group = rates(rows, groups, comments)
    sure = [
        group if _certainty(row, group, shares, by_group) > SURE else -1
        for row, group in zip(rows, groups, strict=True)
    ]
    sizes = [sure.count(group) for group in range(k)]
    if min(sizes) < max(SMALLEST, SMALLEST_SHARE * sum(sizes)):
        return []
    order = sorted(range(k), key=lambda group: (-sizes[group], group))
    return [order.index(group) if group >= 0 else -1 for group in sure]


def _certainty(row: Row, group: int, shares: Sequence[float], by_group: Sequence[Sequence[float]]) -> float:
    """How likely a person with these votes is of this group rather than another (naive Bayes)."""
    likely = [
        log(share or 1e-9) + sum(log(rate[c] if vote > 0 else 1 - rate[c]) for c, vote in row)
        for share, rate in zip(shares, by_group, strict=True)
    ]
    return 1 / sum(exp(min(700.0, other - likely[group])) for other in likely)


def _cells(ballots: Sequence[Row], groups: Sequence[int], k: int) -> dict[int, tuple[Count, ...]]:
    found: dict[int, list[list[int]]] = {}
    for row, group in zip(ballots, groups, strict=True):
        for comment, vote in row:
            counts = found.setdefault(comment, [[0, 0, 0] for _ in range(k)])
            if group >= 0:
                counts[group][{1: 0, -1: 1}.get(vote, 2)] += 1
    return {comment: tuple((a, d, p) for a, d, p in counts) for comment, counts in sorted(found.items())}


def _is_stable(rows: Sequence[Row], comments: int, k: int) -> bool:
    """Whether two halves of the comments give about the same groups; the mean of some divisions, one is a matter of luck."""
    lot = Random(k)  # noqa: S311
    found = []
    for _division in range(DIVISIONS):
        side = [lot.random() < 0.5 for _comment in range(comments)]
        halves = [[tuple(v for v in row if side[v[0]] == half) for row in rows] for half in (True, False)]
        both = [n for n in range(len(rows)) if halves[0][n] and halves[1][n]]
        one, other = (clustered(points([half[n] for n in both], comments), k) if both else [] for half in halves)
        found.append(agreement_of(one, other) if both else 0.0)
    return sum(found) / DIVISIONS >= STABLE


def as_before(found: Opinions, before: Mapping[int, Sequence[Count]]) -> Opinions:
    """The same groups in the order of an earlier finding, so that group A stays group A: whose shares are most alike."""
    k = len(found.sizes)
    common = [c for c in found.cells if len(before.get(c, ())) == k]
    if k < 2 or not common:
        return found
    far = [
        [sum(abs(_share(found.cells[c][new]) - _share(before[c][old])) for c in common) for new in range(k)]
        for old in range(k)
    ]
    order = min(permutations(range(k)), key=lambda way: (sum(far[old][new] for old, new in enumerate(way)), way))
    cells = {comment: tuple(counts[n] for n in order) for comment, counts in found.cells.items()}
    return replace(found, sizes=tuple(found.sizes[n] for n in order), cells=cells)


def _share(cell: Count) -> float:
    return (cell[0] + 1) / (sum(cell) + 2)
