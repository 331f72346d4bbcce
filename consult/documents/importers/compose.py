"""From blocks to units: what every importer does alike, so that one standard gives the same clauses in any format.

A heading opens a unit that what follows belongs to; all else is counted below it ("6.3, paragraph 2") and gets a key
of its own. Pure: blocks in, ParsedDraft out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import escape

from consult.core.errors import Invalid
from consult.core.text import excerpt

from ..parsed import Builder, ParsedDraft, Unit, slug, words_of
from . import numbering
from .dialect import tidy_html

MOST_HEADINGS = 10_000
MOST_UNITS = 60_000
DEEPEST = 40  # levels of lists and quotations inside each other
LARGEST_UNIT = 20_000  # characters of HTML; a larger table or listing is cut where it can be
LETTERS = {
    "paragraph": "p", "point": "i", "table": "t", "figure": "f", "note": "n", "code": "c", "quote": "q", "term": "d",
    "recital": "r",
}  # fmt: skip
WORDS = {"point": "item", "code": "listing", "quote": "quotation"}
NOTE = re.compile(r"\W*(note|notes|example|examples|warning|\[!\w+\])\b", re.IGNORECASE)
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
HEADING = "heading"
FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing in a text. `kind` is a heading, a footnote, or the kind of a unit; `html` of a heading is its title
    without the number, of a listing its bare text. `names` are ids in the source, the one that gives the key first.
    """

    kind: str
    html: str
    names: tuple[str, ...] = ()
    level: int = 0  # of a heading: 1 is the highest, 0 that of a title; of others: that of the section they end
    label: str = ""  # the number where the source marks it as such; else it is read out of a heading's words
    mark: str = ""  # what hangs in the margin: "a)", "•"; of a footnote its number
    title: str = ""  # of a term
    as_kind: str = ""  # what a heading is, where the source says so
    below: tuple[Block, ...] = ()  # what belongs to a point after its own words
    links: tuple[str, ...] = ()  # further ids that only links may use
    line: int = 0  # in the source, for remarks


def compose(
    blocks: Sequence[Block], *, title: str, metadata: Mapping[str, str], format: str, remarks: Sequence[str] = ()
) -> ParsedDraft:
    """The draft that a list of blocks makes; Invalid (field `file`) with a sentence when there is none."""
    blocks = [replace(b, html=tidy_html(b.html)) if b.kind == HEADING else b for b in blocks]
    headings = [block for block in blocks if block.kind == HEADING]
    refuse_headings(len(headings))
    composer = Composer()
    texts = [words_of(block.html) or ("" if block.label else "Untitled") for block in headings]
    levels = [block.level for block in headings]
    read = iter(numbering.read(list(zip(levels, texts, strict=True)), [block.label for block in headings]))
    for block in blocks:
        if block.kind == HEADING:
            composer.heading(next(read), block)
        elif block.kind != FOOTNOTE:
            composer.close(block.level)
            composer.place(block, composer.parent)
    composer.footnotes([block for block in blocks if block.kind == FOOTNOTE])
    return composer.finish(title, metadata, format, remarks)


def refuse_headings(count: int) -> None:
    """Refuse a text nobody could find a place in."""
    if count > MOST_HEADINGS:
        raise Invalid(
            f"This text has {count:,} headings; {MOST_HEADINGS:,} is the most. Are there stray “#” at the start of"
            " lines? Otherwise consult on it in parts.",
            field="file",
        )


