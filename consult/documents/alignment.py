"""Which unit of one version is which unit of the next: what stayed, moved, changed, was split, went or came.

Pure: no database. A pair is *sure* only if nothing else could be meant; every other pair is for an editor to
confirm. Two units are never paired because the same number is printed on them: numbers are what moves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Protocol

from consult.core.records import Record, field

from .matching import Match, Matcher, Side

UNCHANGED, RENUMBERED, EDITED, MOVED = "unchanged", "renumbered", "edited", "moved"
SPLIT, MERGED, ADDED, DELETED = "split", "merged", "added", "deleted"
FATES = (UNCHANGED, RENUMBERED, EDITED, MOVED, SPLIT, MERGED, ADDED, DELETED)


class Block(Record):
    """A unit of one version. `label` is the number printed on it; `parent` the place of the unit above it."""

    key: str
    text: str
    label: str = ""
    is_heading: bool = False
    parent: int | None = None
    is_named: bool = False  # its key is an id its authors gave it


class Row(Record):
    """One fate: places in the old and in the new version. Only a split has several new, only a merger several old."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    fate: str
    is_sure: bool = True
    similarity: float = 1.0
    is_edited: bool = False  # other words; a move can be both


class Alignment(Record):
    """How two versions relate. Each place of either version is in exactly one row; rows are in reading order."""

    rows: Sequence[Row]
    by_old: Mapping[int, Row] = field(default_factory=dict)
    by_new: Mapping[int, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Alignment:
        """The alignment of these rows, in reading order."""
        return cls(rows, {o: row for row in rows for o in row.old}, {n: row for row in rows for n in row.new})

    def pairs(self) -> Iterable[Row]:
        """The rows of one old and one new unit."""
        return (row for row in self.rows if len(row.old) == len(row.new) == 1)

    def sure(self) -> Mapping[int, int]:
        """New place by old place, of the sure pairs."""
        return {row.old[0]: row.new[0] for row in self.pairs() if row.is_sure}


def align(old: Sequence[Block], new: Sequence[Block], *, use_ids: bool = False) -> Alignment:
    """Find the fate of every unit of both versions. `use_ids`: the same id of the authors' is the same unit."""
    matcher = Matcher(_side(old), _side(new))
    if use_ids:
        named = {block.key: place for place, block in enumerate(new) if block.is_named}
        for place, block in enumerate(old):
            if block.is_named and block.key in named:
                matcher.settle(place, named[block.key])
    matcher.run()
    edited = {o for o, match in matcher.matches.items() if old[o].text != new[match.new].text}
    return classify(old, new, matcher.matches, edited, matcher.splits, matcher.mergers)


def _side(blocks: Sequence[Block]) -> Side:
    return Side([b.text for b in blocks], [b.parent for b in blocks], [b.is_heading for b in blocks])


class Place(Protocol):
    """What decides a fate besides the words."""

    @property
    def label(self) -> str: ...  # the number printed on it
    @property
    def parent(self) -> int | None: ...  # place of the unit above it


def classify(
    old: Sequence[Place], new: Sequence[Place], matches: Mapping[int, Match], edited: Set[int],
    splits: Mapping[int, Sequence[int]] | None = None, mergers: Mapping[int, Sequence[int]] | None = None,
) -> Alignment:  # fmt: skip
    """The fates that follow from which old place is which new one; `edited` are old places, `mergers` by new place."""
    moved = moves([b.parent for b in old], [b.parent for b in new], {o: m.new for o, m in matches.items()})
    rows = []
    for o, m in matches.items():
        fate = MOVED if o in moved else EDITED if o in edited else UNCHANGED
        if fate == UNCHANGED and old[o].label != new[m.new].label:
            fate = RENUMBERED
        rows.append(Row((o,), (m.new,), fate, m.is_sure, m.similarity, o in edited))
    rows += [Row((o,), tuple(parts), SPLIT, False, 0.0, True) for o, parts in (splits or {}).items()]
    rows += [Row(tuple(parts), (n,), MERGED, False, 0.0, True) for n, parts in (mergers or {}).items()]
    seen_old = {o for row in rows for o in row.old}
    seen_new = {n for row in rows for n in row.new}
    rows += [Row((o,), (), DELETED, similarity=0.0) for o in range(len(old)) if o not in seen_old]
    rows += [Row((), (n,), ADDED, similarity=0.0) for n in range(len(new)) if n not in seen_new]
    return Alignment.of(in_reading_order(rows))


def in_reading_order(rows: Iterable[Row]) -> list[Row]:
    """By new place; what has none stands behind what it stood behind in the old version."""
    rows = list(rows)
    after = {row.old[-1]: row.new[0] for row in rows if row.old and row.new and row.fate != MOVED}
    last, follows = -1, dict[int, int]()
    for place in range(max((o for row in rows for o in row.old), default=-1) + 1):
        last = max(last, after.get(place, last))
        follows[place] = last
    return sorted(rows, key=lambda row: (row.new[0], -1, 0) if row.new else (follows[row.old[0]], 0, row.old[0]))


def moves(old_parents: Sequence[int | None], new_parents: Sequence[int | None], pairs: Mapping[int, int]) -> set[int]:
    """The old places that moved: out of order among the units that share their parent in both versions.

    What is below a section that moved stayed where it was in it. A unit that has another parent now moved if it is
    out of order in the whole text.
    """
    in_order = longest_rising([(o, pairs[o]) for o in sorted(pairs)])
    groups: dict[tuple[int | None, int | None], list[tuple[int, int]]] = defaultdict(list)
    moved = set[int]()
    for o in sorted(pairs):
        above, below = old_parents[o], new_parents[pairs[o]]
        if (None if above is None else pairs.get(above, -1)) == below:
            groups[above, below].append((o, pairs[o]))
        elif o not in in_order:
            moved.add(o)
    for group in groups.values():
        moved |= {o for o, _ in group} - longest_rising(group)
    return moved


def longest_rising(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """The old places of a longest rising run of new places; `pairs` sorted by old place."""
    ends, at, before = list[int](), list[int](), dict[int, int | None]()
    for old, new in pairs:
        place = bisect_left(ends, new)
        before[old] = at[place - 1] if place else None
        ends[place : place + 1] = [new]
        at[place : place + 1] = [old]
    found, step = set[int](), at[-1] if at else None
    while step is not None:
        found.add(step)
        step = before[step]
    return found
