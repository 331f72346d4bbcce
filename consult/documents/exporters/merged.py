"""Two versions as one sequence, in which every unit of both stands at its place.

Leave out what is only new and the old version remains in its order; leave out what is only old and the new one does.
A unit that is in both but out of order is there twice: where it left and where it arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from consult.core.records import Record

from ..alignment import Alignment, Row, longest_rising

STAYED, GONE, COME, LEFT, ARRIVED = "stayed", "gone", "come", "left", "arrived"


class Step(Record):
    """One unit of either version, or of both; several on one side in a split or a merger."""

    how: str
    old: tuple[int, ...]
    new: tuple[int, ...]
    row: Row


def merged(found: Alignment, is_one: Callable[[Row], bool], may_move: Callable[[Row], bool]) -> Iterator[Step]:
    """The steps in order. `is_one`: both sides can be shown as one text; `may_move`: it can be shown as moved."""
    pairs = {row.old[0]: row for row in found.rows if row.old and row.new and _is_run(row) and is_one(row)}
    stays = longest_rising([(old, pairs[old].new[0]) for old in sorted(pairs)])
    moves = {old: row for old, row in pairs.items() if old not in stays and _is_pair(row) and may_move(row)}
    old_at = new_at = 0
    for first in sorted(stays):
        row = pairs[first]
        yield from _only_old(range(old_at, row.old[0]), found, moves)
        yield from _only_new(range(new_at, row.new[0]), found, moves)
        yield Step(STAYED, row.old, row.new, row)
        old_at, new_at = row.old[-1] + 1, row.new[-1] + 1
    yield from _only_old(range(old_at, len(found.by_old)), found, moves)
    yield from _only_new(range(new_at, len(found.by_new)), found, moves)


def _only_old(places: Iterable[int], found: Alignment, moves: dict[int, Row]) -> Iterator[Step]:
    for place in places:
        row = found.by_old[place]
        yield Step(LEFT, (place,), row.new, row) if place in moves else Step(GONE, (place,), (), row)


def _only_new(places: Iterable[int], found: Alignment, moves: dict[int, Row]) -> Iterator[Step]:
    for place in places:
        row = found.by_new[place]
        is_move = bool(row.old) and moves.get(row.old[0]) is row
        yield Step(ARRIVED, row.old, (place,), row) if is_move else Step(COME, (), (place,), row)


def _is_pair(row: Row) -> bool:
    return len(row.old) == len(row.new) == 1


def _is_run(row: Row) -> bool:
    """Whether the parts of a split or a merger stand next to each other."""
    return all(_is_consecutive(places) for places in (row.old, row.new))


def _is_consecutive(places: Sequence[int]) -> bool:
    return list(places) == list(range(places[0], places[0] + len(places)))
