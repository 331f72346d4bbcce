"""Corrections of the structure an importer found: each is a small edit, and a draft is what was found with all edits replayed.

Pure. A text in reading order with a depth for each unit says everything about who is below whom, so edits change the
order and the depths, and `finish` works out parents, counted numbers and links from them. Keys stay while one edits,
because edits name units by them; `settled` gives what is kept, where keys that were counted are counted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from markupsafe import escape

from consult.core.errors import Conflict, Invalid
from consult.core.records import Record, replace
from consult.core.text import excerpt

from .desk import BULLETS, LISTED, Desk, Row, inline, joined, mark_of
from .graphemes import widen
from .importers import numbering
from .importers.outline import LARGEST_UNIT
from .parsed import ParsedDraft, Unit
from .preview import NAMES
from .weaving import cut

MOST_EDITS = 1_000
LONGEST_TITLE = 200
LONGEST_NUMBER = 40
AROUND = "(). "  # what stands around a number in the margin
HEADINGS = ("article", "annex", "title", "chapter", "section", "subsection", "clause")
TEXTS = tuple(kind for kind in NAMES if kind not in HEADINGS)


class Merge(msgspec.Struct, frozen=True, tag="merge"):
    """A unit goes on where the one above it ends."""

    unit: str


class Split(msgspec.Struct, frozen=True, tag="split"):
    """A new unit begins at code point `at` of the text."""

    unit: str
    at: int


class Renumber(msgspec.Struct, frozen=True, tag="renumber"):
    """Another printed number; none when it is empty."""

    unit: str
    number: str


class Rekind(msgspec.Struct, frozen=True, tag="rekind"):
    """Another kind; between a heading and a text what is below it changes too."""

    unit: str
    kind: str


class Move(msgspec.Struct, frozen=True, tag="move"):
    """A level deeper, below what stands before it, or a level up."""

    unit: str
    is_deeper: bool


class Omit(msgspec.Struct, frozen=True, tag="omit"):
    """It is not part of the text: a page number, a running title."""

    unit: str


Edit = Merge | Split | Renumber | Rekind | Move | Omit


class Corrected(Record):
    """A draft with its corrections, and each of them in words."""

    draft: ParsedDraft
    told: Sequence[str]


def to_json(edits: Sequence[Edit]) -> str:
    """Edits as they are kept; `from_json` reads them."""
    return msgspec.json.encode(edits).decode()


def from_json(text: str) -> list[Edit]:
    """What `to_json` wrote."""
    return msgspec.json.decode(text, type=list[Edit])


def replay(parsed: ParsedDraft, edits: Sequence[Edit]) -> Corrected:
    """The draft one goes on correcting: keys are those the edits use. Invalid with a sentence when one cannot be done."""
    desk, told = _edited(parsed, edits)
    return Corrected(desk.finish(parsed) if edits else parsed, told)


def settled(parsed: ParsedDraft, edits: Sequence[Edit]) -> ParsedDraft:
    """The draft to keep: keys that were made by counting, or from a number that was corrected, are made anew."""
    if not edits:
        return parsed
    desk, _ = _edited(parsed, edits)
    return desk.finish(parsed, is_settled=True)


def _edited(parsed: ParsedDraft, edits: Sequence[Edit]) -> tuple[Desk, list[str]]:
    if len(edits) > MOST_EDITS:
        raise Conflict(f"These are more than {MOST_EDITS:,} corrections. Correct the file itself, and upload it again.")
    desk = Desk(parsed.units)
    return desk, [DO[type(edit)](desk, edit) for edit in edits]


def _merge(desk: Desk, edit: Merge) -> str:
    at = desk.place(edit.unit)
    if at == 0:
        raise Invalid("Nothing stands above it. It is the first part of the text.")
    above, row = desk.rows[at - 1], desk.rows[at]
    told = f"Merged {_name(row.unit)} with {_name(above.unit)}"
    if len(above.unit.html) + len(row.unit.html) > LARGEST_UNIT:
        raise Invalid("Together they are too long for one place to comment on.")
    above.unit = _into_heading(above.unit, row.unit) if above.unit.is_heading else _into_text(above.unit, row.unit)
    desk.shift(at + 1, desk.end(at), above.depth - row.depth)
    desk.take_out(at, leads_to=above.unit.key)
    return told


def _into_heading(above: Unit, unit: Unit) -> Unit:
    if unit.is_heading and unit.label:
        raise Invalid(f"It has the number “{unit.label}” of its own. If the two are one heading, empty that first.")
    words = unit.title if unit.is_heading else unit.text
    title = " ".join(f"{above.title} {mark_of(unit)} {words}".split())
    _check_title(title, "Together they are longer than a heading can be")
    html = " ".join(filter(None, (above.html, str(escape(mark_of(unit))), inline(unit))))
    return replace(above, html=html, text=title, title=title)


def _into_text(above: Unit, unit: Unit) -> Unit:
    if unit.is_heading:
        raise Invalid("This is a heading, and a text stands above it. Make it a paragraph first, if it is no heading.")
    return joined(above, unit)


def _split(desk: Desk, edit: Split) -> str:
    at = desk.place(edit.unit)
    row = desk.rows[at]
    unit, start = row.unit, widen(row.unit.text, edit.at, edit.at)[0]
    before, after = unit.text[:start].rstrip(), unit.text[start:].lstrip()
    if edit.at < 0 or not before or not after:
        raise Invalid("Choose a place inside the words.", field="at")
    halves = cut(unit.html, unit.text, start)
    if halves is None:
        raise Invalid(
            "It cannot be divided there, inside a row of a table, an item of a list, or a figure.", field="at"
        )
    key, (first, second) = desk.free(unit.key), halves
    row.unit = replace(unit, html=first, text=before, title=before if unit.is_heading else unit.title)
    new = Unit(key, "paragraph" if unit.is_heading else unit.kind, second, after)
    if unit.is_heading:
        new = replace(new, html=f"<p>{second}</p>")
    new = _listed(new)
    beside = Row(new, row.depth + unit.is_heading, row.word, row.letters, makes_key=True)
    if not row.word or new.kind != unit.kind:
        beside.count_as(new.kind)
    desk.rows.insert(at + 1, beside)
    return f"Divided {_name(row.unit)} before {_name(new)}"


def _listed(unit: Unit) -> Unit:
    """With "(b)" at its beginning as its number, where it begins so."""
    mark = LISTED.match(unit.text)
    halves = cut(unit.html, unit.text, mark.end()) if mark and unit.kind in ("paragraph", "point") else None
    if mark is None or halves is None:
        return unit
    return replace(unit, kind="point", own_label=mark[1], html=halves[1], text=unit.text[mark.end() :])


def _renumber(desk: Desk, edit: Renumber) -> str:
    at = desk.place(edit.unit)
    row = desk.rows[at]
    number, unit = " ".join(edit.number.split()), row.unit
    if len(number) > LONGEST_NUMBER:
        raise Invalid(f"A number has at most {LONGEST_NUMBER} characters.", field="number")
    row.unit = _numbered(row, number)
    _cite_below(desk, at, unit, row.unit)
    if number:
        return f"Gave {_name(unit)} the number “{number}”"
    return f"Took the number off {_name(unit)}"


def _numbered(row: Row, number: str) -> Unit:
    """With its number as printed; what it is cited by follows, unless that was counted."""
    unit = _without(row.unit, number)
    if unit.is_heading:
        row.makes_key = row.makes_key or row.is_called_by_number
        found = numbering.labelled(number, unit.title) if number else numbering.Heading("", "", unit.title)
        return replace(unit, label=found.label, own_label=found.own_label)
    if row.word:
        pass  # it is cited by counting, whatever hangs in the margin
    elif not number:
        row.count_as(unit.kind)
    else:
        return replace(unit, own_label=number, label=_cited(unit, number))
    return replace(unit, own_label=number)


def _cited(unit: Unit, number: str) -> str:
    """What a text is cited by once it has this number: "53(2)" instead of "53(1)", "Recital 9" instead of "Recital 8"."""
    old, new = unit.own_label.strip(AROUND), number.strip(AROUND)
    stem = unit.label.removesuffix(")").removesuffix(old) if old else unit.label
    if not new or unit.label.removesuffix(")") == stem:
        return number
    return f"{stem}{new}{')' if unit.label.endswith(')') else ''}"


def _cite_below(desk: Desk, at: int, old: Unit, new: Unit) -> None:
    """Texts below it whose printed citation begins with the old number are cited by the new one."""
    pairs = [(old.label, new.label), (old.own_label, new.own_label)]
    for row in desk.rows[at + 1 : desk.end(at)]:
        for before, after in pairs if not (row.unit.is_heading or row.word) else ():
            rest = row.unit.label.removeprefix(before)
            if before and after and row.unit.label.startswith(before) and not rest[:1].isalnum():
                row.unit = replace(row.unit, label=after + rest)
                break


def _without(unit: Unit, number: str) -> Unit:
    """Without the number at the beginning of its words, where it stands there too."""
    rest = unit.text.removeprefix(number).lstrip(" .:)–—-")
    is_there = bool(number and rest and unit.text.startswith(number) and not unit.text[len(number)].isalnum())
    halves = cut(unit.html, unit.text, len(unit.text) - len(rest)) if is_there else None
    if halves is None:
        return unit
    return replace(unit, html=halves[1], text=rest, title=rest if unit.is_heading else unit.title)


def _rekind(desk: Desk, edit: Rekind) -> str:
    at = desk.place(edit.unit)
    row = desk.rows[at]
    unit = row.unit
    if edit.kind not in NAMES:
        raise Invalid("Choose one of the kinds.", field="kind")
    if edit.kind == "table" and "<table" not in unit.html:
        raise Invalid("There is no table in these words.", field="kind")
    told = f"Made {_name(unit)} {'an' if NAMES[edit.kind][0] in 'aeiou' else 'a'} {NAMES[edit.kind]}"
    if edit.kind in HEADINGS and not unit.is_heading:
        _raise(desk, at, edit.kind)
    elif edit.kind in TEXTS and unit.is_heading:
        _lower(desk, at, edit.kind)
    else:
        row.unit = replace(unit, kind=edit.kind)
        if row.word and unit.kind != edit.kind:
            row.count_as(edit.kind)
    return told


def _raise(desk: Desk, at: int, kind: str) -> None:
    """A text becomes a heading; what follows, up to the next heading of its level or a higher one, goes below it."""
    row = desk.rows[at]
    unit, above = row.unit, desk.heading_above(at)
    words = " ".join(f"{mark_of(unit)} {unit.text}".split())
    _check_title(words, "It is longer than a heading can be", "kind")
    if not words:
        raise Invalid("It has no words, and a heading needs some.", field="kind")
    (found,) = numbering.read([(1, words)])
    title, is_printed = (found.title or words, True) if found.prefix and found.title else (words, False)
    label, own_label = (found.label, found.own_label) if is_printed else ("", "")
    html = inline(unit) if title == unit.text else str(escape(title))
    row.unit = replace(
        unit, kind=kind, html=html, text=title, title=title, label=label, own_label=own_label, is_heading=True,
        is_named=True,
    )  # fmt: skip
    row.makes_key, row.word = row.makes_key or row.is_called_by_number, ""
    depth = 0 if above is None else desk.rows[above].depth + 1
    parts = label.count(".")
    for place in desk.line_above(at):  # "5.2" stands beside "5.1", not below it
        other = desk.rows[place].unit
        if label[:1].isdigit() and other.label[:1].isdigit() and other.label.count(".") == parts:
            depth = desk.rows[place].depth
    desk.gather_below(at, depth)


def _lower(desk: Desk, at: int, kind: str) -> None:
    """A heading becomes a text; what was below it goes to the heading above."""
    row = desk.rows[at]
    unit = row.unit
    row.makes_key = row.makes_key or row.is_called_by_title
    row.count_as(kind)
    row.unit = replace(unit, kind=kind, html=f"<p>{unit.html}</p>", title="", label="", is_heading=False)
    desk.hand_up(at, keeps_place=True)


def _move(desk: Desk, edit: Move) -> str:
    at = desk.place(edit.unit)
    row = desk.rows[at]
    (_deepen if edit.is_deeper else _lift)(desk, at)
    return f"Moved {_name(row.unit)} a level {'deeper' if edit.is_deeper else 'up'}"


def _deepen(desk: Desk, at: int) -> None:
    row, before = desk.rows[at], desk.sibling_before(at)
    if before is None:
        raise Invalid("It is the first on its level, so there is nothing it could go below.")
    if row.unit.is_heading and not desk.rows[before].unit.is_heading:
        raise Invalid("A heading cannot stand below a text.")
    desk.shift(at, desk.end(at), 1)


def _lift(desk: Desk, at: int) -> None:
    row, above = desk.rows[at], desk.parent(at)
    if above is None:
        raise Invalid("It is on the highest level already.")
    if desk.rows[above].unit.is_heading and not row.unit.is_heading:
        raise Invalid("It stands directly below its heading already.")
    desk.shift(at, desk.end(at), -1)


def _omit(desk: Desk, edit: Omit) -> str:
    at = desk.place(edit.unit)
    unit = desk.rows[at].unit
    if len(desk.rows) == 1:
        raise Invalid("It is all there is. A draft needs some words.")
    desk.hand_up(at, keeps_place=False)
    desk.take_out(at, leads_to=None)
    return f"Left out {_name(unit)}"


def _check_title(title: str, sentence: str, field: str | None = None) -> None:
    if len(title) > LONGEST_TITLE:
        raise Invalid(f"{sentence}: {LONGEST_TITLE} characters is the most. Divide it first.", field=field)


def _name(unit: Unit) -> str:
    """What one recognises a unit by: its number and the beginning of its words."""
    number = "" if unit.own_label in BULLETS else unit.own_label
    return f"{number} “{excerpt(unit.title or unit.text, 60)}”".strip()


DO: dict[type, Callable[[Desk, Any], str]] = {
    Merge: _merge, Split: _split, Renumber: _renumber, Rekind: _rekind, Move: _move, Omit: _omit,
}  # fmt: skip
