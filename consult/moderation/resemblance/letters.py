"""The letter inside a group, found again in texts that quote it, shorten it, or put much of their own around it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

LEAST = 10  # texts of a group that has a letter worth looking for elsewhere
SENTENCE = 16  # runs; what is shorter is a slogan, and who quotes it among words of their own wrote their own comment
CORE = 0.3  # share of a group's texts that hold a run of words of its letter
HELD = 8  # runs of the letter that a text must hold at least
OF_LETTER, OF_TEXT = 0.2, 0.5  # … and this share of the letter, or this share of the text itself
ONE_LETTER = 0.5  # share of the shorter of two letters that stands in the other; then they are one, found in two parts

Item = tuple[int, Sequence[int], int]  # number of a wording, its runs, how many texts have these words
Cores = Mapping[int, frozenset[int]]  # first wording of a group → the runs of its letter


def same_letter(items: Sequence[Item], sets: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of wordings that belong together: groups with the same letter, and texts that hold the letter of a group.

    A text joins one letter, the one it holds most of, so that quoting two never makes them one.
    """
    known = {at: (runs, count) for at, runs, count in items}
    cores = {group[0]: core for group in sets if (core := _core([known[at] for at in group if at in known]))}
    home = {at: group[0] for group in sets for at in group if group[0] in cores}
    yield from _one_in_two_parts(cores)
    holders = _holders(cores)
    for at, runs, _count in items:
        if at not in home and (group := _held(runs, holders, cores)) is not None:
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


def _holders(cores: Cores) -> Mapping[int, Sequence[int]]:
    """Which letters hold a run of words."""
    found: dict[int, list[int]] = defaultdict(list)
    for group, core in cores.items():
        for run in core:
            found[run].append(group)
    return found


def _one_in_two_parts(cores: Cores) -> Iterator[tuple[int, int]]:
    """Groups whose letters are mostly the same words."""
    common: Counter[tuple[int, int]] = Counter()
    for groups in _holders(cores).values():
        common.update((one, other) for place, one in enumerate(groups) for other in groups[place + 1 :])
    for (one, other), count in common.items():
        if count >= ONE_LETTER * min(len(cores[one]), len(cores[other])):
            yield one, other


def _held(runs: Sequence[int], holders: Mapping[int, Sequence[int]], cores: Cores) -> int | None:
    """The letter that a text holds most of, if it holds enough of it."""
    held = Counter(group for run in runs for group in holders.get(run, ()))
    if not held:
        return None
    group = min(held, key=lambda one: (-held[one], one))
    count = held[group]
    is_enough = count >= HELD and (count >= OF_LETTER * len(cores[group]) or count >= OF_TEXT * len(runs))
    return group if is_enough else None
