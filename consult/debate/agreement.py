"""What votes on a comment say: how far different kinds of people agree, and how much one more vote would tell.

No database and no web. Votes are counted as (agree, disagree, pass).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log

GROUPS = 7  # interest categories; all count, also those of which nobody has voted yet
ENOUGH = 3  # agree or disagree in one category before it says something of its own
LEAST_GROUPS = 2  # categories that must have said something before a comment gets a place
SHOWN_FROM = 10  # votes before the number is told
Count = tuple[int, int, int]


def share(agree: int, votes: int) -> float:
    """The share that agrees, smoothed: (A + 1) / (S + 2), which is one half before anybody has voted.

    Source: Small, Bjorkegren, Erkkilä, Shaw, Megill, Polis: Scaling Deliberation by Mapping High Dimensional
    Opinion Spaces (2021), "comment probability" with a Laplace prior; S counts passes, too.
    """
    return (agree + 1) / (votes + 2)


def common_ground(groups: Iterable[Count]) -> int:
    """Agreement across the interest categories in thousandths; 0: too few have voted to say.

    The geometric mean of the smoothed shares of all GROUPS categories, that is Polis' group-informed consensus
    (Small et al. 2021) with interest categories as groups, as its GROUPS-th root so that it reads like a share. A
    category that has not voted counts one half: one more agreeing vote never lowers the number, whoever gives it, and
    a thousand votes of one category alone bring it to 0.55, ten of each of four categories to 0.71.
    """
    known = [count for count in groups if sum(count)]
    heard = sum(agree + disagree >= ENOUGH for agree, disagree, _passed in known)
    if heard < LEAST_GROUPS:
        return 0
    logs = sum(log(share(agree, agree + disagree + passed)) for agree, disagree, passed in known)
    silent = GROUPS - len(known)
    return max(1, round(1000 * exp((logs + silent * log(0.5)) / GROUPS)))


def everywhere(across_categories: int, across_groups: int) -> int:
    """Agreement across interest categories and across opinion groups: the lower of both, where groups were found."""
    return min(across_categories, across_groups) if across_groups else across_categories


def worth(agree: int, disagree: int, passed: int) -> int:
    """How much one more vote would tell, in millionths: a (1 - a) / (S + 3) with a = (A + 1) / (S + 2).

    The expected drop in the variance of the share of a Beta(A + 1, S - A + 1). Of the strategies measured for
    choosing what to vote on next, this finds groups and agreement best; choosing by popularity is worse than chance.
    """
    votes = agree + disagree + passed
    a = share(agree, votes)
    return round(1_000_000 * a * (1 - a) / (votes + 3))


def tenths(ground: int) -> int:
    """The number as people read it: so many of ten."""
    return round(ground / 100)
