"""Letters put together from alternatives for every few words, so that hardly two are alike: told by the runs they draw from.

A run of words that many texts share is no accident, however different the texts are. Where nearly all runs of a text
are such, and those come from few, it was made from the same alternatives as the others that draw from them.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .letters import Item

LEAST = 20  # texts of a letter with alternatives; and a run must stand in so many to count as shared
SHARE = 2e-5  # … or in this share of all texts
DRAWN = 0.7  # share of a text's runs that are shared, and then that are its letter's
RUNS = 12  # of a text; with fewer it says too little to be told from a turn of phrase
NEAR = 3  # runs that two texts of a letter have in common, where the letter is looked for
ALTERNATIVE, FEW = 0.02, 5  # share and number of the letter's texts that have one of its runs; other words are in fewer
MISSES = 300  # texts from which no letter was found, in a row; then there is none
MIXED = 0x9E3779B97F4A7C15  # texts that begin alike are not looked at one after the other
_BUCKETS = 1 << 22


def same_slots(items: Sequence[Item], sets: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of wordings that were put together from the same alternatives; `items` and `sets` as for `same_letter`."""
    first = {at: group[0] for group in sets for at in group}
    wordings, sizes = Counter(first[at] for at, _, _ in items), Counter[int]()
    for at, _, count in items:
        sizes[first[at]] += count
    shared = _shared_runs(items)
    drawn = {at: mine for at, runs, _ in items if (mine := _mostly([run for run in runs if run in shared], runs))}
    holders: dict[int, list[int]] = defaultdict(list)
    for at, runs in drawn.items():
        for run in runs:
            holders[run].append(at)
    alone = [at for at in drawn if sizes[first[at]] < LEAST]
    joined = set[int]()  # each once, so that what has words of two letters does not make them one
    left, misses = dict.fromkeys(sorted(alone, key=lambda at: (drawn[at][0] * MIXED & 0xFFFFFFFF, at))), 0
    for seed in list(left):
        if seed not in left or misses >= MISSES:
            continue
        letter = _letter_of(seed, drawn, holders)
        misses = 0 if letter else misses + 1
        for at in letter or (seed,):
            left.pop(at, None)
        mostly = [group for group, count in Counter(first[at] for at in letter).items() if 2 * count > wordings[group]]
        for pair in _joined([group for group in mostly if group not in joined], sizes):
            joined.add(pair[1])
            yield pair


def _joined(groups: Sequence[int], sizes: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """What was in small groups or in none joins the largest of them. Two large groups stay two: two letters that share
    a sentence have been told apart before.
    """
    largest = min(groups, key=lambda group: (-sizes[group], group), default=0)
    yield from ((largest, group) for group in groups if group != largest and sizes[group] < LEAST)


def _shared_runs(items: Sequence[Item]) -> frozenset[int]:
    """The runs that stand in enough different texts. Counted roughly first, so that few have to be counted apart."""
    least = max(LEAST, SHARE * len(items))
    rough = array("L", bytes(array("L").itemsize * _BUCKETS))
    for _, runs, _ in items:
        for run in runs:
            rough[run % _BUCKETS] += 1
    counted = Counter(run for _, runs, _ in items for run in runs if rough[run % _BUCKETS] >= least)
    return frozenset(run for run, count in counted.items() if count >= least)


def _mostly(mine: Sequence[int], runs: Sequence[int]) -> Sequence[int]:
    """These runs of a text when they are most of it."""
    return mine if len(runs) >= RUNS and len(mine) >= DRAWN * len(runs) else ()


def _letter_of(seed: int, drawn: Mapping[int, Sequence[int]], holders: Mapping[int, Sequence[int]]) -> Sequence[int]:
    """The texts of the letter that a text was made from; none where these are too few."""
    near = [at for at, count in _common(drawn[seed], holders).items() if count >= NEAR]
    for _ in range(2):  # those near one text know most alternatives; all of those know the rest
        if len(near) < LEAST:
            return ()
        held = Counter(run for at in near for run in drawn[at])
        alternatives = [run for run, count in held.items() if count >= max(FEW, ALTERNATIVE * len(near))]
        common = _common(alternatives, holders)
        near = [at for at, count in common.items() if count >= DRAWN * len(drawn[at])]
    return near if len(near) >= LEAST else ()


def _common(runs: Sequence[int], holders: Mapping[int, Sequence[int]]) -> Counter[int]:
    """How many of these runs each text has."""
    return Counter(at for run in runs for at in holders[run])
