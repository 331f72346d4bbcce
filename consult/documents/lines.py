"""A version as lines with numbers: "line 1042" on somebody's form means one place, for good.

Pure: no database. The lines of a version are counted when it is brought in and kept with its clauses, so that they
stay what they were if the way of breaking lines is ever changed; TOOL says which way it was. Numbers run through the
whole text, not page by page, as the IEEE advises for comment forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from .graphemes import widen

TOOL = 1
WIDTH = 72  # code points a line


class Printed(Protocol):
    """What is printed of a unit: its number or mark, and its words."""

    @property
    def label(self) -> str: ...
    @property
    def own_label(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def is_heading(self) -> bool: ...


class Numbered(Printed, Protocol):
    """A unit with the number of its first line."""

    @property
    def line(self) -> int: ...


def lines_of(unit: Printed) -> list[str]:
    """The lines of one unit; at least one, so that every unit has a number."""
    mark, words = (unit.label, unit.title or unit.text) if unit.is_heading else (unit.own_label, unit.text)
    return [part for line in f"{mark} {words}".strip().split("\n") for part in wrap(line)]


def wrap(line: str, width: int = WIDTH) -> list[str]:
    """A line in lines of at most `width`, broken at blanks; a longer word is cut, never inside a character."""
    if len(line) <= width:
        return [line.rstrip()]
    found, current = list[str](), ""
    for word in line.split():
        if current and len(current) + 1 + len(word) > width:
            found.append(current)
            current = ""
        current = f"{current} {word}" if current else word
        while len(current) > width:
            _, end = widen(current, 0, width)
            if end == len(current):
                break
            found.append(current[:end])
            current = current[end:]
    return [*found, current] if current else found or [""]


def first_lines(units: Iterable[Printed]) -> list[int]:
    """For each unit the number of its first line, from 1."""
    found, number = [], 1
    for unit in units:
        found.append(number)
        number += len(lines_of(unit))
    return found


def page(title: str, number: int, sha256: str, tool: int, units: Sequence[Numbered]) -> str:
    """A version with its numbers as plain text; what stands above it and the blank lines are not counted."""
    head = f"{title}, version {number}\nSHA-256 {sha256}\nLines of {WIDTH} characters, numbering {tool}\n\n"
    return head + "".join(_numbered(units))


def _numbered(units: Sequence[Numbered]) -> Iterator[str]:
    for unit in units:
        for number, line in enumerate(lines_of(unit), start=unit.line):
            yield f"{number:6d}  {line}".rstrip() + "\n"
        yield "\n"
