"""The body of a Word file, paragraph by paragraph and table by table, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from consult.core.errors import Invalid

from ...parsed import ParsedDraft, words_of
from ..flow import Block, Flow
from ..guard import Archive
from ..inline import Words
from ..pictures import Album
from .numbers import Mark, Numbers
from .package import NO_TEXT, Package
from .remarks import remarks
from .styles import NOT_A_HEADING, Shape, Styles, is_on, value
from .tables import Grid
from .words import Notes, Reader

WRAPPERS = {"ins", "moveTo", "smartTag", "customXml", "sdtContent", "dir", "bdo"}
GALLERY = "sdtPr/docPartObj/docPartGallery"
CONTENTS = "table of contents"
LONGEST_VALUE = 500


def parse(archive: Archive) -> ParsedDraft:
    """Cut a Word file into units; Invalid (field `file`) with a sentence when that cannot be done."""
    package = Package(archive.parts)
    walker = _Walker(package)
    body = package.xml(package.main).find("body")
    if body is None:
        raise Invalid(NO_TEXT, field="file")
    walker.walk(body)
    flow = walker.flow
    flow.notes = [
        *walker.notes("footnotes", walker.reader.footnotes),
        *walker.notes("endnotes", walker.reader.endnotes),
    ]
    flow.warnings = [*archive.warnings, *remarks(walker.reader.seen), *walker.album.warnings]
    flow.pictures = walker.album.files
    return flow.compose()


class _Walker:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.styles = Styles(package.beside("styles"))
        self.numbers = Numbers(package.beside("numbering"))
        self.album = Album()
        self.reader = Reader(package, self.styles, self.album)
        self.flow = Flow("docx")
        self.names: list[str] = []  # bookmarks between paragraphs
        self.carried: Words | None = None  # of a paragraph whose end was deleted: it goes on in the next
        self.term_number = ""

    def walk(self, body: Element) -> None:
        """Read everything in a body, a text box or a note."""
        for child in _children(body):
            if child.tag == "p":
                self.paragraph(child)
            elif child.tag == "tbl":
                self.table(child)
            elif child.tag == "bookmarkStart" and child.get("name") not in (None, "_GoBack"):
                self.names.append(child.get("name", ""))
            elif child.tag == "altChunk":
                self.reader.seen["chunks"] += 1
            elif child.tag in ("m_oMath", "m_oMathPara"):
                words = Words()
                self.reader.paragraph(_around(child), words)
                self.put("paragraph", words)

    def paragraph(self, element: Element) -> None:
        """One paragraph, and after it the text boxes that hang on it."""
        words, self.carried = self.carried or Words(), None
        self.reader.boxes = []
        was_in_contents = self.reader.is_in_contents
        self.reader.paragraph(element, words)
        boxes = self.reader.boxes
        properties = element.find("pPr")
        if properties is not None and properties.find("rPr/del") is not None:
            self.carried = words
            return
        shape = self._shape(properties)
        mark = self._mark(properties, shape, words)
        if not (shape.role == "contents" or (was_in_contents and not words.html)):
            self._put(words, shape, mark)
        for box in boxes:
            self.walk(box)

    def _shape(self, properties: Element | None) -> Shape:
        """What its style and its own properties make of a paragraph."""
        shape = self.styles.shape(value(properties, "pStyle"))
        outline = value(properties, "outlineLvl")
        if outline is not None and outline.isdecimal() and shape.role != "contents":
            level = int(outline)
            shape = replace(shape, level=level + 1 if level < NOT_A_HEADING else None)
        number_id, depth = value(properties, "numPr/numId"), value(properties, "numPr/ilvl")
        if number_id is not None:
            shape = replace(shape, number_id=number_id, style_id="", depth=0)
        if depth is not None and depth.isdecimal():
            shape = replace(shape, depth=int(depth))
        return shape

    def _mark(self, properties: Element | None, shape: Shape, words: Words) -> Mark | None:
        """What Word prints before it; a hidden paragraph is not counted."""
        if not shape.number_id or shape.number_id == "0":
            return None
        if properties is not None and is_on(properties.find("rPr"), "vanish"):
            return None
        tied = self.numbers.depth_of(shape.number_id, shape.style_id) if shape.style_id else None
        return self.numbers.next(shape.number_id, tied if tied is not None else shape.depth or 0)

    def _put(self, words: Words, shape: Shape, mark: Mark | None) -> None:
        """Add a paragraph as what it is."""
        if shape.is_hidden:
            self.reader.seen["hidden"] += bool(words.html)
            return
        if shape.role == "number":  # the number of a term, which stands on the line before it
            self.term_number = words_of(words.html) or (mark.text if mark else "")
            self.names += words.names
        elif shape.role == "title" and not self.flow.title and not self.flow.blocks:
            self.flow.title = words_of(words.html)[:LONGEST_VALUE]
            self.names += words.names
        elif shape.level is not None or shape.role == "title":
            text = mark.text if mark and not mark.is_bullet else ""
            self.put("heading", words, level=shape.level or 1, mark=text)
        elif words.pictures and not words.is_told:
            self.put("figure", words)
        elif mark is not None and shape.role in ("", "quote"):
            self.put("point" if mark.text else "more", words, level=mark.depth, mark=mark.text)
        else:
            number, self.term_number = (self.term_number, "") if shape.role == "term" else ("", self.term_number)
            self.put(shape.role or "paragraph", words, mark=number)

    def put(self, kind: str, words: Words, *, level: int = 0, mark: str = "") -> None:
        """Add a block; one without words leaves its bookmarks to the next."""
        html = words.html
        names, self.names = [*self.names, *words.names], []
        if not html:
            self.names = names
            return
        text = "\n".join(words_of(line) for line in html.split("<br>")) if kind == "code" else ""
        if kind == "figure":
            html = f"<figure>{html}</figure>"
        if kind == "heading":
            html = html.replace("<br>", " ")
        self.flow.blocks.append(Block(kind, html, level, mark, names, text))

    def table(self, element: Element) -> None:
        """A table, with what hangs on its cells."""
        inner = _Cells(self)
        html = Grid(element, inner.html).html()
        names, self.names = [*self.names, *inner.names], []
        if words_of(html) or "<img" in html:
            self.flow.blocks.append(Block("table", html, names=names))

    def notes(self, kind: str, called: Notes) -> Iterator[tuple[str, str]]:
        """The footnotes or endnotes that the text calls, in its order."""
        part = self.package.beside(kind)
        found = {} if part is None else {note.get("id", ""): note for note in part}
        self.reader.links = self.package.links_of(kind)
        for note_id, mark in list(called.order.items()):
            cells = _Cells(self)
            yield mark, (cells.html(found[note_id]) if note_id in found else "") or "<p>[No text]</p>"


class _Cells:
    """Renders what is inside a cell or a note: paragraphs, lists and tables, as plain HTML."""

    def __init__(self, walker: _Walker) -> None:
        self._walker = walker
        self.names: list[str] = []

    def html(self, cell: Element) -> str:
        """All of a cell; one paragraph needs no tags of its own."""
        walker = self._walker
        before, names, walker.names = walker.flow, walker.names, []
        walker.flow = Flow("docx", title="-")
        walker.walk(cell)
        blocks, walker.flow = walker.flow.blocks, before
        self.names += [*walker.names, *(name for block in blocks for name in block.names)]
        walker.names = names
        if len(blocks) == 1 and blocks[0].kind not in ("table", "code", "point"):
            return blocks[0].html.replace("<figure>", "").replace("</figure>", "")
        return "".join(map(_in_cell, blocks))


def _in_cell(block: Block) -> str:
    if block.kind == "table":
        return block.html
    html = block.html.replace("<figure>", "").replace("</figure>", "")
    return f"<p>{block.mark} {html}</p>" if block.mark else f"<p>{html}</p>"


def _children(body: Element) -> Iterator[Element]:
    """What stands in a body, through the wrappers around it; a table of contents is left out."""
    for child in body:
        if child.tag == "sdt":
            if (value(child, GALLERY) or "").lower() != CONTENTS:
                yield from _children(child)
        elif child.tag in WRAPPERS:
            yield from _children(child)
        else:
            yield child


def _around(element: Element) -> Element:
    outer = Element("p")
    outer.append(element)
    return outer
