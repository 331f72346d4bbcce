"""Paragraphs and tables of a text processor's file, gathered as blocks by what their styles say they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from consult.core.records import Record

from ..parsed import words_of
from .counting import Mark
from .flow import Block, Flow
from .inline import Words
from .pictures import Album

LONGEST_TITLE = 500
IMAGE = re.compile(r"<img [^>]*>")
SENTENCES = {
    "changes": "The file holds tracked changes ({count:,}). The text is read as if all were accepted.",
    "comments": "The file holds comments ({count:,}). They are not shown.",
    "hidden": "Hidden text ({count:,} pieces) is left out.",
    "chunks": "A piece of another file ({count:,}) is embedded in the text and is left out. Paste its words into the"
    " document instead.",
    "symbols": "Signs of a symbol font ({count:,}) are shown as □. Put in the usual characters for them.",
    "drawings": "A chart or diagram ({count:,}) is not shown; a line stands in its place. Paste it as a picture to have"
    " it shown.",
}


class Shape(Record):
    """What a paragraph is: a heading's level from 1, else what its style is for ("" for plain text)."""

    level: int | None = None
    role: str = ""  # title, caption, quote, code, term, definition, number, contents
    is_hidden: bool = False


class Collector:
    """The blocks of one file, and what of it is not shown."""

    def __init__(self, format: str) -> None:
        self.flow = Flow(format)
        self.album = Album()
        self.seen: Counter[str] = Counter()
        self.names: list[str] = []  # bookmarks that stand before the next block
        self._term_number = ""

    def finish(self, warnings: tuple[str, ...]) -> Flow:
        """All blocks, with remarks on what was left out, one for each sort."""
        told = [sentence.format(count=self.seen[name]) for name, sentence in SENTENCES.items() if self.seen[name]]
        self.flow.warnings = [*warnings, *told, *self.album.warnings]
        self.flow.pictures = self.album.files
        return self.flow

    def paragraph_as(self, words: Words, shape: Shape, mark: Mark | None) -> None:
        """Add a paragraph as what it is; `mark` is what is printed before it."""
        if shape.is_hidden:
            self.seen["hidden"] += bool(words.html)
        elif shape.role == "number":  # the number of a term, which stands on the line before it
            self._term_number = words_of(words.html) or (mark.text if mark else "")
            self.names += words.names
        elif shape.role == "title" and not self.flow.title and not self.flow.blocks:
            self.flow.title = words_of(words.html)[:LONGEST_TITLE]
            self.names += words.names
        elif shape.level is not None or shape.role == "title":
            text = mark.text if mark and not mark.is_bullet else ""
            self.put("heading", words, level=shape.level or 1, mark=text)
        elif words.pictures and (not words.is_told or shape.role == "caption"):
            self._figure(words)
        elif mark is not None and shape.role in ("", "quote"):
            self.put("point" if mark.text else "more", words, level=mark.depth, mark=mark.text)
        elif shape.role == "term":
            number, self._term_number = self._term_number, ""
            self.put("term", words, mark=number)
        else:
            self.put(shape.role or "paragraph", words)

    def _figure(self, words: Words) -> None:
        """Pictures in a paragraph of their own; words beside them are their caption."""
        names, self.names = [*self.names, *words.names], []
        caption = f"<figcaption>{words.html_without_pictures}</figcaption>" if words.is_told else ""
        self.flow.blocks.append(Block("figure", f"<figure>{''.join(words.pictures)}{caption}</figure>", names=names))

    def put(self, kind: str, words: Words, *, level: int = 0, mark: str = "") -> None:
        """Add a block; one without words leaves its bookmarks to the next."""
        html = words.html
        names, self.names = [*self.names, *words.names], []
        if not html:
            self.names = names
            return
        text = "\n".join(words_of(line) for line in html.split("<br>")) if kind == "code" else ""
        if kind == "heading":
            html = html.replace("<br>", " ")
        self.flow.blocks.append(Block(kind, html, level, mark, names, text))

    def put_table(self, html: str, names: list[str]) -> None:
        """Add a table; `names` are the bookmarks in its cells. One that only sets pictures side by side is a figure."""
        names, self.names = [*self.names, *names], []
        pictures = "".join(IMAGE.findall(html))
        if words_of(html):
            self.flow.blocks.append(Block("table", html, names=names))
        elif pictures:
            self.flow.blocks.append(Block("figure", f"<figure>{pictures}</figure>", names=names))

    def inside(self, read: Callable[[], None]) -> tuple[str, list[str]]:
        """What `read` adds, as the HTML of a cell or a note, with the bookmarks in it."""
        flow, names = self.flow, self.names
        self.flow, self.names = Flow(flow.format, title="-"), []
        read()
        blocks, left = self.flow.blocks, self.names
        self.flow, self.names = flow, names
        found = [*left, *(name for block in blocks for name in block.names)]
        if len(blocks) == 1 and blocks[0].kind not in ("table", "point"):
            return _bare(blocks[0]), found
        return "".join(map(_in_cell, blocks)), found


def _bare(block: Block) -> str:
    """A figure in a cell is its pictures and its caption; tags for a block would not fit there."""
    html = block.html.replace("<figure>", "").replace("</figure>", "")
    return html.replace("<figcaption>", "<br>").replace("</figcaption>", "")


def _in_cell(block: Block) -> str:
    if block.kind == "table":
        return block.html
    return f"<p>{block.mark} {_bare(block)}</p>" if block.mark else f"<p>{_bare(block)}</p>"
