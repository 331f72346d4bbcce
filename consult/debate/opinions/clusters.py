"""Points of a plane in k clusters: k-means, begun several times from points far apart, the tightest kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from random import Random

STARTS = 4
STEPS = 30
LOOKED_AT = 500  # points for the silhouette, which compares each with each


def clustered(points: Sequence[complex], k: int) -> list[int]:
    """The cluster of each point, from 0; the same points in the same order give the same clusters."""
    lot = Random(k)  # noqa: S311  drawn so that everybody who counts again draws the same
    runs = [_run(points, _far_apart(points, k, lot)) for _start in range(STARTS)]
    return min(runs, key=lambda run: run[0])[1]


def _far_apart(points: Sequence[complex], k: int, lot: Random) -> list[complex]:
    """k of the points, each drawn by its squared distance to those drawn before (k-means++, Arthur and Vassilvitskii 2007)."""
    centres = [points[int(lot.random() * len(points))]]
    nearest = [_squared(point - centres[0]) for point in points]
    while len(centres) < k:
        sums = list(accumulate(nearest))
        wanted = lot.random() * sums[-1]
        centre = points[next(n for n, total in enumerate(sums) if total >= wanted)]
        centres.append(centre)
        nearest = [min(near, _squared(point - centre)) for near, point in zip(nearest, points, strict=True)]
    return centres


def _run(points: Sequence[complex], centres: list[complex]) -> tuple[float, list[int]]:
    """How far the points are from their centres in all, and whose they are."""
    of: list[int] = []
    for _step in range(STEPS):
        now = [_nearest(point, centres) for point in points]
        if now == of:
            break
        of = now
        centres = [
            _middle([point for point, mine in zip(points, of, strict=True) if mine == n], centre)
            for n, centre in enumerate(centres)
        ]
    return sum(_squared(point - centres[n]) for point, n in zip(points, of, strict=True)), of


def _nearest(point: complex, centres: Sequence[complex]) -> int:
    far = [abs(point - centre) for centre in centres]
    return far.index(min(far))


def _middle(points: Sequence[complex], otherwise: complex) -> complex:
    return sum(points) / len(points) if points else otherwise


def _squared(distance: complex) -> float:
    return distance.real * distance.real + distance.imag * distance.imag


def apart(points: Sequence[complex], of: Sequence[int]) -> float:
    """How far the clusters are apart, as the mean silhouette of up to LOOKED_AT points (Rousseeuw 1987)."""
    step = 1 + (len(points) - 1) // LOOKED_AT
    members: dict[int, list[complex]] = {}
    for point, mine in zip(points[::step], of[::step], strict=True):
        members.setdefault(mine, []).append(point)
    if len(members) < 2:
        return 0.0
    widths = [_silhouette(point, mine, members) for mine, inside in members.items() for point in inside]
    return sum(widths) / len(widths)


def _silhouette(point: complex, mine: int, members: Mapping[int, Sequence[complex]]) -> float:
    if len(members[mine]) < 2:
        return 0.0
    far = {of: sum(abs(point - other) for other in inside) for of, inside in members.items()}
    own = far.pop(mine) / (len(members[mine]) - 1)
    nearest = min(distance / len(members[of]) for of, distance in far.items())
    return (nearest - own) / max(own, nearest) if max(own, nearest) else 0.0


def agreement_of(one: Sequence[int], other: Sequence[int]) -> float:
    """How alike two groupings of the same people are: the adjusted Rand index, 1 the same, 0 as by chance."""
    if not one:
        return 1.0
    together = _pairs(_counts(zip(one, other, strict=True)))
    left, right, every = _pairs(_counts(one)), _pairs(_counts(other)), len(one) * (len(one) - 1) / 2
    by_chance = left * right / every if every else 0.0
    most = (left + right) / 2
    return (together - by_chance) / (most - by_chance) if most != by_chance else 1.0


def _counts(labels: Iterable[object]) -> list[int]:
    found: dict[object, int] = {}
    for label in labels:
        found[label] = found.get(label, 0) + 1
    return list(found.values())


def _pairs(counts: Iterable[int]) -> float:
    return sum(n * (n - 1) / 2 for n in counts)
