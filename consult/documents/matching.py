"""Pairs the units of two versions: first by the same words in the same surroundings, then by likeness.

Words that stand once in both versions are the fixed points; from them pairs spread to neighbours and to what is
below paired headings (after P. Heckel, "A technique for isolating differences between files", CACM 21(4), 1978).
What remains is paired by edit distance, and is sure only if no rival comes near.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from consult.core import later
from consult.core.records import Record

Levenshtein = later.module("rapidfuzz.distance.Levenshtein")

LIKE = 0.6  # of all characters; what is less alike is another unit
MARGIN = 0.10  # by which a pair must beat every other pairing of either of its units to be sure
SHORT = 24  # characters; fewer words can be the same by chance
LONG = 2_000  # characters
CLOSE = 400  # pairs below one heading that are all compared
NEAREST = 8  # units that share the rarest words are compared
COMMON = 30  # a pair of words in more units than this tells nothing
PIECE = 0.3  # of the five-word runs of a unit that was split, in each piece
WHOLE = 0.6  # of them in all pieces together
RUN = 5
MOST, NEARLY_ALL = 0.5, 0.8  # of what is below two headings, by length
ENDS = " .,:;-–—"
WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Words as they are compared: composed, without case, blanks collapsed, no marks at either end."""
    words = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return words.strip(ENDS) or words


def likeness(old: str, new: str) -> float:
    """How alike two texts are, from 0 to 1, without case and marks at the ends."""
    return _like(fold(old), fold(new), 0.0)


def _like(old: str, new: str, cutoff: float) -> float:
    if min(len(old), len(new)) <= LONG:
        return float(Levenshtein.normalized_similarity(old, new, score_cutoff=cutoff))
    return float(Levenshtein.normalized_similarity(WORD.findall(old), WORD.findall(new), score_cutoff=cutoff))


class Match(Record):
    """The new place of an old one."""

    new: int
    is_sure: bool
    similarity: float


class Side:
    """One version: its folded words, what lies above each unit and below."""

    def __init__(self, texts: Sequence[str], parents: Sequence[int | None], headings: Sequence[bool]) -> None:
        self.words = [fold(text) for text in texts]
        self.parents = parents
        self.headings = headings
        self.below: dict[int | None, list[int]] = defaultdict(list)
        for place, parent in enumerate(parents):
            self.below[parent].append(place)

    def __len__(self) -> int:
        return len(self.words)

    def size_below(self, place: int) -> int:
        """How many characters stand directly below a heading."""
        return sum(len(self.words[below]) + 1 for below in self.below[place])

    def paths(self) -> dict[int, Hashable]:
        """For each place its words and those of all headings above it."""
        found: dict[int, Hashable] = {}
        for place, parent in enumerate(self.parents):
            found[place] = hash((None if parent is None else found[parent], self.headings[place], self.words[place]))
        return found

    def long_words(self) -> dict[int, Hashable]:
        """The places whose words are too many to be the same by chance."""
        return {place: words for place, words in enumerate(self.words) if len(words) > SHORT}


