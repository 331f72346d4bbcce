"""The body of an OpenDocument text, paragraph by paragraph, list by list and table by table, as blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from consult.core.records import replace

from ...parsed import ParsedDraft
from .. import strict_xml
from ..collecting import Collector
from ..counting import Mark
from ..flow import Flow
from ..guard import Archive
from ..inline import Words
from ..ooxml_guard import LINKED_PICTURE
from .numbers import OUTLINE, Numbers
from .styles import PREFIXES, Styles
from .tables import table_html
from .words import Reader

FRAMES = {"draw_frame", "draw_custom-shape", "draw_rect", "draw_g"}
WRAPPERS = {"text_section", "text_note-body", "office_text", "draw_text-box", "table_table-cell", "text_meta"}
MOST_LEVELS = 10


@dataclass(slots=True)
class Item:
    """The list item one is in; its mark is used up by its first paragraph."""

    name: str
    style: str
    depth: int
    start: int | None
    is_header: bool  # prints no number
    is_begun: bool = False


def parse(archive: Archive) -> ParsedDraft:
    """Cut an OpenDocument text into units; Invalid (field `file`) with a sentence when that cannot be done."""
    return read(archive).compose()


def read(archive: Archive) -> Flow:
    """All blocks of an OpenDocument text, in order; Invalid (field `file`) with a sentence when that cannot be done."""
    names = strict_xml.Names(PREFIXES)
    content = names.shorten(strict_xml.read(archive.parts["content.xml"]))
    styles = archive.parts.get("styles.xml")
    walker = _Walker(archive, content, None if styles is None else names.shorten(strict_xml.read(styles)))
    for text in content.iter("office_text"):
        walker.walk(text)
    notes = [(mark, walker.inside(lambda body=body: walker.walk(body))[0]) for mark, body in walker.reader.notes]  # type: ignore[misc]
    linked = tuple(LINKED_PICTURE.format(target=address[:80]) for address in dict.fromkeys(walker.reader.linked))
    flow = walker.finish((*archive.warnings, *linked))
    flow.notes = [(mark, html or "<p>[No text]</p>") for mark, html in notes]
    return flow


class _Walker(Collector):
    def __init__(self, archive: Archive, content: Element, styles: Element | None) -> None:
        super().__init__("odt")
        self.styles = Styles(styles, content)
        self.numbers = Numbers(styles, content)
        self.reader = Reader(archive.parts, self.styles, self.album, self.seen)
        self.items: list[Item] = []
        self._rules: dict[str, Callable[[Element], None]] = {
            "text_p": self.paragraph, "text_h": self.paragraph, "text_list": self.list,
            "text_numbered-paragraph": self.list, "table_table": self.table, "text_tracked-changes": self.changes,
            "text_bookmark": self.name, "text_bookmark-start": self.name, "draw_a": self.walk,
        } | dict.fromkeys(WRAPPERS, self.walk) | dict.fromkeys(FRAMES, self.frame)  # fmt: skip

    def walk(self, body: Element) -> None:
        """Read everything in a body, a section, a text box, a cell or a note; indexes are left out."""
        for child in body:
            if child.get("text_display") == "none":
                self.seen["hidden"] += 1
            elif child.tag in self._rules:
                self._rules[child.tag](child)

    def changes(self, element: Element) -> None:
        """What was deleted is kept here, outside of the text; only that there were changes is told."""
        self.seen["changes"] += len(element)

    def name(self, element: Element) -> None:
        self.names.append(element.get("text_name", ""))

    def frame(self, element: Element) -> None:
        """A frame that hangs on a page stands where it is written."""
        outer = Element("text_p")
        outer.append(element)
        self.paragraph(outer)

    def paragraph(self, element: Element) -> None:
        """One paragraph or heading, and after it the text boxes that hang on it."""
        words = Words()
        self.reader.boxes = []
        self.reader.paragraph(element, words)
        boxes, items = self.reader.boxes, self.items
        style = element.get("text_style-name", "")
        shape = self.styles.shape(style)
        if element.tag == "text_h":
            level = element.get("text_outline-level", "1")
            shape = replace(
                shape, level=int(level) if level.isdecimal() and 0 < int(level[:3]) <= MOST_LEVELS else 1, role=""
            )
        if shape.role != "contents":
            self.paragraph_as(words, shape, self._mark(element, style))
        self.items = []
        for box in boxes:
            self.walk(box)
        self.items = items

    def _mark(self, element: Element, style: str) -> Mark | None:
        """What is printed before it: the first paragraph of a list item, or a heading of the outline."""
        item = self.items[-1] if self.items else None
        if item is None:
            is_counted = element.tag == "text_h" and element.get("text_is-list-header") != "true"
            if not is_counted or self.styles.list_style(style) == "":
                return None
            level = element.get("text_outline-level", "1")
            depth = int(level[:3]) - 1 if level.isdecimal() else 0
            return self.numbers.next(OUTLINE, OUTLINE, depth, _start(element))
        if item.is_begun or item.is_header:
            return Mark("", item.depth, True)
        item.is_begun = True
        return self.numbers.next(item.name, item.style, item.depth, item.start) or Mark("•", item.depth, True)

    def list(self, element: Element) -> None:
        """A list, or one inside another; what is inside a list that is not an item of it is none."""
        outer = self.items[-1] if self.items else None
        style = element.get("text_style-name", "") or (outer.style if outer else "")
        name = outer.name if outer and outer.style == style else self.numbers.begin(element, style)
        depth = outer.depth + 1 if outer else 0
        if element.tag == "text_numbered-paragraph":
            level = element.get("text_level", "1")
            depth = int(level[:3]) - 1 if level.isdecimal() else 0
        for child in _items(element):
            header = child.tag == "text_list-header"
            self.items.append(Item(name, style, max(depth, 0), _start(child), header))
            self.walk(child)
            self.items.pop()

    def table(self, element: Element) -> None:
        """A table, with what hangs on its cells."""
        names: list[str] = []

        def cell(inner: Element) -> str:
            html, found = self.inside(lambda: self.walk(inner))
            names.extend(found)
            return html

        items, self.items = self.items, []
        html = table_html(element, cell)
        self.items = items
        self.put_table(html, names)


def _items(element: Element) -> Iterator[Element]:
    if element.tag == "text_numbered-paragraph":
        yield element
        return
    yield from (child for child in element if child.tag in ("text_list-item", "text_list-header"))


def _start(element: Element) -> int | None:
    start = element.get("text_start-value", "")
    return int(start) if start.isdecimal() and len(start) < 8 else None
