"""The structure of a text somebody has uploaded, as it is corrected before it becomes the draft: read part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import undefer

from consult.consultations import queries as consultations
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.core.text import excerpt

from . import preview, queries, reshaping
from .desk import BULLETS
from .models import StagedDraft
from .parsed import Unit, from_json
from .weaving import cut

FULL_SHEET = 100  # parts; a sheet ends before the next heading
LARGEST_SHEET = 140
MOST_PLACES = 200
# Where a new part may begin: after a sentence or a line, before "(a)" or "1)".
BREAK = re.compile(r"(?<=[.!?;:。！？；])[\"”’»)\]]*\s*(?=\S)|\n\s*(?=\S)|(?<!\s)\s+(?=\(?[a-zA-Z0-9]{1,4}\)\s)")
WORD = re.compile(r"(?<!\s)\s+(?=\S)")


class Asked(Record):
    """Which part is to be opened, else which sheet; and whether it may be divided before any word."""

    unit: str = ""
    sheet: int = 1
    by_word: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Asked:
        sheet = arguments.get("sheet", "")
        is_number = sheet.isascii() and sheet.isdecimal() and len(sheet) < 6
        return cls(arguments.get("unit", ""), int(sheet) if is_number else 1, arguments.get("by") == "word")


class Place(Record):
    """Where a unit may be divided, and the words that would begin the new one."""

    at: int
    words: str


class Opened(Record):
    """The unit that is being corrected, the one above it, and where it may be divided."""

    unit: Unit
    above: Unit | None
    places: Sequence[Place]
    by_word: bool

    @property
    def number(self) -> str:
        """Its printed number."""
        unit = self.unit
        return unit.label if unit.is_heading else "" if unit.own_label in BULLETS else unit.own_label


class Sheet(Record):
    """A stretch of the list of parts, by what it begins with."""

    number: int
    start: int
    end: int
    name: str


class StructurePage(Record):
    """One sheet of the parts of a text, and the corrections made so far, the newest first."""

    header: consultations.Header
    staged: StagedDraft
    units: Sequence[Unit]
    sheets: Sequence[Sheet]
    sheet: Sheet
    opened: Opened | None
    told: Sequence[str]
    counts: str

    def goes_on_at(self, edit: reshaping.Edit) -> str:
        """The key of the unit one goes on from after an edit."""
        is_gone = isinstance(edit, reshaping.Merge | reshaping.Omit)
        if self.opened is None or not is_gone:
            return edit.unit
        return self.opened.above.key if self.opened.above else ""


def structure_page(*, viewer: Actor, slug: str, asked: Asked | None = None) -> StructurePage | None:
    """The parts of the text this person looks at, corrected; None if there is none. Missing for who is not of the staff."""
    asked = asked or Asked()
    header = queries.manage_header(viewer=viewer, slug=slug)
    mine = (StagedDraft.consultation_id == header.consultation.id) & (StagedDraft.person_id == viewer.person_id)
    staged = db.session.scalars(select(StagedDraft).options(undefer(StagedDraft.parsed)).where(mine)).first()
    if staged is None:
        return None
    corrected = reshaping.replay(from_json(staged.parsed), reshaping.from_json(staged.edits))
    units = corrected.draft.units
    place = next((place for place, unit in enumerate(units) if unit.key == asked.unit), None)
    found = sheets(units)
    at = found[min(max(asked.sheet, 1), len(found)) - 1]
    if place is not None:
        at = next(sheet for sheet in found if sheet.start <= place < sheet.end)
    return StructurePage(
        header=header, staged=staged, units=units[at.start : at.end], sheets=found, sheet=at,
        opened=None if place is None else _opened(units, place, asked.by_word), told=corrected.told[::-1],
        counts=preview.counted(corrected.draft.counts),
    )  # fmt: skip


def sheets(units: Sequence[Unit]) -> list[Sheet]:
    """The list of parts in stretches of about a hundred, each beginning with a heading if it can."""
    starts = [0]
    for place, unit in enumerate(units):
        size = place - starts[-1]
        if size >= LARGEST_SHEET or (size >= FULL_SHEET and unit.is_heading):
            starts.append(place)
    return [
        Sheet(number, start, end, _name(units[start]))
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(units)], strict=True), 1)
    ]


def _name(unit: Unit) -> str:
    return " ".join(filter(None, (unit.label, excerpt(unit.title, 60)))) or excerpt(unit.text, 60)


def _opened(units: Sequence[Unit], place: int, by_word: bool) -> Opened:
    unit, above = units[place], units[place - 1] if place else None
    return Opened(unit, above, list(_places(unit, WORD if by_word else BREAK)), by_word)


def _places(unit: Unit, pattern: re.Pattern[str]) -> Iterator[Place]:
    """The first places where the pattern lets a new part begin, and the HTML can be cut."""
    count = 0
    for match in pattern.finditer(unit.text):
        at = match.end()
        if 0 < at < len(unit.text) and cut(unit.html, unit.text, at):
            count += 1
            yield Place(at, excerpt(unit.text[at : at + 200], 60))
            if count == MOST_PLACES:
                return
