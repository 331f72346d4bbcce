"""The letter inside a group, found again in texts that quote it, shorten it, or put much of their own around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

LEAST = 10  # texts of a group that has a letter worth looking for elsewhere
SENTENCE = 16  # runs; what is shorter is a slogan, and who quotes it among words of their own wrote their own comment
CORE = 0.3  # share of a group's texts that hold a run of words of its letter
HELD = 8  # runs of the letter that a text must hold at least
OF_LETTER, OF_TEXT = 0.2, 0.5  # … and this share of the letter, or this share of the text itself

Item = tuple[int, Sequence[int], int]  # number of a wording, its runs, how many texts have these words


def same_letter(items: Sequence[Item], sets: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of wordings that hold the same letter: one of each group that has a letter, and one that joins it."""
    known = {at: (runs, count) for at, runs, count in items}
    cores = {group[0]: core for group in sets if (core := _core([known[at] for at in group if at in known]))}
    holders: dict[int, int] = {}
    shared: set[int] = set()
    for group, core in cores.items():
        for run in core:
            if holders.setdefault(run, group) != group:
                shared.add(run)  # stands in several letters, so it tells none from another
    for run in shared:
        del holders[run]
    sizes = Counter(holders.values())
    for at, runs, _count in items:
        held = Counter(holders[run] for run in runs if run in holders)
        for group, count in held.items():
            if count >= HELD and (count >= OF_LETTER * sizes[group] or count >= OF_TEXT * len(runs)):
                yield group, at


def _core(group: Sequence[tuple[Sequence[int], int]]) -> frozenset[int]:
    """The runs of words that many of a group's texts hold; none of a small group, none of a single sentence."""
    total = sum(count for _, count in group)
    if total < LEAST:
        return frozenset()
    held: Counter[int] = Counter()
    for runs, count in group:
        for run in runs:
            held[run] += count
    core = frozenset(run for run, count in held.items() if count >= CORE * total)
    return core if len(core) >= SENTENCE else frozenset()
