"""A draft in plain text: headings with printed numbers, lists by their marks, what is set in from the margin.

Pure: text in, ParsedDraft out. Lines are looked at one by one and only while they are short, so time grows with the
length of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import escape

from consult.core.errors import Invalid

from ..parsed import ParsedDraft, paragraph
from .compose import HEADING, Block, compose
from .density import is_crowded
from .eu_act import letter, roman
from .markdown import DEEPEST
from .outline import NOTE
from .plain_heads import Chunk, Head, chunks_of, heads, is_capitals
from .plain_pages import LONGEST_LINE, bare_lines
from .source import tidy

MARK = re.compile(
    r"(?P<mark>[-*•–—]|o(?=\s\s)|\d{1,3}(?:\.\d{1,3}){0,3}[.)]|\((?:\d{1,3}|[a-zA-Z]{1,4})\)|[a-z][.)]|[A-Z]\)"
    r"|[ivxl]{1,6}[.)])\s+(?=\S)"
)
MARKDOWN = re.compile(
    r"^ {0,3}#{1,6}[ \t]+\S|^ {0,3}(?:```|~~~)|^ {0,8}\|? {0,8}:?-{3,}:?[ \t]*\|"
    r"|\]\(|\]\[|\{#|\*\*\w|^\[\^|</?(?:a|p|h[1-6]|div|table|dl|ul|ol|span)\b|\A-{3,}[ \t]*\n",
    re.MULTILINE | re.IGNORECASE,
)
DRAWN = re.compile(r"\S\s{3,}\S|[+|]-{2}|--[+|>]|\|.{0,150}\||[{};]$|^[<{}]|[─-╿]")
MOST_CAPITALS = 3  # lines in capitals that make a text without numbers one with headings


def is_numbered_text(text: str) -> bool:
    """Whether this is plain text with headings of its own, and shows no sign of Markdown."""
    if is_crowded(text) or MARKDOWN.search(text):
        return False
    chunks = chunks_of(bare_lines(_newlines(text))[0])
    found = heads(chunks, _margin(chunks))
    labelled = [at for at, head in found.items() if head.label]
    return len(labelled) >= 2 or sum(is_capitals(head.words) for head in found.values()) >= MOST_CAPITALS


def parse(text: str) -> ParsedDraft:
    """Cut a plain text into units; Invalid (field `file`) with a sentence when that cannot be done."""
    lines, remarks = bare_lines(_newlines(text))
    chunks = chunks_of(tidy("\n".join(lines)).split("\n")) if any(lines) else []
    margin = _margin(chunks)
    found = heads(chunks, margin)
    title = _title(chunks, found)
    found |= title
    reader = _Reader(margin)
    at = 0
    while at < len(chunks):
        if at in found:
            reader.heading(found[at])
            at += found[at].after
        else:
            reader.chunk(chunks[at])
            at += 1
    name = next((head.words for head in title.values()), "")
    return compose(reader.blocks(), title=name, metadata={}, format="text", remarks=remarks)


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _margin(chunks: Sequence[Chunk]) -> int:
    """The indent most of the text has."""
    indents = Counter[int]()
    for chunk in chunks:
        if len(chunk.lines) > 1 or len(chunk.words) > 60:
            indents[chunk.indent] += len(chunk.lines)
    return indents.most_common(1)[0][0] if indents else 0


def _title(chunks: Sequence[Chunk], found: dict[int, Head]) -> dict[int, Head]:
    """The title of the document above its first heading: a short chunk at the top, or one in the middle of the line."""
    for at, chunk in enumerate(chunks[:4]):
        if found.get(at, Head(0, "", "")).label:
            break
        is_short = len(chunk.lines) <= 3 and len(chunk.words) <= LONGEST_LINE and not chunk.words.endswith((".", ":"))
        if is_short and not MARK.match(chunk.words) and (at == 0 or chunk.indent >= 8) and not _is_drawn(chunk.lines):
            return {at: Head(0, chunk.words, "")}
    return {}


def _is_drawn(lines: Sequence[str]) -> bool:
    """Columns, boxes and code: lines whose blanks matter."""
    marked = sum(bool(DRAWN.search(line.strip()[:LONGEST_LINE])) for line in lines)
    return len(lines) > 1 and marked * 2 >= len(lines)


@dataclass(slots=True)
class _Item:
    """A point of a list while its words are gathered."""

    mark: str
    indent: int
    html: str
    below: list[_Item | Block] = field(default_factory=list)

    def freeze(self) -> Block:
        """The point as a block."""
        return Block("point", self.html, mark=self.mark, below=tuple(_frozen(self.below)))

    def is_beside(self, other: _Item) -> bool:
        """Whether this goes on with the list of another: "(c)" after "(b)", "(ii)" after "(i)", or anew."""
        if _signs(self.mark) != _signs(other.mark):
            return False
        places = zip(_values(other.mark), _values(self.mark), strict=True)
        return self.mark == other.mark or any(0 < before == after - 1 for before, after in places)

    def begins(self) -> bool:
        """Whether this may be the first point of a list."""
        return self.mark == "•" or 1 in _values(self.mark)


def _signs(mark: str) -> str:
    return re.sub(r"\w+", "", mark)


def _values(mark: str) -> tuple[int, int, int]:
    """The place of a mark in a list by numbers, letters, Roman numbers; 0 where in none."""
    bare = re.sub(r"\W", "", mark).lower()
    number = int(bare) if bare.isdecimal() else 0
    return number, letter(bare), roman(bare)


def _frozen(parts: Sequence[_Item | Block]) -> list[Block]:
    return [part.freeze() if isinstance(part, _Item) else part for part in parts]


class _Reader:
    """Goes through the chunks once; lists stay open across empty lines while the text is set in."""

    def __init__(self, margin: int) -> None:
        self.margin = margin
        self.parts: list[_Item | Block] = []
        self.open: list[_Item] = []

    def blocks(self) -> list[Block]:
        """All that was read."""
        return _frozen(self.parts)

    def heading(self, head: Head) -> None:
        self.open = []
        self.parts.append(Block(HEADING, str(escape(head.words)), level=head.level))

    def chunk(self, chunk: Chunk) -> None:
        """Lines that are no heading: a drawing, points, or a paragraph."""
        first = MARK.match(chunk.lines[0].lstrip())
        if not first and _is_drawn(chunk.lines):
            self._close(chunk.indent)
            self._put(Block("code", "".join(f"{line[chunk.indent :]}\n" for line in chunk.lines)))
            return
        rows: list[list[str]] = []
        for line in chunk.lines:
            is_announced = bool(rows) and rows[-1][-1].endswith(":")
            is_point = bool(MARK.match(line.lstrip())) and (bool(first) or is_announced)
            if rows and not is_point:
                rows[-1].append(line)
            else:
                rows.append([line])
        for row in rows:
            mark = MARK.match(row[0].lstrip())
            if mark and (first or row is not rows[0]):
                self._point(mark, row)
            else:
                self._words(row)

    def _point(self, mark: re.Match[str], row: list[str]) -> None:
        indent = len(row[0]) - len(row[0].lstrip())
        words = [row[0].lstrip()[mark.end() :], *row[1:]]
        item = _Item(mark["mark"] if mark["mark"] not in "-*•–o" else "•", indent, _html(words))
        self._close(indent)
        level = [at for at, other in enumerate(self.open) if other.indent == indent]
        goes_on = [at for at in level if item.is_beside(self.open[at])]
        if goes_on:
            del self.open[goes_on[-1] :]
        elif level and not item.begins():
            del self.open[level[-1] :]
        (self.open[-1].below if self.open else self.parts).append(item)
        self.open.append(item)
        if len(self.open) > DEEPEST:
            raise Invalid(
                f"Lists are nested more than {DEEPEST} levels deep. Nobody could find a place in them: bring it to fewer"
                " levels.",
                field="file",
            )

    def _words(self, row: list[str]) -> None:
        """A paragraph without a mark: of the point it is set in below, else of the text."""
        indent = min(len(line) - len(line.lstrip()) for line in row)
        while self.open and self.open[-1].indent >= indent:
            self.open.pop()
        html = _html(row)
        if self.open and not self.open[-1].below:
            self.open[-1].html += html
        elif NOTE.match(" ".join(row)):
            self._put(Block("note", html))
        elif not self.open and indent >= self.margin + 2:
            self._put(Block("quote", f"<blockquote>{html}</blockquote>"))
        else:
            self._put(Block("paragraph", html))

    def _close(self, indent: int) -> None:
        """End the points that are set in more than what comes."""
        while self.open and self.open[-1].indent > indent:
            self.open.pop()

    def _put(self, block: Block) -> None:
        (self.open[-1].below if self.open else self.parts).append(block)


def _html(lines: Sequence[str]) -> str:
    return paragraph("\n".join(line.strip() for line in lines))
