"""The numbers Word prints before paragraphs: they stand in no text and are counted here as Word counts them.

ECMA-376 17.9: a paragraph names a list (`num`), which is of a kind (`abstractNum`) with nine levels. All lists of one
kind go on counting together, except where a list starts anew (`startOverride`). A level starts anew after one above it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree.ElementTree import Element

from consult.core.records import Record

from ..counting import FORMATS, Mark
from .styles import is_on, value

PLACE = re.compile(r"%([1-9])")
LEVELS = 9
LARGEST = 1_000_000
BULLET = "bullet"


class Level(Record):
    """One level of a list. `restart`: the level (from 1) after which it starts anew; 0 never; None any above."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    is_legal: bool = False  # all numbers in digits
    style_id: str = ""


class Numbers:
    """The lists of one file, and how far each has counted."""

    def __init__(self, part: Element | None) -> None:
        self._kinds: dict[str, Element] = {}
        self._lists: dict[str, Element] = {}
        if part is not None:
            self._kinds = {kind.get("abstractNumId", ""): kind for kind in part.findall("abstractNum")}
            self._lists = {each.get("numId", ""): each for each in part.findall("num")}
        self._by_style = {
            name: key for key, kind in self._kinds.items() if (name := value(kind, "styleLink")) is not None
        }
        self._levels: dict[str, list[Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()

    def depth_of(self, number_id: str, style_id: str) -> int | None:
        """The level of a list that is tied to a paragraph style."""
        return next(
            (d for d, level in enumerate(self._levels_of(number_id)) if style_id and level.style_id == style_id), None
        )

    def next(self, number_id: str, depth: int) -> Mark | None:
        """Count one paragraph of a list, and say what is printed before it; None where there is no such list."""
        levels = self._levels_of(number_id)
        if not levels or not 0 <= depth < LEVELS:
            return None
        kind = self._kind_of(number_id)
        counts, level = self._counts[kind], levels[depth]
        self._start_anew(number_id, depth, counts)
        counts[depth] = min(counts.get(depth, level.start - 1) + 1, LARGEST)
        for below in range(depth + 1, LEVELS):
            restart = levels[below].restart
            if restart is None or depth < restart:
                counts.pop(below, None)
        if level.format == BULLET:
            return Mark("•" if level.text.strip() else "", depth, True)
        return Mark(_printed(levels, depth, counts), depth, False)

    def _start_anew(self, number_id: str, depth: int, counts: dict[int, int]) -> None:
        """A list with a start of its own begins there when it is first used."""
        if (number_id, depth) in self._begun:
            return
        self._begun.add((number_id, depth))
        for override in self._lists[number_id].findall("lvlOverride"):
            start = value(override, "startOverride")
            if override.get("ilvl") == str(depth) and start is not None and start.isdecimal():
                counts[depth] = min(int(start), LARGEST) - 1

    def _kind_of(self, number_id: str) -> str:
        """The kind of a list; one that only names a list style leads to the kind that defines it."""
        kind = value(self._lists.get(number_id), "abstractNumId") or ""
        linked = value(self._kinds.get(kind), "numStyleLink")
        return self._by_style.get(linked or "", kind)

    def _levels_of(self, number_id: str) -> list[Level]:
        if number_id not in self._lists:
            return []
        if number_id not in self._levels:
            levels = [Level() for _ in range(LEVELS)]
            kind = self._kinds.get(self._kind_of(number_id))
            found = [] if kind is None else kind.findall("lvl")
            for element in [*found, *self._lists[number_id].findall("lvlOverride/lvl")]:
                depth = element.get("ilvl", "")
                if depth.isdecimal() and int(depth) < LEVELS:
                    levels[int(depth)] = _level(element)
            self._levels[number_id] = levels
        return self._levels[number_id]


def _level(element: Element) -> Level:
    start, restart = value(element, "start") or "1", value(element, "lvlRestart")
    return Level(
        start=min(int(start), LARGEST) if start.isdecimal() else 1, format=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText") or "", is_legal=is_on(element, "isLgl") is True,
        restart=int(restart) if restart is not None and restart.isdecimal() else None,
        style_id=value(element, "pStyle") or "",
    )  # fmt: skip


def _printed(levels: list[Level], depth: int, counts: dict[int, int]) -> str:
    """The text of a level with each %1, %2 … replaced by the number of that level."""
    is_legal = levels[depth].is_legal

    def number(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if place > depth:
            return ""
        count = counts.get(place, levels[place].start)
        return str(count) if is_legal else FORMATS.get(levels[place].format, str)(count)

    return PLACE.sub(number, levels[depth].text).strip()
