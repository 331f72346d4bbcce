"""How the headings of a draft are written: with their numbers as printed where these are read back, told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import escape

from consult.core.records import Record

from ..importers import numbering
from ..importers.attributes import Attributes
from ..parsed import Unit, words_of

UNTITLED = "Untitled"


class Written(Record):
    """A heading: how deep it is, what is printed before its title, and what has to be said in attributes."""

    level: int
    before: str
    said: Attributes


def write(units: Sequence[Unit]) -> dict[int, Written]:
    """By place, how each heading is written."""
    levels: dict[int, int] = {}
    for place, unit in enumerate(units):
        if unit.is_heading:
            levels[place] = 1 if unit.parent is None else levels.get(unit.parent, 0) + 1
    counted = _read(units, levels, dict.fromkeys(levels, ""))
    if all(_is_read_as(counted[place], units[place], "") for place in levels):
        return {place: _written(units[place], levels[place], "", counted[place]) for place in levels}
    printed = {place: units[place].label for place in levels}
    while True:
        read = _read(units, levels, printed)
        wrong = [place for place in printed if not _is_read_as(read[place], units[place], printed[place])]
        if not wrong:
            break
        for place in wrong:
            del printed[place]
    return {
        place: _written(units[place], level, printed[place], read[place])
        if place in printed
        else Written(level, "", _told(units[place]))
        for place, level in levels.items()
    }


def _read(units: Sequence[Unit], levels: Mapping[int, int], printed: Mapping[int, str]) -> dict[int, numbering.Heading]:
    """What the importer reads out of headings with these numbers before their titles."""
    titles = [(levels[place], _words(units[place], before)) for place, before in printed.items()]
    return dict(zip(printed, numbering.read(titles), strict=True))


def _words(unit: Unit, before: str) -> str:
    return words_of(f"{escape(before)} {unit.html}") or UNTITLED


def _is_read_as(read: numbering.Heading, unit: Unit, before: str) -> bool:
    """Whether the number is read as it is, and nothing else is taken for one."""
    prefix = read.prefix.strip()
    is_whole = prefix == before and str(escape(before)) == before
    return (read.label, read.own_label) == (unit.label, unit.own_label) and is_whole


def _written(unit: Unit, level: int, before: str, read: numbering.Heading) -> Written:
    said = Attributes(
        kind="" if read.kind == unit.kind else unit.kind, title=None if read.title == unit.title else unit.title
    )
    return Written(level, before, said)


def _told(unit: Unit) -> Attributes:
    """All that has to be said of a heading whose number cannot be read out of its words."""
    words = _words(unit, "")
    read = numbering.labelled(unit.label, words)
    title = "" if words == UNTITLED and unit.label else words
    return Attributes(
        kind="" if read.kind == unit.kind else unit.kind, label=unit.label,
        mark=None if read.own_label == unit.own_label else unit.own_label, title=None if title == unit.title else unit.title,
    )  # fmt: skip
