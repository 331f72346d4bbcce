"""A draft as Markdown that a person can read and edit, and that is read back as the same units.

Pure: units in, text out. It keeps the books the importer keeps (`Outline`), and so knows what each unit would be called
and cited by if nothing were said; only what differs is said, in attributes (`importers/attributes.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from consult.core.records import Record, replace

from ..importers import numbering
from ..importers.attributes import NOTHING, Attributes
from ..importers.outline import LARGEST_UNIT, Outline
from ..parsed import Unit, slug, words_of
from . import blocks, elements, headings
from .inline import Inline

DEEPEST_SIGN = 6  # of headings
DEEPEST_LIST = 25  # points inside each other that are set in; Markdown that is nested deeper is not read
SAFE = LARGEST_UNIT * 2 // 3  # characters of HTML: a longer unit says that it is one, or the importer may cut it
ORDERED = re.compile(r"[0-9]{1,9}[.)]")
MARK = re.compile(r"[\w.-]{1,40}", re.ASCII)


def write(title: str, units: Sequence[Unit], metadata: Mapping[str, str] = {}, pictures: Mapping[str, str] = {}) -> str:
    """The text of a Markdown file; reading it gives the same units.

    `pictures` are those that go along (`held.addresses`): their addresses stand at the end, out of the way.
    """
    front = {"title": title} | {name: value for name, value in metadata.items() if name != "title"}
    lines = [
        f"{name}: {json.dumps(value, ensure_ascii=not elements.is_stable(value))}"
        for name, value in front.items()
        if value
    ]
    return "\n".join(["---", *lines, "---", "", _Writer(units, pictures).text()]) + "\n"


class _Item(Record):
    """A point that further points may hang below."""

    place: int
    indent: str


class _Writer:
    def __init__(self, units: Sequence[Unit], pictures: Mapping[str, str]) -> None:
        self.units = units
        self.notes_from = _footnotes_from(units)
        notes = units[self.notes_from + 1 :]
        self.inline = Inline({unit.key: unit.own_label for unit in notes}, pictures)
        self.outline = Outline()
        self.parts: list[tuple[str, str]] = []  # (what may stand right above, text)
        self.items: list[_Item] = []
        self.holders = {unit.parent for unit in units if not unit.is_heading}
        self.headings = headings.write(units[: self.notes_from])

    def text(self) -> str:
        """All units, one after the other."""
        for place, unit in enumerate(self.units[: self.notes_from]):
            if unit.is_heading:
                self._heading(place, unit)
            else:
                self._block(place, unit)
        for unit in self.units[self.notes_from + 1 :]:
            self._footnote(unit)
        self.parts += [("address", f"[{name}]: {address}") for name, address in self.inline.shown.items()]
        return "".join(self._joined())

    def _joined(self) -> list[str]:
        joined: list[str] = []
        before = ""
        for style, text in self.parts:
            if joined:
                joined.append("\n" if before and (style == before or before == "empty") else "\n\n")
            joined.append(text)
            before = style
        return joined

    def _heading(self, place: int, unit: Unit) -> None:
        self.items = []
        written = self.headings[place]
        level = written.level
        self.outline.close(level)
        read = numbering.Heading(unit.label, unit.own_label, unit.title, unit.kind)
        has_name = bool(slug(unit.label or unit.title))
        key = self.outline.heading_key(read) if has_name else ""
        said = replace(
            written.said,
            key="" if key == unit.key else unit.key,
            level=str(level) if level > DEEPEST_SIGN else None,
            below=None if self.outline.parent == unit.parent else self._key(unit.parent),
        )
        self.outline.enter(level, unit)
        before = self.inline.line([written.before], "#")
        words = self.inline.line(_title(unit.html), "#")
        braces = f"{{{said}}}" if said != NOTHING else ""
        self.parts.append(("", " ".join(filter(None, ["#" * min(level, DEEPEST_SIGN), before, words, braces]))))

    def _key(self, place: int | None) -> str:
        return "" if place is None else self.units[place].key

    def _block(self, place: int, unit: Unit) -> None:
        above = self._open(unit.parent)
        is_item = above is not None or unit.kind == "point" or place in self.holders
        written = blocks.write(unit.html, unit.kind, self.inline)
        parent = above.place if above else self.outline.parent
        is_ordered = is_item and ORDERED.fullmatch(unit.own_label)
        mark = unit.own_label if is_ordered else "•" if is_item else ""
        is_empty = not words_of(unit.html) and not blocks.PICTURE.search(unit.html)
        said = self._said(unit, "point" if is_item else written.kind, mark)
        said = replace(said, below=None if parent == unit.parent else self._key(unit.parent))
        if (is_empty and place not in self.holders) or len(unit.html) > SAFE:
            said = replace(said, key=unit.key)
        text = "" if is_empty and place in self.holders else written.text
        self.outline.add(unit)
        self._put(place, text, said, above.indent if above else "", mark, is_simple=written.is_paragraph)

    def _put(self, place: int, text: str, said: Attributes, indent: str, mark: str, *, is_simple: bool) -> None:
        head = f"{{: {said}}}\n" if said != NOTHING else ""
        if not mark:
            self.parts.append(("", _set_in(f"{head}{text}", indent)))
            return
        sign = "-" if mark == "•" else mark
        inner = " " * (len(sign) + 1)
        self.items.append(_Item(place, indent + inner))
        words = _set_in(f"{head}{text}".rstrip("\n"), inner).removeprefix(inner)
        style = "empty" if not text else f"{indent}{sign[-1]}" if is_simple and not head else ""
        self.parts.append((style, _set_in(f"{sign} {words}".rstrip(), indent)))

    def _open(self, parent: int | None) -> _Item | None:
        """The open point this is below; points that are done are closed."""
        at = next((n for n, item in enumerate(self.items) if item.place == parent), None)
        self.items = [] if at is None or at >= DEEPEST_LIST else self.items[: at + 1]
        return self.items[-1] if self.items else None

    def _said(self, unit: Unit, kind: str, mark: str) -> Attributes:
        """What has to be said of a unit that is no heading."""
        number = self.outline.count(unit.parent, unit.kind)
        key, label = self.outline.naming(unit.kind, unit.parent, number)
        own_label = None if unit.label == label else unit.label
        if own_label and slug(own_label) and not self.outline.is_taken(slug(own_label)):
            key = slug(own_label)
        key = self.outline.free(key)
        return Attributes(
            key="" if key == unit.key else unit.key, kind="" if kind == unit.kind else unit.kind, label=own_label,
            mark=None if mark == unit.own_label else unit.own_label, title=unit.title or None,
        )  # fmt: skip

    def _footnote(self, unit: Unit) -> None:
        written = blocks.write(unit.html, unit.kind, self.inline)
        text = _set_in(written.text, "    ").removeprefix("    ")
        gap = " " if written.is_paragraph else "\n\n    "
        self.parts.append(("", f"[^{unit.own_label}]:{gap}{text}"))


def _title(html: str) -> list[elements.Node]:
    """The words of a heading, without the tags of a block around them."""
    nodes = elements.read(html)
    return elements.only(nodes, "p") or nodes


def _set_in(text: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}" if line else line for line in text.split("\n"))


def _footnotes_from(units: Sequence[Unit]) -> int:
    """The place of the heading above the footnotes, if Markdown's own footnotes are the same; else the end."""
    at = next((n for n, unit in enumerate(units) if unit.kind == "footnote"), len(units)) - 1
    notes = units[at + 1 :]
    if not notes or not units[at].is_heading or any(unit.kind != "footnote" for unit in notes):
        return len(units)
    book = Outline()
    for unit in units[:at]:
        book.add(unit)
    book.footnotes([(unit.own_label, unit.html) for unit in notes])
    same = [
        (a.key, a.kind, a.label, a.own_label, a.title, a.parent, a.text)
        == (b.key, b.kind, b.label, b.own_label, b.title, b.parent, b.text)
        for a, b in zip(book.units[at:], units[at:], strict=True)
    ]
    is_named = all(MARK.fullmatch(unit.own_label) and words_of(unit.html) for unit in notes)
    return at if is_named and all(same) and len({u.own_label for u in notes}) == len(notes) else len(units)
