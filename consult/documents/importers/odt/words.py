"""The words of an OpenDocument paragraph: spans, links, notes, fields, frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from markupsafe import escape

from .. import strict_xml
from ..counting import roman
from ..inline import Words, outward
from ..pictures import Album, is_drawn_by_points
from . import formulas
from .styles import PREFIXES, Styles

SKIPPED = {
    "text_number", "text_change", "text_change-start", "text_change-end", "text_ruby-text", "text_bookmark-end",
    "text_reference-mark-end", "office_annotation-end", "text_soft-page-break", "svg_title", "svg_desc",
}  # fmt: skip


class Reader:
    """Reads paragraphs of one file; notes and counts go on from one to the next."""

    def __init__(self, parts: Mapping[str, bytes], styles: Styles, album: Album, seen: Counter[str]) -> None:
        self.parts, self.styles, self.album, self.seen = parts, styles, album, seen
        self.notes: list[tuple[str, Element]] = []  # mark and body
        self.boxes: list[Element] = []  # text boxes of the paragraph, read after it
        self.linked: list[str] = []  # pictures that are not in the file
        self._counts: Counter[str] = Counter()
        self._looks: frozenset[str] = frozenset()
        self._address = ""
        self._names = strict_xml.Names(PREFIXES)
        self._rules: dict[str, Callable[[Element, Words], None]] = {
            "text_span": self._span, "text_a": self._link, "text_s": self._blank, "text_tab": self._blank,
            "text_line-break": self._break, "text_bookmark": self._name, "text_bookmark-start": self._name,
            "text_reference-mark": self._name, "text_reference-mark-start": self._name,
            "text_bookmark-ref": self._reference, "text_reference-ref": self._reference,
            "text_sequence-ref": self._reference, "text_note": self._note, "office_annotation": self._comment,
            "draw_frame": self._frame, "draw_text-box": self._box, "draw_custom-shape": self._shape,
            "draw_rect": self._shape, "text_hidden-text": self._hidden, "text_sequence": self._sequence,
        }  # fmt: skip

    def paragraph(self, element: Element, words: Words) -> None:
        """Read all of a paragraph into `words`."""
        self._say(element.text, words)
        for child in element:
            if child.tag not in SKIPPED:
                self._rules.get(child.tag, self.paragraph)(child, words)
            self._say(child.tail, words)

    def _say(self, text: str | None, words: Words) -> None:
        if text:
            words.say(text, self._looks, self._address)

    def _span(self, element: Element, words: Words) -> None:
        looks = self.styles.looks(element.get("text_style-name", ""))
        if looks is None:
            self.seen["hidden"] += bool("".join(element.itertext()).strip())
            return
        before, self._looks = self._looks, self._looks | looks
        self.paragraph(element, words)
        self._looks = before

    def _link(self, element: Element, words: Words) -> None:
        target = element.get("xlink_href", "")
        before = self._address
        self._address = f"#{unquote(target[1:]).partition('|')[0]}" if target.startswith("#") else outward(target)
        self.paragraph(element, words)
        self._address = before

    def _reference(self, element: Element, words: Words) -> None:
        before, self._address = self._address, f"#{element.get('text_ref-name', '')}"
        self.paragraph(element, words)
        self._address = before

    def _sequence(self, element: Element, words: Words) -> None:
        """The number in a caption, which cross-references call by its own name."""
        if name := element.get("text_ref-name"):
            words.names.append(name)
        self.paragraph(element, words)

    def _blank(self, element: Element, words: Words) -> None:
        words.say(" ", self._looks, self._address)

    def _break(self, element: Element, words: Words) -> None:
        words.put("<br>")

    def _name(self, element: Element, words: Words) -> None:
        if name := element.get("text_name"):
            words.names.append(name)

    def _note(self, element: Element, words: Words) -> None:
        kind = "endnote" if element.get("text_note-class") == "endnote" else "footnote"
        self._counts[kind] += 1
        number = self._counts[kind]
        mark = roman(number) if kind == "endnote" else str(number)
        body = element.find("text_note-body")
        if body is not None:
            self.notes.append((mark, body))
            words.put(f'<sup><a href="#footnote {escape(mark)}">{escape(mark)}</a></sup>')

    def _comment(self, element: Element, words: Words) -> None:
        self.seen["comments"] += 1

    def _hidden(self, element: Element, words: Words) -> None:
        self.seen["hidden"] += 1

    def _box(self, element: Element, words: Words) -> None:
        self.boxes.append(element)

    def _shape(self, element: Element, words: Words) -> None:
        """Words in a drawn shape are those of a text box."""
        self.boxes.append(element)

    def _frame(self, element: Element, words: Words) -> None:
        """A frame holds text, a formula, a picture, or a chart of which there is a picture."""
        for box in element.findall("draw_text-box"):
            self.boxes.append(box)
        if element.find("draw_text-box") is not None:
            return
        embedded = element.find("draw_object")
        if embedded is not None and (formula := self._formula(embedded)):
            words.say(f" {formula} ", self._looks, self._address)
            return
        alt = " ".join((found.text or "") for tag in ("svg_desc", "svg_title") for found in element.findall(tag)[:1])
        images = [image.get("xlink_href", "") for image in element.findall("draw_image")]
        if images or embedded is not None:
            words.picture(self.album.show(self._image(images), alt))

    def _image(self, addresses: list[str]) -> bytes | None:
        """The picture of a frame; of several ways to show it, the one that can be drawn by points."""
        found = [self.parts[name] for each in addresses if (name := _part(each)) in self.parts]
        self.linked += [each for each in addresses if "://" in each]
        return next((data for data in found if is_drawn_by_points(data)), found[0] if found else None)

    def _formula(self, element: Element) -> str:
        part = self.parts.get(f"{_part(element.get('xlink_href', ''))}/content.xml")
        root = element.find("math_math")
        if root is None and part is not None:
            root = self._names.shorten(strict_xml.read(part))
        return formulas.line(root).strip() if root is not None and root.tag == "math_math" else ""


def _part(address: str) -> str:
    """The name of a part as an address has it: "./Pictures/a.png"."""
    return unquote(address).removeprefix("./").rstrip("/")
