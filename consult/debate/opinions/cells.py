"""What groups think of a comment, as counts: what may be shown of them, what is typical of a group, what unites them.

Formulas: Small et al. 2021 and Polis' own (repness, group-informed consensus); the limits of what is shown are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import erfc, exp, log, sqrt

Count = tuple[int, int, int]  # agree, disagree, pass
FEWEST = 5  # voters in a cell, and outside of all cells, before counts are shown
MIXED = 20  # voters of one mind before that is shown: it tells what each of them thinks
RELIABLE = 10  # who decided, in a group, before its share is called typical
FALSE = 0.1  # share of what is called typical that may be so by chance (Benjamini and Hochberg 1995)
LISTED = 8  # comments kept for each group, best first: some will be hidden, or not voted on by who reads


def may_show(cells: Sequence[Count], everybody: Count) -> bool:
    """Whether the counts of all groups on a comment may be shown.

    Each cell has FEWEST voters, no cell smaller than MIXED is of one mind, and who voted but is in no group is
    nobody or FEWEST, too: all less the groups would tell of them.
    """
    rest = sum(everybody) - sum(map(sum, cells))
    return all(map(_is_fit, cells)) and (rest == 0 or rest >= FEWEST)


def _is_fit(cell: Count) -> bool:
    votes = sum(cell)
    return votes >= MIXED or (votes >= FEWEST and max(cell) < votes)


def ground(cells: Sequence[Count]) -> int:
    """Agreement across the groups in thousandths: the geometric mean of (A + 1) / (S + 2), a group that is silent one half."""
    logs = [log((agree + 1) / (agree + disagree + passed + 2)) for agree, disagree, passed in cells]
    return max(1, round(1000 * exp(sum(logs) / len(logs)))) if logs else 0


def uniting(shown: Mapping[int, Sequence[Count]]) -> list[int]:
    """Comments on which most of each group agree, the most agreed first."""
    agreed = [c for c, cells in shown.items() if all(_decided(cell) and cell[0] > sum(cell) / 2 for cell in cells)]
    return sorted(agreed, key=lambda comment: (-ground(shown[comment]), comment))[:LISTED]


def typical(shown: Mapping[int, Sequence[Count]], k: int) -> list[list[tuple[int, str]]]:
    """For each group the comments it agrees or disagrees with more than the others do, the most telling first.

    Only what most of the group think, and what is not chance: one-sided two-proportion tests of all groups and
    comments, corrected together.
    """
    found: list[tuple[float, float, int, int, str]] = []  # chance, weight, group, comment, choice
    for comment, cells in shown.items():
        for group, cell in enumerate(cells):
            if _decided(cell):
                others = [sum(n) for n in zip(*(c for g, c in enumerate(cells) if g != group), strict=True)]
                for n, choice in enumerate(("agree", "disagree")):
                    chance, weight = _telling(cell[n], sum(cell), others[n], sum(others))
                    found.append((chance, weight, group, comment, choice))
    sure = _not_by_chance(sorted(found))
    best = sorted((row for row in sure if row[1] > 0), key=lambda row: (-row[1], row[3]))
    return [[(comment, choice) for _c, _w, g, comment, choice in best if g == group][:LISTED] for group in range(k)]


def _decided(cell: Count) -> bool:
    return cell[0] + cell[1] >= RELIABLE


def _telling(mine: int, votes: int, theirs: int, their_votes: int) -> tuple[float, float]:
    """How likely by chance alone, and Polis' weight r rt p pt; 0 where it is not what most of the group think."""
    p, p_others = (mine + 1) / (votes + 2), (theirs + 1) / (their_votes + 2)
    own = 2 * sqrt(votes + 1) * ((mine + 1) / (votes + 1) - 0.5)
    z = against_others(mine, votes, theirs, their_votes)
    return 0.5 * erfc(z / sqrt(2)), (p / p_others * z * p * own if z > 0 and own > 0 else 0.0)


def against_others(mine: int, votes: int, theirs: int, their_votes: int) -> float:
    """Polis' two-proportion z with one vote added on both sides; 0 where everybody chose the same."""
    a, n, b, m = mine + 1, votes + 1, theirs + 1, their_votes + 1
    pooled = (a + b) / (n + m)
    return 0.0 if pooled >= 1 else (a / n - b / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))


def _not_by_chance(found: Sequence[tuple[float, float, int, int, str]]) -> Sequence[tuple[float, float, int, int, str]]:
    last = max((n for n, row in enumerate(found, 1) if row[0] <= FALSE * n / len(found)), default=0)
    return found[:last]
