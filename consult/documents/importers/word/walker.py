"""The body of a Word file, paragraph by paragraph and table by table, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from consult.core.errors import Invalid
from consult.core.records import replace

from ...parsed import ParsedDraft
from ..collecting import Collector
from ..counting import Mark
from ..flow import Flow
from ..guard import Archive
from ..inline import Words
from .numbers import Numbers
from .package import NO_TEXT, Package
from .styles import NOT_A_HEADING, Style, Styles, is_on, value
from .tables import Grid
from .words import Notes, Reader

WRAPPERS = {"ins", "moveTo", "smartTag", "customXml", "sdtContent", "dir", "bdo"}
GALLERY = "sdtPr/docPartObj/docPartGallery"
CONTENTS = "table of contents"


def parse(archive: Archive) -> ParsedDraft:
    """Cut a Word file into units; Invalid (field `file`) with a sentence when that cannot be done."""
    return read(archive).compose()


def read(archive: Archive) -> Flow:
    """All blocks of a Word file, in order; Invalid (field `file`) with a sentence when that cannot be done."""
    package = Package(archive.parts)
    walker = _Walker(package)
    body = package.xml(package.main).find("body")
    if body is None:
        raise Invalid(NO_TEXT, field="file")
    walker.walk(body)
    reader = walker.reader
    notes = [*walker.notes("footnotes", reader.footnotes), *walker.notes("endnotes", reader.endnotes)]
    flow = walker.finish(archive.warnings)
    flow.notes = notes
    return flow


class _Walker(Collector):
    def __init__(self, package: Package) -> None:
        super().__init__("docx")
        self.package = package
        self.styles = Styles(package.beside("styles"))
        self.numbers = Numbers(package.beside("numbering"))
        self.reader = Reader(package, self.styles, self.album, self.seen)
        self.carried: Words | None = None  # of a paragraph whose end was deleted: it goes on in the next

    def walk(self, body: Element) -> None:
        """Read everything in a body, a text box, a cell or a note."""
        for child in _children(body):
            if child.tag == "p":
                self.paragraph(child)
            elif child.tag == "tbl":
                self.table(child)
            elif child.tag == "bookmarkStart" and child.get("name") not in (None, "_GoBack"):
                self.names.append(child.get("name", ""))
            elif child.tag == "altChunk":
                self.seen["chunks"] += 1
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
        style = self._style(properties)
        mark = self._mark(properties, style)
        if not (style.shape.role == "contents" or (was_in_contents and not words.html)):
            self.paragraph_as(words, style.shape, mark)
        for box in boxes:
            self.walk(box)

    def _style(self, properties: Element | None) -> Style:
        """What its style and its own properties make of a paragraph."""
        style = self.styles.style(value(properties, "pStyle"))
        outline = value(properties, "outlineLvl")
        if outline is not None and outline.isdecimal() and style.shape.role != "contents":
            level = int(outline)
            shape = replace(style.shape, level=level + 1 if level < NOT_A_HEADING else None)
            style = replace(style, shape=shape)
        number_id, depth = value(properties, "numPr/numId"), value(properties, "numPr/ilvl")
        if number_id is not None:
            style = replace(style, number_id=number_id, style_id="", depth=0)
        if depth is not None and depth.isdecimal():
            style = replace(style, depth=int(depth))
        return style

    def _mark(self, properties: Element | None, style: Style) -> Mark | None:
        """What Word prints before it; a hidden paragraph is not counted."""
        if not style.number_id or style.number_id == "0":
            return None
        if properties is not None and is_on(properties.find("rPr"), "vanish"):
            return None
        tied = self.numbers.depth_of(style.number_id, style.style_id) if style.style_id else None
        return self.numbers.next(style.number_id, tied if tied is not None else style.depth or 0)

    def table(self, element: Element) -> None:
        """A table, with what hangs on its cells."""
        names: list[str] = []

        def cell(inner: Element) -> str:
            html, found = self.inside(lambda: self.walk(inner))
            names.extend(found)
            return html

        html = Grid(element, cell).html()
        self.put_table(html, names)

    def notes(self, kind: str, called: Notes) -> Iterator[tuple[str, str]]:
        """The footnotes or endnotes that the text calls, in its order."""
        part = self.package.beside(kind)
        found = {} if part is None else {note.get("id", ""): note for note in part}
        self.reader.links = self.package.links_of(kind)
        for note_id, mark in list(called.order.items()):
            note = found.get(note_id, Element("none"))
            html, _ = self.inside(lambda note=note: self.walk(note))  # type: ignore[misc]
            yield mark, html or "<p>[No text]</p>"


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
