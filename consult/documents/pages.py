"""How a long text is spread over pages that stay light."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consult.core.records import Record

from .parsed import Unit

LARGEST_PAGE = 50_000  # characters of HTML for the units of a page, with what the reading room puts around them
AROUND_A_UNIT = 450  # what the reading room needs for margin mark, number and links of one unit
AROUND_A_LINK = 50  # a link inside the document gets its full address
CRUMB = " · "


class Stretch(Record):
    """Units `start` up to (not with) `end` that are read on one page."""

    key: str
    label: str
    title: str
    crumbs: str
    start: int
    end: int


def weight(unit: Unit) -> int:
    """About how many characters of HTML a unit takes on a page."""
    return len(unit.html) + AROUND_A_UNIT + AROUND_A_LINK * unit.html.count('href="#')


class _Pager:
    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.before = [0]  # weight of everything before a place
        for unit in units:
            self.before.append(self.before[-1] + weight(unit))
        self.ends = _ends(units)
        self.cuts: list[int] = []

    def size(self, start: int, end: int) -> int:
        return self.before[end] - self.before[start]

    def cut(self, start: int, end: int) -> None:
        """Note where pages begin between `start` and `end`, whose first unit begins one."""
        self.cuts.append(start)
        if self.size(start, end) <= LARGEST_PAGE:
            return
        # A heading stays with its first words; what follows is packed part by part.
        place = begun = start
        while place < end:
            reach = self._reach(place, start, end)
            if place > begun and self.size(begun, reach) > LARGEST_PAGE:
                self.cuts.append(place)
                begun = place
            if self.size(place, reach) > LARGEST_PAGE and reach > place + 1:
                if place == begun:
                    self.cuts.pop()
                self.cut(place, reach)
                begun = self.cuts[-1]
            place = reach

    def _reach(self, place: int, start: int, end: int) -> int:
        """Where the part that begins at `place` ends: a heading's or a list item's whole, else one unit."""
        return place + 1 if place == start else min(self.ends[place], end)


def _ends(units: Sequence[Unit]) -> list[int]:
    """For each unit, the place after the last unit below it."""
    ends = list(range(1, len(units) + 1))
    for place in range(len(units) - 1, -1, -1):
        parent = units[place].parent
        if parent is not None:
            ends[parent] = max(ends[parent], ends[place])
    return ends


def spread(units: Sequence[Unit]) -> list[Stretch]:
    """The pages of a text: one for each part of the highest level, divided where it would be too heavy.

    Neighbouring parts below a heading share a page while they fit; a unit is never divided.
    """
    pager = _Pager(units)
    place = 0
    while place < len(units):
        end = pager.ends[place]
        if not units[place].is_heading:  # words before the first heading: with its part, if that stays light
            while end < len(units) and not units[end].is_heading:
                end = pager.ends[end]
            if end < len(units) and pager.size(place, pager.ends[end]) <= LARGEST_PAGE:
                end = pager.ends[end]
        pager.cut(place, end)
        place = end
    starts = pager.cuts
    return [_stretch(units, start, end) for start, end in zip(starts, [*starts[1:], len(units)], strict=True)]


def _stretch(units: Sequence[Unit], start: int, end: int) -> Stretch:
    first = units[start]
    above = [unit for unit in _line_above(units, start) if unit.is_heading]
    crumbs = CRUMB.join(" ".join(filter(None, (unit.label, unit.title))) for unit in reversed(above))
    if not first.is_heading and not above:  # words before the first heading
        first = next((unit for unit in units[start:end] if unit.is_heading), first)
    if first.is_heading:
        return Stretch(first.key, first.label, first.title, crumbs, start, end)
    title = f"{above[0].title}, continued" if above else "Beginning"
    return Stretch(first.key, first.label, title, crumbs, start, end)


def _line_above(units: Sequence[Unit], place: int) -> Iterator[Unit]:
    parent = units[place].parent
    while parent is not None:
        yield units[parent]
        parent = units[parent].parent