class Matcher:
    """Finds the pairs; `matches` by old place, `splits` by old place, `mergers` by new place."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.matches: dict[int, Match] = {}
        self.taken: dict[int, int] = {}  # old place by new place
        self.splits: dict[int, list[int]] = {}
        self.mergers: dict[int, list[int]] = {}
        self.gone: set[int] = set()  # old places in a split or merger
        self.come: set[int] = set()  # new ones
        self.likeness: dict[tuple[int, int], float] = {}

    def run(self) -> None:
        """Find all pairs, the certain ones first."""
        self._settle_unique(self.old.paths(), self.new.paths())
        self._settle_unique(self.old.long_words(), self.new.long_words())
        self._settle_around()
        self._settle_pieces()
        self._compare()
        while self._settle_clear():
            self._settle_around()
        self._settle_best()
        self._settle_rest()

    def settle(self, old: int, new: int, *, is_sure: bool = True, similarity: float | None = None) -> bool:
        """Pair two places if both are free."""
        if old in self.matches or new in self.taken:
            return False
        if similarity is None:
            similarity = 1.0 if self.old.words[old] == self.new.words[new] else self.like(old, new, 0.0)
        self.matches[old] = Match(new, is_sure, similarity)
        self.taken[new] = old
        return True

    def like(self, old: int, new: int, cutoff: float) -> float:
        """How alike two places are, from 0 to 1: 1 - edits / length of the longer (0 below the cutoff).

        Edits of characters; of words where both are long, which takes a thirtieth of the time.
        """
        return _like(self.old.words[old], self.new.words[new], cutoff)

    def _is_free(self, old: int, new: int) -> bool:
        return (
            old not in self.matches and new not in self.taken and old not in self.gone and new not in self.come
            and self.old.headings[old] == self.new.headings[new]
        )  # fmt: skip

    def _settle_unique(self, old: Mapping[int, Hashable], new: Mapping[int, Hashable], *, is_sure: bool = True) -> None:
        """Pair what is there once in both versions."""
        places = _once(new)
        for key, place in _once(old).items():
            if key in places and self._is_free(place, places[key]):
                self.settle(place, places[key], is_sure=is_sure)

    def _settle_around(self) -> None:
        """Spread from the pairs until nothing new is found."""
        found = -1
        while found != len(self.matches):
            found = len(self.matches)
            self._spread()
            self._settle_below()
            self._settle_headings()

    def _spread(self) -> None:
        """The neighbours of a pair with the same words are a pair."""
        waiting = [(o, m.new, m.is_sure) for o, m in self.matches.items()]
        while waiting:
            old, new, is_sure = waiting.pop()
            for step in (1, -1):
                o, n = old + step, new + step
                if not (0 <= o < len(self.old) and 0 <= n < len(self.new)):
                    continue
                if self.old.words[o] == self.new.words[n] and self._is_free(o, n):
                    self.settle(o, n, is_sure=is_sure)
                    waiting.append((o, n, is_sure))

    def _below_pairs(self) -> Iterator[tuple[bool, list[int], list[int]]]:
        """For each pair what is below it and not paired yet, in both versions; the whole texts count as a pair."""
        above: list[tuple[int | None, int | None, bool]] = [(None, None, True)]
        above += [(o, m.new, m.is_sure) for o, m in self.matches.items()]
        for old, new, is_sure in above:
            ours = [o for o in self.old.below.get(old, ()) if o not in self.matches and o not in self.gone]
            theirs = [n for n in self.new.below.get(new, ()) if n not in self.taken and n not in self.come]
            if ours and theirs:
                yield is_sure, ours, theirs

    def _settle_below(self, *, is_sure: bool = True) -> None:
        """The same words below a pair, equally often in both versions, are pairs in their order."""
        for is_sure_above, ours, theirs in list(self._below_pairs()):
            places: dict[tuple[bool, str], list[int]] = defaultdict(list)
            for new in theirs:
                places[self.new.headings[new], self.new.words[new]].append(new)
            same: dict[tuple[bool, str], list[int]] = defaultdict(list)
            for old in ours:
                same[self.old.headings[old], self.old.words[old]].append(old)
            for key, olds in same.items():
                if len(olds) == len(places.get(key, ())) or not is_sure:
                    for old, new in zip(olds, places.get(key, ()), strict=False):
                        self.settle(old, new, is_sure=is_sure and is_sure_above)

    def _settle_headings(self) -> None:
        """Headings are a pair if most of what is below both is, and their titles are alike; or nearly all of it."""
        for (old, new), share in self._shares().items():
            is_whole = share >= NEARLY_ALL and self.old.headings[old]
            is_like = is_whole or (share >= MOST and self.like(old, new, LIKE) > 0)
            if is_like and self._is_free(old, new):
                self.settle(old, new)

    def _shares(self) -> dict[tuple[int, int], float]:
        """For free units with others below: how much of what is directly below both, by length, is paired (the smaller share)."""
        shared: Counter[tuple[int, int]] = Counter()
        for old, match in self.matches.items():
            above, new_above = self.old.parents[old], self.new.parents[match.new]
            if match.is_sure and above is not None and new_above is not None and self._is_free(above, new_above):
                shared[above, new_above] += len(self.old.words[old]) + 1
        return {
            (old, new): length / max(self.old.size_below(old), self.new.size_below(new))
            for (old, new), length in shared.items()
        }

    def _compare(self) -> None:
        """Note how alike free units are that could be a pair."""
        shares = self._shares()
        candidates = set(self._near()) | set(self._sharing())
        for old, new in candidates:
            cutoff = LIKE - MARGIN
            likeness = self.like(old, new, cutoff)
            if self.old.below[old] and self.new.below[new]:  # a title alone says little
                likeness = (likeness + shares.get((old, new), 0.0)) / 2
            if likeness >= cutoff and (self._is_local(old, new) or self._are_long(old, new)):
                self.likeness[old, new] = likeness

    def _are_long(self, old: int, new: int) -> bool:
        return min(len(self.old.words[old]), len(self.new.words[new])) > SHORT

    def _is_local(self, old: int, new: int) -> bool:
        above = self.old.parents[old]
        if above is None:
            return self.new.parents[new] is None
        return above in self.matches and self.matches[above].new == self.new.parents[new]

    def _near(self) -> Iterator[tuple[int, int]]:
        """Free units below the same pair, and beside a pair."""
        for _, ours, theirs in self._below_pairs():
            if len(ours) * len(theirs) <= CLOSE:
                yield from ((o, n) for o in ours for n in theirs if self._is_free(o, n))
        for old, match in self.matches.items():
            for step in (1, -1):
                o, n = old + step, match.new + step
                if 0 <= o < len(self.old) and 0 <= n < len(self.new) and self._is_free(o, n):
                    yield o, n

    def _sharing(self) -> Iterator[tuple[int, int]]:
        """Free units that share the rarest pairs of words; what a version says twice is found by its place only."""
        index: dict[Hashable, list[int]] = defaultdict(list)
        for words, new in _once(dict(enumerate(self.new.words))).items():
            if new not in self.taken and new not in self.come:
                for run in _runs(str(words), 2):
                    index[run].append(new)
        rare = {run: places for run, places in index.items() if len(places) <= COMMON}
        for words, old in _once(dict(enumerate(self.old.words))).items():
            if old not in self.matches and old not in self.gone:
                nearest = _nearest(_runs(str(words), 2), rare)
                yield from ((old, new) for new in nearest if self._is_free(old, new))

    def _settle_clear(self) -> bool:
        """Pair what beats every rival by the margin, or stands alone between two pairs."""
        rivals = _Rivals((o, n, s) for (o, n), s in self.likeness.items() if self._is_free(o, n))
        found = False
        for (old, new), likeness in list(self.likeness.items()):
            if likeness >= LIKE and self._is_free(old, new):
                best = rivals.best(old, new)
                allowed = likeness if self._is_between(old, new) else likeness - MARGIN
                if best <= allowed:
                    found |= self.settle(old, new, similarity=likeness)
        return found

    def _is_between(self, old: int, new: int) -> bool:
        """Whether the unit before and the unit after are surely pairs: then nothing else stands there."""
        return all(self._are_sure(old + step, new + step) for step in (1, -1))

    def _are_sure(self, old: int, new: int) -> bool:
        if old in (-1, len(self.old)) or new in (-1, len(self.new)):
            return (old, new) in ((-1, -1), (len(self.old), len(self.new)))
        match = self.matches.get(old)
        return match is not None and match.is_sure and match.new == new

    def _settle_best(self) -> None:
        """Pair the rest by likeness, the most alike first; none of these is sure."""
        for (old, new), likeness in sorted(self.likeness.items(), key=lambda item: (-item[1], item[0])):
            if likeness >= LIKE and self._is_free(old, new):
                self.settle(old, new, is_sure=False, similarity=likeness)

    def _settle_rest(self) -> None:
        """What else points to a pair without proving it."""
        for (old, new), share in self._shares().items():
            if share >= MOST and self.old.headings[old] and self._is_free(old, new):
                self.settle(old, new, is_sure=False)
        self._settle_below(is_sure=False)
        self._settle_unique(dict(enumerate(self.old.words)), dict(enumerate(self.new.words)), is_sure=False)

    def _settle_pieces(self) -> None:
        """Units that were split into several, or merged into one."""
        old = {o: _runs(self.old.words[o], RUN) for o in range(len(self.old)) if o not in self.matches}
        new = {n: _runs(self.new.words[n], RUN) for n in range(len(self.new)) if n not in self.taken}
        for whole, parts in _pieces(old, new):
            if not self.gone & {whole} and not self.come & set(parts):
                self.splits[whole] = parts
                self.gone.add(whole)
                self.come |= set(parts)
        for whole, parts in _pieces(new, old):
            if not self.come & {whole} and not self.gone & set(parts):
                self.mergers[whole] = parts
                self.come.add(whole)
                self.gone |= set(parts)


class _Rivals:
    """The two best likenesses of each unit, to find the best apart from a given pair."""

    def __init__(self, likeness: Iterable[tuple[int, int, float]]) -> None:
        self.old: dict[int, list[tuple[float, int]]] = defaultdict(list)
        self.new: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for old, new, value in likeness:
            self.old[old] = heapq.nlargest(2, [*self.old[old], (value, new)])
            self.new[new] = heapq.nlargest(2, [*self.new[new], (value, old)])

    def best(self, old: int, new: int) -> float:
        """The likeness of the strongest other pairing of either unit; 0 without one."""
        others = [value for value, place in self.old[old] if place != new]
        others += [value for value, place in self.new[new] if place != old]
        return max(others, default=0.0)


def _once(keys: Mapping[int, Hashable]) -> dict[Hashable, int]:
    """The places of the keys that are there once."""
    often = Counter(keys.values())
    return {key: place for place, key in keys.items() if often[key] == 1}


def _runs(words: str, length: int) -> set[Hashable]:
    """All runs of `length` words; of fewer words, the words."""
    found = WORD.findall(words)
    if len(found) <= length:
        return {tuple(found)} if found else set()
    return set(zip(*(found[start:] for start in range(length)), strict=False))


def _nearest(runs: Iterable[Hashable], places: Mapping[Hashable, Sequence[int]]) -> list[int]:
    """The places that share most of the runs, the rare ones counting more."""
    weights: dict[int, float] = defaultdict(float)
    for run in runs:
        for place in places.get(run, ()):
            weights[place] += 1 / len(places[run])
    return heapq.nlargest(NEAREST, weights, key=weights.__getitem__)


def _pieces(
    wholes: Mapping[int, set[Hashable]], others: Mapping[int, set[Hashable]]
) -> Iterator[tuple[int, list[int]]]:
    """Which whole is to be found in which two or more others, in order, each holding words of its own."""
    index: dict[Hashable, list[int]] = defaultdict(list)
    for place, runs in others.items():
        for run in runs:
            index[run].append(place)
    for whole, runs in wholes.items():
        shared: Counter[int] = Counter()
        for run in runs:
            places = index.get(run, ())
            if len(places) == 1:  # words that stand in several others prove nothing
                shared[places[0]] += 1
        parts = [p for p, n in shared.items() if n >= PIECE * len(runs) and n >= len(others[p]) / 2]
        if len(parts) > 1 and sum(shared[p] for p in parts) >= WHOLE * len(runs):
            yield whole, sorted(parts)
