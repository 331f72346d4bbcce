"""A draft on the desk of somebody who corrects its structure: units in order, each with a depth.

Pure. Who is below whom follows from order and depth, so that taking out and putting in never leaves a wrong parent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from markupsafe import escape

from consult.core.errors import Conflict
from consult.core.records import replace
from consult.core.text import excerpt

from .importers.outline import LETTERS, WORDS
from .parsed import INNER_LINK, RESERVED, Builder, ParsedDraft, Unit, slug, words_of

BULLETS = ("", "•", "-", "–", "*", "+")
LISTED = re.compile(r"(\((?:[a-z]{1,2}|[ivxl]{1,5}|\d{1,2})\))\s+(?=\S)")
COUNTED_AFTER = re.compile(r"-\d+$")
DIGIT = re.compile(r"\d")
COUNTED = re.compile(r"(?<!\w)(\w+) \d+$")  # a label: "5.2, item 3"
COUNTED_KEY = re.compile(r"(?:^|-)([a-z]+)\d+(?:-\d+)?$")
ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)


@dataclass(slots=True)
class Row:
    """A unit and its depth. `word` is the one of a counted label ("item" of "5.2, item 3"), `letters` those of a
    counted key; `makes_key`: its key is made anew when the draft is kept.
    """

    unit: Unit
    depth: int
    word: str = ""
    letters: str = ""
    makes_key: bool = False

    def count_as(self, kind: str) -> None:
        """Its label is counted, as one of this kind."""
        self.word, self.letters = WORDS.get(kind, kind), LETTERS.get(kind, kind[0])

    @property
    def is_called_by_number(self) -> bool:
        """Whether its key was made from a number, so that it is wrong when that is; one of words outlives numbers."""
        key = self.unit.key
        return bool(DIGIT.search(key)) and key in (slug(self.unit.label), slug(self.unit.title))

    @property
    def is_called_by_title(self) -> bool:
        """Whether its key was made from its number or title, which a text has not."""
        keys = (self.unit.key, COUNTED_AFTER.sub("", self.unit.key))
        made = [words for words in (slug(self.unit.label), slug(self.unit.title)) if words]
        return any(key == words or key.endswith(f"-{words}") for key in keys for words in made)


class Desk:
    """The rows of a draft, and where links to rows that are gone lead."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.rows = [_row(unit, None if unit.parent is None else units[unit.parent]) for unit in units]
        self._left_out = self._numbers_left_out(units)
        self._gone: dict[str, str | None] = {}
        self._taken = {*RESERVED, *(unit.key for unit in units)}

    def place(self, key: str) -> int:
        """Where the unit with this key is."""
        for place, row in enumerate(self.rows):
            if row.unit.key == key:
                return place
        raise Conflict("This part of the text is not there any more. Look at the list of corrections.")

    def free(self, key: str) -> str:
        """A key nothing has or had: `key` with the first free number."""
        number = 2
        while f"{key}-{number}" in self._taken:
            number += 1
        self._taken.add(f"{key}-{number}")
        return f"{key}-{number}"

    def end(self, at: int) -> int:
        """The place after the last unit below the one at `at`."""
        end = at + 1
        while end < len(self.rows) and self.rows[end].depth > self.rows[at].depth:
            end += 1
        return end

    def line_above(self, at: int) -> Iterator[int]:
        """The places of the units it is below, the nearest first."""
        depth = self.rows[at].depth
        for place in range(at - 1, -1, -1):
            if self.rows[place].depth < depth:
                depth = self.rows[place].depth
                yield place

    def parent(self, at: int) -> int | None:
        return next(self.line_above(at), None)

    def heading_above(self, at: int) -> int | None:
        """The heading it is under."""
        return next((place for place in self.line_above(at) if self.rows[place].unit.is_heading), None)

    def sibling_before(self, at: int) -> int | None:
        """The unit before it that is below the same one."""
        for place in range(at - 1, -1, -1):
            if self.rows[place].depth <= self.rows[at].depth:
                return place if self.rows[place].depth == self.rows[at].depth else None
        return None

    def shift(self, start: int, end: int, by: int) -> None:
        """Move rows some levels deeper, or up."""
        for row in self.rows[start:end]:
            row.depth += by

    def take_out(self, at: int, *, leads_to: str | None) -> None:
        """Take a row away; links to it lead to another, or become plain words."""
        self._gone[self.rows.pop(at).unit.key] = leads_to

    def gather_below(self, at: int, depth: int) -> None:
        """Put the heading at `at` on a level, and below it what follows up to the next heading of that level or above."""
        until = at + 1
        while until < len(self.rows) and not (self.rows[until].unit.is_heading and self.rows[until].depth <= depth):
            until += 1
        self.rows[at].depth = depth
        self._hang(at + 1, until, depth + 1, depth + 1)

    def hand_up(self, at: int, *, keeps_place: bool) -> None:
        """Give what is below the unit at `at` to what is above it; with `keeps_place` the unit too, as a text."""
        row, end = self.rows[at], self.end(at)
        was_heading = row.unit.is_heading or keeps_place
        if not was_heading:  # from a text: to the unit that one is below
            self.shift(at + 1, end, -1)
            return
        heading = next((place for place in range(at - 1, -1, -1) if self.rows[place].unit.is_heading), None)
        depth = 0 if heading is None else self.rows[heading].depth + 1
        self._hang(at + 1, end, depth, min(depth, row.depth + 1))
        row.depth = depth

    def _hang(self, start: int, end: int, text: int, heading: int) -> None:
        """Rows whose parents are not among them go to these depths; those below them follow."""
        line: list[tuple[int, int]] = []  # (old depth, new depth) of the rows above the current one
        for row in self.rows[start:end]:
            while line and line[-1][0] >= row.depth:
                line.pop()
            old, new = row.depth, line[-1][1] + 1 if line else heading if row.unit.is_heading else text
            line.append((old, new))
            row.depth = new

    def finish(self, parsed: ParsedDraft, *, is_settled: bool = False) -> ParsedDraft:
        """The draft as it is on the desk: parents, counted labels, links. `is_settled` makes counted keys anew."""
        parents, counts = self._settle()
        self._label(parents, counts)
        keys = self._keys(parents, counts) if is_settled else {row.unit.key: row.unit.key for row in self.rows}
        leads = {key: keys[there] for key in self._gone if (there := self._leads(key)) is not None} | keys
        builder = Builder()
        builder.warnings += parsed.warnings
        for row, parent in zip(self.rows, parents, strict=True):
            unit = row.unit
            text = unit.text or (unit.title if unit.is_heading else "")
            html = INNER_LINK.sub(lambda m: self._led(m, leads), unit.html)
            builder.add(replace(unit, key=keys[unit.key], parent=parent, text=text, html=html))
        return builder.finish(parsed.title, parsed.metadata, parsed.format, parsed.pictures)

    def _led(self, link: re.Match[str], leads: Mapping[str, str]) -> str:
        """A link to where its unit is now. One to a unit that was left out must not lead to who has its key now."""
        name = unquote(unescape(link[1]))
        if name not in leads and name in leads.values():
            return link[3]
        return f'<a href="#{escape(leads.get(name, name))}"{link[2]}>{link[3]}</a>'

    def _leads(self, key: str) -> str | None:
        """Where links to a row that is gone lead in the end."""
        found: str | None = key
        while found in self._gone:
            found = self._gone[found]
        return found

    def _settle(self) -> tuple[list[int | None], list[int]]:
        """The parent of each row, and which of its kind below that parent it is; no row is deeper than it can be."""
        line: list[int] = []
        parents, counts = list[int | None](), list[int]()
        counters: dict[tuple[int | None, str], int] = defaultdict(int)
        for place, row in enumerate(self.rows):
            row.depth = min(row.depth, len(line))
            del line[row.depth :]
            parent = line[-1] if line else None
            if row.unit.is_heading:
                while line and not self.rows[line[-1]].unit.is_heading:
                    line.pop()
                row.depth, parent = len(line), line[-1] if line else None
            line.append(place)
            parents.append(parent)
            word = row.word or WORDS.get(row.unit.kind, row.unit.kind)
            counters[parent, word] += 1
            above = "" if parent is None else self.rows[parent].unit.key
            counts.append(counters[parent, word] + self._left_out.get((above, word), 0))
        return parents, counts

    def _numbers_left_out(self, units: Sequence[Unit]) -> dict[tuple[str, str], int]:
        """How far from 1 the first counted number below a unit is: the paragraph of an act is its own subparagraph 1."""
        found: dict[tuple[str, str], int] = {}
        counters: dict[tuple[str, str], int] = defaultdict(int)
        for row in self.rows:
            above = "" if row.unit.parent is None else units[row.unit.parent].key
            word = row.word or WORDS.get(row.unit.kind, row.unit.kind)
            counters[above, word] += 1
            if row.word:
                found.setdefault((above, word), int(row.unit.label.rpartition(" ")[2]) - counters[above, word])
        return found

    def _label(self, parents: Sequence[int | None], counts: Sequence[int]) -> None:
        """Count the labels anew that were counted."""
        for row, parent, count in zip(self.rows, parents, counts, strict=True):
            if row.word:
                above = None if parent is None else self.rows[parent].unit
                row.unit = replace(row.unit, label=f"{_before(row.word, above)}{count}")

    def _keys(self, parents: Sequence[int | None], counts: Sequence[int]) -> dict[str, str]:
        """The key each row is kept under, by the one it had on the desk."""
        taken = {*RESERVED, *(row.unit.key for row in self.rows if not row.makes_key)}
        keys: dict[str, str] = {}
        for row, parent, count in zip(self.rows, parents, counts, strict=True):
            unit = row.unit
            if row.makes_key:
                above = None if parent is None else keys[self.rows[parent].unit.key]
                wanted = (
                    slug(unit.label or unit.title) or "section"
                    if unit.is_heading
                    else _counted_key(row.letters, above, count)
                )
                keys[unit.key] = _free(wanted, taken)
                taken.add(keys[unit.key])
            else:
                keys[unit.key] = unit.key
        return keys


