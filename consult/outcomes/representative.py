"""Which of many remarks say best what they say together: chosen from them, in their own words. Pure, works offline.

LexRank (Erkan and Radev 2004): a remark is central when it resembles many that are central themselves. Words weigh by
how rare they are (TF-IDF); two remarks are as alike as the cosine of their words. The next pick is the one that is
central and unlike those before it (maximal marginal relevance). The matrix of all pairs is never made: one step of
the walk goes from remarks to words and back, so its price grows with the words and not with the square of the remarks.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from consult.core.likeness import folded
from consult.core.records import Record

STAYS = 0.15  # how much of each step goes to all remarks alike, so that none is at zero
STEPS = 30
SAME = 0.3  # from this cosine on a remark is said to speak for another
VARIETY = 1.0  # how much being unlike the picks before counts beside being central (1: as much)
NAMED = 3  # words that tell why
SHORTEST = 3  # signs of a word that counts
TELLING = 5  # signs of a word that is named
Vector = dict[str, float]


class Pick(Record):
    """A remark that was chosen: how central it is (1 is the most), for how many others it speaks, by which words."""

    id: int
    score: float
    like: int
    words: Sequence[str]


def picks(remarks: Sequence[tuple[int, str]], *, most: int = 3) -> Sequence[Pick]:
    """At most `most` of the (id, text) that stand for all, the most central first; fewer when there are fewer.

    The same words sent by many count once: copies do not make a remark more central. Ties go to the lower id.
    """
    each = _distinct(remarks)
    ids, vectors = list(each), _weighed(list(each.values()))
    if not ids:
        return ()
    scores = _central(vectors)
    top = max(scores) or 1.0
    chosen: list[int] = []
    while len(chosen) < min(most, len(ids)):
        left = [n for n in range(len(ids)) if n not in chosen]
        chosen.append(max(left, key=lambda n: (_worth(n, scores[n] / top, vectors, chosen), -ids[n])))
    return [_told(n, ids, scores[n] / top, vectors) for n in chosen]


def terms(words: str) -> Counter[str]:
    """The words of a text; of scripts that set no blanks between words, pairs of signs."""
    found: Counter[str] = Counter()
    for word in folded(words).split():
        if any(unicodedata.category(sign) == "Lo" for sign in word) and len(word) > SHORTEST:
            found.update(word[n : n + 2] for n in range(len(word) - 1))
        elif len(word) >= SHORTEST:
            found[word] += 1
    return found


def _distinct(remarks: Sequence[tuple[int, str]]) -> Mapping[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    seen = set[frozenset[tuple[str, int]]]()
    for remark_id, words in sorted(remarks, key=lambda remark: remark[0]):
        counts = terms(words)
        same = frozenset(counts.items())
        if counts and same not in seen:
            seen.add(same)
            found[remark_id] = counts
    return found


def _weighed(each: Sequence[Counter[str]]) -> list[Vector]:
    """TF-IDF, each of length 1. A word that all have still counts a little, or equal remarks would have no words."""
    known = Counter(word for counts in each for word in counts)
    rare = {word: math.log((1 + len(each)) / (1 + n)) + 1 for word, n in known.items()}
    return [_unit({word: (1 + math.log(n)) * rare[word] for word, n in counts.items()}) for counts in each]


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {word: value / length for word, value in vector.items()}


def _central(vectors: Sequence[Vector]) -> list[float]:
    """Where a walk from remark to remark spends its time, going to each the more often the more alike it is."""
    size = len(vectors)
    degrees = _alike(vectors, [1.0] * size)
    scores = [1.0 / size] * size
    for _ in range(STEPS):
        passed = _alike(vectors, [score / degree for score, degree in zip(scores, degrees, strict=True)])
        scores = [STAYS / size + (1 - STAYS) * value for value in passed]
    return scores


def _alike(vectors: Sequence[Vector], weights: Sequence[float]) -> list[float]:
    """For each remark the sum over all of weight times cosine: through the words, not through the pairs."""
    words: dict[str, float] = defaultdict(float)
    for vector, weight in zip(vectors, weights, strict=True):
        for word, value in vector.items():
            words[word] += weight * value
    return [sum(value * words[word] for word, value in vector.items()) for vector in vectors]


def _cosine(one: Vector, other: Vector) -> float:
    short, long = sorted((one, other), key=len)
    return sum(value * long.get(word, 0.0) for word, value in short.items())


def _worth(n: int, score: float, vectors: Sequence[Vector], chosen: Sequence[int]) -> float:
    nearest = max((_cosine(vectors[n], vectors[c]) for c in chosen), default=0.0)
    return score - VARIETY * nearest


def _told(n: int, ids: Sequence[int], score: float, vectors: Sequence[Vector]) -> Pick:
    others = [vector for m, vector in enumerate(vectors) if m != n]
    like = [vector for vector in others if _cosine(vectors[n], vector) >= SAME]
    shared: dict[str, float] = {
        word: value * sum(vector.get(word, 0.0) for vector in like) if like else value
        for word, value in vectors[n].items()
    }
    # Long words first: "the" and "for" are shared by all and tell nothing.
    best = sorted((w for w in shared if shared[w]), key=lambda w: (w.isascii() and len(w) < TELLING, -shared[w], w))
    return Pick(ids[n], score, len(like), best[:NAMED])