class Composer:
    """Adds a unit for each thing of a text, in order."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.names: list[str] = []  # ids that stood alone before the next unit
        self._links: list[str] = []  # such ids that no key is made of
        self._above: list[tuple[int, int]] = []  # (level, place) of the headings above
        self._labels: set[tuple[int | None, str]] = set()  # printed numbers, with the heading above

    @property
    def parent(self) -> int | None:
        """The place of the heading that what comes next belongs to."""
        return self._above[-1][1] if self._above else None

    def close(self, level: int, *, is_title: bool = False) -> None:
        """End the headings of this level and below; of none when the level is 0 and no title comes."""
        while self._above and (is_title or 0 < level <= self._above[-1][0]):
            self._above.pop()

    def heading(self, heading: numbering.Heading, block: Block) -> None:
        """Add a heading below those of a higher level."""
        self.close(block.level, is_title=block.level == 0)
        names, links = [*self.names, *block.names], [*self._links, *block.links]
        self.names, self._links = [], []
        where = f"Line {block.line:,}: t" if block.line else "T"
        wanted = slug(names[0]) if names else slug(heading.label or heading.title)
        is_twice = (self.parent, heading.label) in self._labels
        if is_twice:
            self.builder.warnings.append(f"{where}he number “{heading.label}” is printed twice.")
        self._labels |= {(self.parent, heading.label)} if heading.label else set()
        wanted = wanted or f"section-{self.builder.count(None, 'untitled')}"
        if self.builder.is_taken(wanted):
            wanted = self._apart(wanted, names, where, is_twice)
        unit = Unit(
            key=wanted, kind=block.as_kind or heading.kind, html=_after_number(block.html, heading),
            text=heading.title, label=heading.label, own_label=heading.own_label, title=heading.title,
            parent=self.parent, is_heading=True, is_named=True,
        )  # fmt: skip
        place = self.builder.add(unit, [*names, *links, slug(f"{heading.prefix} {heading.title}"), slug(heading.title)])
        self._above.append((block.level, place))

    def _apart(self, wanted: str, names: Sequence[str], where: str, is_twice: bool) -> str:
        """A key for a heading whose own is taken: below its parent's, else with a suffix, which is told."""
        if names:
            self.builder.warnings.append(
                f"{where}he id “{names[0]}” is used twice; the second one is reached as “{self.builder.free(wanted)}”."
            )
        if names or is_twice or self.parent is None:
            return wanted
        return f"{self.builder.units[self.parent].key}-{wanted}"

    def place(self, block: Block, parent: int | None) -> None:
        """Add a block that is no heading, and what is below it; very long ones are cut where they can be."""
        if block.kind == "code":
            for part in gather(block.html.splitlines(keepends=True), LARGEST_UNIT) or [""]:
                html = f"<pre><code>{escape(part)}</code></pre>"
                self.add(block.kind, html, parent, block.names, text=part.rstrip("\n"), links=block.links)
            return
        html = tidy_html(block.html)
        if block.kind == "table" and len(html) > LARGEST_UNIT and _can_be_cut(html):
            for part in cut_table(html):
                self.add(block.kind, part, parent, block.names, links=block.links)
            return
        at = self.add(
            block.kind, html, parent, block.names, own_label=block.mark, label=block.label, title=block.title,
            is_kept=bool(block.below), links=block.links,
        )  # fmt: skip
        for inner in block.below:
            self.place(inner, parent if at is None else at)

    def add(
        self, kind: str, html: str, parent: int | None, names: Sequence[str] = (), *,
        own_label: str = "", text: str = "", is_kept: bool = False, label: str = "", title: str = "",
        links: Sequence[str] = (),
    ) -> int | None:  # fmt: skip
        """Add a counted unit below `parent`, with a label of its own if one is printed; nothing without words unless
        `is_kept`. Returns its place.
        """
        if not is_kept and not words_of(html):
            self.names += names
            self._links += links
            return None
        number = self.builder.count(parent, kind)
        above = None if parent is None else self.builder.units[parent]
        counted = f"{LETTERS.get(kind, kind)}{number}"
        wanted = slug(names[0]) if names else slug(label)
        is_named = bool(wanted) and not self.builder.is_taken(wanted)
        if not is_named:
            wanted = f"{above.key}-{counted}" if above else counted
        word = WORDS.get(kind, kind)
        label = label or (
            f"{excerpt(above.label or above.title, 40)}, {word} {number}" if above else f"{word.capitalize()} {number}"
        )
        waiting, self.names, self._links = [*self.names, *self._links], [], []
        return self.builder.add(
            Unit(wanted, kind, html, text, label, own_label, title, parent, is_named=is_named),
            [*waiting, *names, *links],
        )

    def footnotes(self, notes: Sequence[Block]) -> None:
        """Add the footnotes below a heading of their own, at the end; each `html` is cleaned here."""
        if not notes:
            return
        top = self.builder.add(
            Unit(self.builder.free("footnotes"), "clause", "Footnotes", "Footnotes", title="Footnotes", is_heading=True)
        )
        for number, note in enumerate(notes, 1):
            key = f"footnote-{slug(note.mark) or f'number-{number}'}"
            self.builder.add(
                Unit(
                    key, "footnote", tidy_html(note.html), "", f"Footnote {note.mark}", note.mark, parent=top,
                    is_named=True,
                ),
                [f"footnote {note.mark}", *note.names, *note.links],
            )  # fmt: skip

    def finish(self, title: str, metadata: Mapping[str, str], format: str, remarks: Sequence[str] = ()) -> ParsedDraft:
        """The draft; without a title of its own it is called by its first heading or words."""
        draft = self.builder
        if not any(unit.text or (unit.is_heading and unit.label) for unit in draft.units):
            raise Invalid("There are no words in this text. Choose the file that holds the draft.", field="file")
        if len(draft.units) > MOST_UNITS:
            raise Invalid(
                f"This text has {len(draft.units):,} paragraphs, points and tables; {MOST_UNITS:,} is the most."
                " Consult on it in parts.",
                field="file",
            )
        draft.warnings += remarks
        headings = [unit for unit in draft.units if unit.is_heading]
        if not headings:
            draft.warnings.insert(0, "There are no headings, so the text is one long page without contents.")
        title = title or (headings[0].title if headings else excerpt(draft.units[0].text, 80))
        return draft.finish(title, metadata, format)


def _after_number(html: str, heading: numbering.Heading) -> str:
    """A heading's HTML without the number printed before the title."""
    if not heading.prefix:
        return html
    return html[len(heading.prefix) :].strip() if html.startswith(heading.prefix) else str(escape(heading.title))


def _can_be_cut(html: str) -> bool:
    return "rowspan" not in html and html.count("<table>") == html.count("<tbody>") == 1


def cut_table(html: str) -> list[str]:
    """A large table in parts, each with the head."""
    head, _, rows = html.partition("<tbody>")
    pieces = ROW.findall(rows)
    return [f"{head}<tbody>{part}</tbody></table>" for part in gather(pieces, LARGEST_UNIT)]


def gather(pieces: Sequence[str], largest: int) -> list[str]:
    """Join pieces into parts of at most `largest` characters (a larger piece stays whole)."""
    parts: list[list[str]] = []
    size = largest
    for piece in pieces:
        if size + len(piece) > largest:
            parts.append([])
            size = 0
        parts[-1].append(piece)
        size += len(piece)
    return ["".join(part) for part in parts]