def _free(key: str, taken: set[str]) -> str:
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}-{number}"
    return found


def _counted_key(letters: str, above: str | None, count: int) -> str:
    return f"{letters}{count}" if above is None else f"{above}-{letters}{count}"


def _before(word: str, above: Unit | None) -> str:
    """What stands before the number in a counted label."""
    return f"{word.capitalize()} " if above is None else f"{excerpt(above.label or above.title, 40)}, {word} "


def _row(unit: Unit, above: Unit | None) -> Row:
    """A unit as it was found, with how its label and its key were counted."""
    row, label = Row(unit, unit.depth), COUNTED.search(unit.label)
    if unit.is_heading or label is None or not unit.label.startswith(_before(label[1].lower(), above)):
        return row
    key = COUNTED_KEY.search(unit.key)
    row.word, row.makes_key = label[1].lower(), not unit.is_named
    row.letters = key[1] if key else LETTERS.get(unit.kind, unit.kind[0])
    return row


def mark_of(unit: Unit) -> str:
    """What is printed before the words of a text: its number, and a title of its own."""
    if unit.is_heading:
        return ""
    return " ".join(filter(None, ("" if unit.own_label in BULLETS else unit.own_label, unit.title)))


def inline(unit: Unit) -> str:
    """The HTML of a unit without the paragraph around it."""
    if unit.is_heading:
        return unit.html
    one = ONE_PARAGRAPH.fullmatch(unit.html)
    return one[1].strip() if one else str(escape(unit.text))


def joined(above: Unit, unit: Unit) -> Unit:
    """Two texts as one: a paragraph goes on in the paragraph above it, anything else stands below it."""
    html, mark = unit.html, str(escape(mark_of(unit)))
    if mark:
        html = f"<p>{mark} {html.removeprefix('<p>')}" if html.startswith("<p>") else f"<p>{mark}</p>{html}"
    if above.html.endswith("</p>") and html.startswith("<p>"):
        html = f"{above.html.removesuffix('</p>')} {html.removeprefix('<p>')}"
    else:
        html = above.html + html
    is_plain = all(one.text == words_of(one.html) for one in (above, unit))
    words = "\n".join(filter(None, (above.text, mark_of(unit), unit.text)))
    return replace(above, html=html, text=words_of(html) if is_plain else words)
