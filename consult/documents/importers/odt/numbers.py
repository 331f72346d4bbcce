"""The numbers that are printed before list items and headings; counted here, for no text holds them.

OpenDocument 1.3, part 3: 16.30 (`text:list-style`), 16.34 (`text:outline-style`), 19.780 (`text:continue-list`). A list
begins at its start value; one that continues another goes on with its numbers. Levels restart below a new number.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from consult.core.records import Record

from ..counting import Mark, alphabetic, doubled, roman

LEVELS = 10
LARGEST = 1_000_000
PLACE = re.compile(r"%(\d{1,2})%")
OUTLINE = "\0outline"  # the list that all headings belong to
NUMBER, BULLETS = "text_list-level-style-number", ("text_list-level-style-bullet", "text_list-level-style-image")


class Level(Record):
    """One level. `pattern` holds %1%, %2% … where numbers stand; "" prints nothing."""

    format: str = ""
    pattern: str = ""
    start: int = 1
    is_bullet: bool = False
    letters_double: bool = False  # 28 is "bb", not "ab"


class Numbers:
    """The list styles of one file, and how far each list has counted."""

    def __init__(self, *parts: Element | None) -> None:
        self._styles: dict[str, dict[int, Level]] = {}
        for part in parts:
            for style in () if part is None else part.iter("text_list-style"):
                self._styles[style.get("style_name", "")] = _levels(style)
            for style in () if part is None else part.iter("text_outline-style"):
                self._styles[OUTLINE] = _levels(style)
        self._counts: dict[str, dict[int, int]] = {}
        self._last: dict[str, str] = {}  # by style: the list that used it last
        self._made = 0

    def begin(self, element: Element, style: str) -> str:
        """The name under which a list at the top counts: its own, or that of the one it continues."""
        wanted = element.get("text_continue-list", "")
        if not wanted and element.get("text_continue-numbering") == "true":
            wanted = self._last.get(style, "")
        self._made += 1
        name = element.get("xml_id") or f"\0{self._made}"
        self._counts[name] = self._counts.get(wanted, {}) if wanted else {}
        self._last[style] = name
        return name

    def next(self, name: str, style: str, depth: int, start: int | None = None) -> Mark | None:
        """Count one item (`depth` from 0) and say what is printed before it; None where the style has no such level."""
        levels = self._styles.get(style, {})
        if depth not in levels:
            return None
        level, counts = levels[depth], self._counts.setdefault(name, {})
        before = counts.get(depth, level.start - 1) if start is None else start - 1
        counts[depth] = min(before + 1, LARGEST)
        for below in [d for d in counts if d > depth]:
            del counts[below]
        if level.is_bullet:
            return Mark("•", depth, True)
        text = PLACE.sub(lambda match: self._number(levels, counts, int(match[1]) - 1), level.pattern)
        return Mark(text.strip(), depth, False)

    def _number(self, levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
        level = levels.get(depth, Level())
        return _formatted(level, counts.get(depth, level.start))


def _formatted(level: Level, number: int) -> str:
    if level.format in ("a", "A"):
        letters = doubled(number) if level.letters_double else alphabetic(number)
        return letters.upper() if level.format == "A" else letters
    if level.format in ("i", "I"):
        return roman(number).upper() if level.format == "I" else roman(number)
    return str(number) if level.format else ""


def _levels(style: Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for element in style:
        depth = element.get("text_level", "")
        if depth.isdecimal() and 1 <= int(depth[:3]) <= LEVELS:
            found[int(depth[:3]) - 1] = _level(element, int(depth[:3]))
    return found


def _level(element: Element, place: int) -> Level:
    if element.tag in BULLETS:
        return Level(is_bullet=True)
    start, shown = element.get("text_start-value", "1"), element.get("text_display-levels", "1")
    format = element.get("style_num-format", "")
    count = min(int(shown), place) if shown.isdecimal() and len(shown) < 3 else 1
    numbers = ".".join(f"%{n}%" for n in range(place - max(count, 1) + 1, place + 1)) if format else ""
    pattern = f"{element.get('style_num-prefix', '')}{numbers}{element.get('style_num-suffix', '')}"
    return Level(
        format=format, pattern=element.get("loext_num-list-format", pattern) if format else pattern,
        start=min(int(start), LARGEST) if start.isdecimal() and len(start) < 8 else 1,
        letters_double=element.get("style_num-letter-sync") == "true",
    )  # fmt: skip
