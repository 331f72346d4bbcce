"""Sketches of texts: runs of three words, and 64 numbers that agree as often as two texts share their runs.

One permutation is cut into 64 bins instead of 64 permutations being made (Li, Owen, Zhang: One Permutation Hashing,
2012; empty bins filled as by Shrivastava: Optimal Densification, 2017): one hash for each run, so that plain Python
sketches 100,000 texts in seconds.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from .words import Words

RUN = 3  # words in a shingle
BINS = 64
BANDS = 16
ROWS = BINS // BANDS
_MASK = (1 << 64) - 1

Shingles = array  # of unsigned 64-bit numbers, sorted, each once


@lru_cache(maxsize=500_000)
def _number(word: str) -> int:
    """A number for a word that does not depend on the process or the order of texts."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")


def shingles(said: Words) -> Shingles[int]:
    """The runs of RUN words as numbers; of a shorter text the whole of it."""
    numbers = list(map(_number, said))
    runs = zip(numbers, numbers[1:], numbers[2:], strict=False) if len(numbers) >= RUN else [tuple(numbers)]
    # hash() of whole numbers is the same in every process; only that of str is salted.
    return array("Q", sorted({hash(run) & _MASK for run in runs})) if numbers else array("Q")


def sketch(found: Sequence[int]) -> list[int]:
    """BINS numbers; each agrees between two texts with the probability that a shingle is shared (Jaccard)."""
    bins = [_MASK] * BINS
    for shingle in found:
        mixed = shingle * 0x9E3779B97F4A7C15 & _MASK
        at = mixed >> 58
        if mixed < bins[at]:
            bins[at] = mixed
    return [own if own != _MASK else bins[_lender(at, bins)] for at, own in enumerate(bins)] if found else bins


def _lender(at: int, bins: Sequence[int]) -> int:
    """The bin that lends an empty one its number; the same for the same bins, at random otherwise."""
    return next((other for other in _order(at) if bins[other] != _MASK), at)


@lru_cache(maxsize=BINS)
def _order(at: int) -> Sequence[int]:
    return sorted(range(BINS), key=lambda other: blake2b(bytes((at, other)), digest_size=8).digest())


def bands(of: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The places where texts that are alike meet: the number of a band, and what stands in it."""
    for band in range(BANDS):
        yield band, hash(tuple(of[band * ROWS : (band + 1) * ROWS]))


def jaccard(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of common shingles of two texts."""
    common = len(set(one).intersection(other))
    return common / (len(one) + len(other) - common) if common else 0.0
