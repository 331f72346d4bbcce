"""What pairs of clauses mean together: which of them still count, and which clause goes on as which.

Pure: no database. Whatever order decisions were made in, and taken back in, the same decisions mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

SAME, DIFFERENT = "same", "different"
PAIR, SPLIT, MERGED = "pair", "split", "merged"  # found when the version was brought in, for an editor to confirm
SURE, HAND = "sure", "hand"  # rows there only because of what an editor said


class Pair(Protocol):
    """An old and a new clause that may be the same."""

    @property
    def old_id(self) -> int: ...
    @property
    def new_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def similarity(self) -> int: ...
    @property
    def decided(self) -> str: ...


P = TypeVar("P", bound=Pair)


def rivals(pairs: Iterable[P], old_id: int, new_id: int, kind: str) -> Iterator[P]:
    """The confirmed ones beside which such a pair cannot be true: a clause is one other, or all are parts of it."""
    for pair in pairs:
        if pair.decided == SAME and (pair.old_id, pair.new_id) != (old_id, new_id):
            is_by_old = pair.old_id == old_id and not pair.kind == kind == SPLIT
            is_by_new = pair.new_id == new_id and not pair.kind == kind == MERGED
            if is_by_old or is_by_new:
                yield pair


def standing(pairs: Sequence[P]) -> list[P]:
    """What is confirmed, and what can still be; the most alike first."""
    by_old = {pair.old_id: pair.kind for pair in pairs if pair.decided == SAME}
    by_new = {pair.new_id: pair.kind for pair in pairs if pair.decided == SAME}

    def is_possible(pair: P) -> bool:
        beside_old = (None, SPLIT) if pair.kind == SPLIT else (None,)
        beside_new = (None, MERGED) if pair.kind == MERGED else (None,)
        return by_old.get(pair.old_id) in beside_old and by_new.get(pair.new_id) in beside_new

    undecided = (pair for pair in pairs if not pair.decided and pair.kind != SURE)
    confirmed = (pair for pair in pairs if pair.decided == SAME)
    return sorted([*confirmed, *filter(is_possible, undecided)], key=_most_alike)


def unconfirmed(pairs: Sequence[P]) -> list[P]:
    """What an editor can still confirm."""
    return [pair for pair in standing(pairs) if not pair.decided]


def alike(pairs: Sequence[P], at_least: int) -> list[P]:
    """The pairs an editor can confirm in one act, because they are at least so alike (per cent)."""
    return [pair for pair in unconfirmed(pairs) if pair.kind == PAIR and pair.similarity >= at_least]


def questions(pairs: Sequence[Pair]) -> int:
    """How many clauses are to be confirmed: all parts of a split or merger are one question."""
    return len(
        {(pair.kind == MERGED, pair.new_id if pair.kind == MERGED else pair.old_id) for pair in unconfirmed(pairs)}
    )


def heirs(pairs: Iterable[Pair]) -> Mapping[int, int]:
    """Old clause by new: who goes on under whose lineage. Each is given once: to the most alike that is confirmed, else
    to the one it was taken for at first.
    """
    found, given = dict[int, int](), set[int]()
    confirmed = sorted((pair for pair in pairs if pair.decided == SAME), key=_most_alike)
    assumed = sorted((pair for pair in pairs if pair.kind == SURE and not pair.decided), key=_most_alike)
    for pair in [*confirmed, *assumed]:
        if pair.old_id not in given and pair.new_id not in found:
            found[pair.new_id] = pair.old_id
            given.add(pair.old_id)
    return found


def _most_alike(pair: Pair) -> tuple[int, int, int]:
    return -pair.similarity, pair.old_id, pair.new_id
