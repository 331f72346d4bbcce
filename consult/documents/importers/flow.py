"""What a text processor's file is made of, in order; and units made of it.

The walkers of Word and OpenDocument know their formats and give blocks; what blocks mean for one another (a caption
belongs to the table after it, a point lies below the one before) is decided here, once for both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import escape

from consult.core.errors import Invalid
from consult.core.text import clean

from ..parsed import ParsedDraft, PictureFile, slug, words_of
from . import numbering
from .outline import LARGEST_UNIT, MOST_HEADINGS, NOTE, Outline, check_units, gather

ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
SPAN = re.compile(r'rowspan="(\d+)"')
CAPTION_OF_TABLE = re.compile(r"\W*tab", re.IGNORECASE)  # Table, Tableau, Tabelle, Tabla, Tabella, Tabel
MACHINE_NAME = re.compile(r"_|X[0-9a-f]{38}|OLE_LINK\d|__")  # bookmarks that programs set: link targets, not addresses


@dataclass(slots=True)
class Block:
    """One block. `html` is inline HTML (of a table, figure or code: the whole element)."""

    kind: str  # heading, paragraph, point, table, figure, caption, code, quote, term, definition
    html: str
    level: int = 0  # of a heading, from 1; how deep a point is nested, from 0
    mark: str = ""  # the number or bullet the program prints before it
    names: list[str] = field(default_factory=list)  # bookmarks
    words: str = ""


@dataclass(slots=True)
class Flow:
    """All blocks of a file, with what came beside them."""

    format: str
    blocks: list[Block] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # footnotes and endnotes: mark, HTML
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)

    def compose(self) -> ParsedDraft:
        """The draft; Invalid (field `file`) when there are no words, or too many units."""
        draft = _Composer(_gathered(self.blocks)).outline
        draft.footnotes([(mark, clean(html)) for mark, html in self.notes])
        draft.warnings += self.warnings
        check_units(draft)
        return draft.finish(draft.called(self.title), self.metadata, self.format, self.pictures)


def _gathered(blocks: Sequence[Block]) -> list[Block]:
    """Captions go into what they belong to, lines of one listing and parts of one term together; empty blocks out."""
    done: list[Block] = []
    captions: list[Block] = []  # wait for the table or figure after them
    for block in blocks:
        if block.kind == "caption":
            if done and not captions and _takes(done[-1], block, before=False):
                _caption(done[-1], block)
            else:
                captions.append(block)
            continue
        for caption in captions:
            if caption is captions[-1] and _takes(block, caption, before=True):
                _caption(block, caption)
            else:
                done.append(_plain(caption))
        captions = []
        if not _joined(done, block):
            done.append(block)
    return done + [_plain(caption) for caption in captions]


def _plain(caption: Block) -> Block:
    return Block("paragraph", caption.html, names=caption.names)


def _takes(block: Block, caption: Block, *, before: bool) -> bool:
    """Whether a caption belongs to this block: a table's stands above or below it, a figure's mostly below."""
    is_of_table = bool(CAPTION_OF_TABLE.match(words_of(caption.html)))
    if block.kind == "table":
        return (is_of_table or before) and "<caption>" not in block.html
    return block.kind == "figure" and not is_of_table and "<figcaption>" not in block.html


def _caption(block: Block, caption: Block) -> None:
    block.names = [*caption.names, *block.names]
    if block.kind == "table":
        block.html = block.html.replace("<table>", f"<table><caption>{caption.html}</caption>", 1)
    else:
        block.html = block.html.replace("</figure>", f"<figcaption>{caption.html}</figcaption></figure>", 1)


def _joined(done: list[Block], block: Block) -> bool:
    """Put a block into the one before, where the two are one."""
    last = done[-1] if done else None
    if last is None:
        return False
    if block.kind == last.kind == "code":
        last.words, last.names = f"{last.words}\n{block.words}", [*last.names, *block.names]
        return True
    if block.kind == "definition" and last.kind == "term":
        last.html, last.names = f"{last.html}<dd>{block.html}</dd>", [*last.names, *block.names]
        return True
    if block.kind == "more" and last.kind == "point":  # an item goes on without a mark
        last.html = f"{last.html}</p><p>{block.html}"
        return True
    return False


class _Composer:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self.outline = Outline()
        self.points: list[tuple[int, int]] = []  # (how deep, place) of the open points
        heads = [block for block in blocks if block.kind == "heading"]
        if len(heads) > MOST_HEADINGS:
            raise Invalid(
                f"This text has {len(heads):,} headings; {MOST_HEADINGS:,} is the most. Is a heading style used for"
                " ordinary paragraphs? Otherwise consult on it in parts.",
                field="file",
            )
        read = numbering.read([(b.level, words_of(b.html) or "Untitled") for b in heads], [b.mark for b in heads])
        numbers = iter(read)
        for block in blocks:
            if block.kind != "point":
                self.points = []
            if block.kind == "heading":
                self.heading(block, next(numbers))
            else:
                self.block(block)

    def heading(self, block: Block, heading: numbering.Heading) -> None:
        """A heading is addressed by its number, else its title; programs put bookmarks on headings that shift."""
        self.outline.heading(block.level, heading, clean(block.html), block.names)

    def block(self, block: Block) -> None:
        kinds = {
            "point": self.point, "code": self.code, "table": self.table, "figure": self.figure, "term": self.term,
            "quote": self.quote,
        }  # fmt: skip
        kinds.get(block.kind, self.paragraph)(block)

    def paragraph(self, block: Block) -> None:
        kind = "note" if NOTE.match(words_of(block.html)) else "paragraph"
        for part in _parts_of_paragraph(block.html):
            self.add(kind, f"<p>{part}</p>", block)

    def quote(self, block: Block) -> None:
        self.add("quote", f"<blockquote><p>{block.html}</p></blockquote>", block)

    def figure(self, block: Block) -> None:
        self.add("figure", _with_caption(block.html), block)

    def table(self, block: Block) -> None:
        for part in _parts_of_table(block.html):
            self.add("table", part, block)

    def code(self, block: Block) -> None:
        for part in gather(block.words.splitlines(keepends=True)):
            self.add("code", f"<pre><code>{escape(part)}</code></pre>", block, text=part.rstrip("\n"))

    def term(self, block: Block) -> None:
        """A term with its definition; its number, where it has one, is what it is cited by."""
        term, begins, definition = block.html.partition("<dd>")
        html = f"<dl><dt>{term}</dt>{begins}{definition}</dl>"
        if block.mark and not self.outline.is_taken(slug(block.mark)):
            self.outline.numbered("term", block.mark, clean(html), self.outline.parent, block.names)
        else:
            self.add("term", html, block, own_label=block.mark)

    def add(self, kind: str, html: str, block: Block, *, text: str = "", own_label: str = "") -> int | None:
        """Add a counted unit; only a bookmark that somebody gave on purpose becomes its address."""
        parent = self.points[-1][1] if kind == "point" and self.points else self.outline.parent
        place = self.outline.counted(
            kind, clean(html, with_pictures=True), parent, _lasting(block.names), text=text, own_label=own_label
        )
        if place is None:
            self.outline.names += [name for name in block.names if name not in self.outline.names]
            return None
        for name in block.names:
            self.outline.anchors.setdefault(name, self.outline.units[place].key)
        return place

    def point(self, block: Block) -> None:
        """A point lies below the last one that is less deep; one with a number like 5.2.1 is cited by that."""
        while self.points and self.points[-1][0] >= block.level:
            self.points.pop()
        parent = self.points[-1][1] if self.points else self.outline.parent
        html = f"<p>{block.html}</p>"
        number = block.mark.rstrip(".:)")
        is_cited = bool(numbering.DECIMAL.fullmatch(number)) and not self.outline.is_taken(slug(number))
        if is_cited and words_of(html):
            place: int | None = self.outline.numbered("paragraph", number, clean(html), parent, block.names)
        else:
            place = self.add("point", html, block, own_label=block.mark or "•")
        if place is not None:
            self.points.append((block.level, place))


def _lasting(names: Sequence[str]) -> list[str]:
    return [name for name in names if not MACHINE_NAME.match(name) and slug(name)]


def _with_caption(html: str) -> str:
    """A figure always has words that can be seen: its caption, else what its picture is said to show."""
    if "<figcaption>" in html:
        return html
    told = "; ".join(re.findall(r'alt="([^"]+)"', html)) or "A picture without a caption"
    return html if words_of(html) else html.replace("</figure>", f"<figcaption>{told}</figcaption></figure>", 1)


def _parts_of_table(html: str) -> list[str]:
    """A large table in several, cut between rows, never through a cell that spans some."""
    if len(html) <= LARGEST_UNIT:
        return [html]
    start = html.find("<tr>")
    end = html.rfind("</tr>") + len("</tr>")
    pieces: list[str] = []
    held, room = "", 0
    for row in _rows(html[start:end]):
        held += row
        room = max([room - 1, *(int(span) - 1 for span in SPAN.findall(row))])
        if room <= 0:
            pieces.append(held)
            held, room = "", 0
    if held:
        pieces.append(held)
    return [f"{html[:start] if not n else '<table>'}{part}</table>" for n, part in enumerate(gather(pieces))]


def _rows(html: str) -> list[str]:
    """The outer rows; a table inside a cell stays with its row."""
    rows, depth, start = [], 0, 0
    for match in re.finditer(r"<(/?)tr>", html):
        depth += -1 if match[1] else 1
        if depth == 0:
            rows.append(html[start : match.end()])
            start = match.end()
    return rows


def _parts_of_paragraph(html: str) -> list[str]:
    """A very long paragraph in parts, cut at its line breaks."""
    if len(html) <= LARGEST_UNIT or "<br>" not in html:
        return [html]
    return gather([f"{line}<br>" for line in html.split("<br>")])
