"""The words of a Word paragraph: runs, links, fields, notes, pictures; changes as if all were accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markupsafe import escape

from ..counting import roman
from ..inline import Words, outward
from ..pictures import Album
from . import formulas
from .package import Package
from .styles import Styles, switches, value

LINK_FIELD = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+"?([^"\s]+)|"?([^"\s\\]+)"?(?:.*?\\l\s+"?([^"\s]+))?)', re.IGNORECASE)
REFERENCE_FIELD = re.compile(r"\s*(?:REF|NOTEREF)\s+(\S+)", re.IGNORECASE)
CONTENTS_FIELD = re.compile(r"\s*(?:TOC|INDEX|TOA)\b", re.IGNORECASE)
LOOKS = {"b": "strong", "i": "em", "strike": "s", "dstrike": "s", "sub": "sub", "sup": "sup", "code": "code"}
SKIPPED = {"del", "moveFrom", "rPr", "pPr", "sdtPr", "sdtEndPr", "delText", "rt", "instrText", "delInstrText"}
PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(slots=True)
class Field:
    """A field being read: its instruction, then its result. `link` is where its result leads."""

    instruction: str = ""
    is_result: bool = False
    link: str = ""
    is_contents: bool = False


@dataclass(slots=True)
class Notes:
    """Footnotes or endnotes in the order in which the text calls them."""

    mark: Callable[[int], str]
    order: dict[str, str] = field(default_factory=dict)  # id → mark

    def call(self, note_id: str) -> str:
        """The mark printed for a note."""
        return self.order.setdefault(note_id, self.mark(len(self.order) + 1))


class Reader:
    """Reads paragraphs of one file; what goes on from one to the next (fields, notes, counts) is kept here."""

    def __init__(self, package: Package, styles: Styles, album: Album, seen: Counter[str]) -> None:
        self.package, self.styles, self.album, self.seen = package, styles, album, seen
        self.links = package.links
        self.fields: list[Field] = []
        self.footnotes = Notes(str)
        self.endnotes = Notes(roman)
        self.boxes: list[Element] = []  # text boxes of the paragraph, read after it
        self._rules: dict[str, Callable[[Element, Words], None]] = {
            "t": self._text, "tab": self._blank, "ptab": self._blank, "br": self._break, "cr": self._break,
            "noBreakHyphen": self._hyphen, "sym": self._symbol, "r": self._run, "hyperlink": self._hyperlink,
            "fldSimple": self._simple_field, "fldChar": self._field, "bookmarkStart": self._bookmark,
            "footnoteReference": self._footnote, "endnoteReference": self._endnote, "drawing": self._drawing,
            "pict": self._drawing, "object": self._drawing, "mc_AlternateContent": self._alternative,
            "m_oMath": self._formula, "m_oMathPara": self._formula, "commentReference": self._comment,
            "txbxContent": self._box,
        }  # fmt: skip
        self._looks: frozenset[str] = frozenset()
        self._address = ""

    @property
    def is_in_contents(self) -> bool:
        """Whether this is a table of contents, which we make ourselves."""
        return any(each.is_contents for each in self.fields)

    def paragraph(self, element: Element, words: Words) -> None:
        """Read all of a paragraph into `words`."""
        self._inside(element, words)

    def _inside(self, element: Element, words: Words) -> None:
        for child in element:
            if child.tag in SKIPPED:
                self._skip(child, words)
            else:
                self._rules.get(child.tag, self._inside)(child, words)

    def _skip(self, element: Element, words: Words) -> None:
        if element.tag in ("del", "moveFrom"):
            self.seen["changes"] += 1
        elif element.tag == "instrText" and self.fields and not self.fields[-1].is_result:
            self.fields[-1].instruction += element.text or ""

    def _run(self, element: Element, words: Words) -> None:
        properties = element.find("rPr")
        marks = self.styles.marks(value(properties, "rStyle") or "") | switches(properties)
        if marks.get("vanish"):
            hidden = "".join(element.itertext()).strip()
            is_field = element.find("fldChar") is not None or element.find("instrText") is not None
            if not is_field:
                self.seen["hidden"] += bool(hidden)
                return
        before, self._looks = self._looks, frozenset(LOOKS[name] for name, on in marks.items() if on and name in LOOKS)
        self._inside(element, words)
        self._looks = before

    def _say(self, text: str, words: Words) -> None:
        if any(not each.is_result for each in self.fields) or self.is_in_contents:
            return
        link = self._address or next((each.link for each in reversed(self.fields) if each.link), "")
        words.say(text, self._looks, link)

    def _text(self, element: Element, words: Words) -> None:
        text = element.text or ""
        self._say(text if element.get("xml_space") == "preserve" else text.strip(" \n\t\r"), words)

    def _blank(self, element: Element, words: Words) -> None:
        self._say(" ", words)

    def _break(self, element: Element, words: Words) -> None:
        if element.get("type", "textWrapping") == "textWrapping" and not self.is_in_contents:
            words.put("<br>")

    def _hyphen(self, element: Element, words: Words) -> None:
        self._say("\u2011", words)

    def _symbol(self, element: Element, words: Words) -> None:
        code = element.get("char", "")
        shown = chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) else ""
        if not shown or PRIVATE.match(shown) or "\ud800" <= shown <= "\udfff":
            self.seen["symbols"] += 1
            shown = "□"
        self._say(shown, words)

    def _hyperlink(self, element: Element, words: Words) -> None:
        target, _, is_out = self.links.get(element.get("r_id", ""), ("", "", False))
        before = self._address
        self._address = outward(target) if is_out else ""
        if not self._address and (anchor := element.get("anchor")):
            self._address = f"#{anchor}"
        self._inside(element, words)
        self._address = before

    def _field(self, element: Element, words: Words) -> None:
        kind = element.get("fldCharType")
        if kind == "begin":
            self.fields.append(Field())
        elif kind == "separate" and self.fields:
            _settle(self.fields[-1])
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _simple_field(self, element: Element, words: Words) -> None:
        self.fields.append(Field(element.get("instr", "")))
        _settle(self.fields[-1])
        self._inside(element, words)
        self.fields.pop()

    def _bookmark(self, element: Element, words: Words) -> None:
        name = element.get("name", "")
        if name and name != "_GoBack":
            words.names.append(name)

    def _footnote(self, element: Element, words: Words) -> None:
        self._note(self.footnotes, element, words)

    def _endnote(self, element: Element, words: Words) -> None:
        self._note(self.endnotes, element, words)

    def _note(self, notes: Notes, element: Element, words: Words) -> None:
        mark = escape(notes.call(element.get("id", "")))
        words.put(f'<sup><a href="#footnote {mark}">{mark}</a></sup>')

    def _comment(self, element: Element, words: Words) -> None:
        self.seen["comments"] += 1

    def _formula(self, element: Element, words: Words) -> None:
        self._say(f" {formulas.line(element).strip()} ", words)

    def _alternative(self, element: Element, words: Words) -> None:
        """The first of several ways to draw the same thing."""
        choice = element.find("mc_Choice")
        choice = element.find("mc_Fallback") if choice is None else choice
        if choice is not None:
            self._inside(choice, words)

    def _box(self, element: Element, words: Words) -> None:
        self.boxes.append(element)

    def _drawing(self, element: Element, words: Words) -> None:
        """Pictures and text boxes of a drawing; a chart or a diagram becomes a line."""
        self.boxes += _outermost(element, "txbxContent")
        alt = _alt(element)
        shown = [(a.get("r_embed"), a.get("r_link")) for a in element.iter("a_blip")]
        shown += [(v.get("r_id"), None) for v in element.iter("v_imagedata")]
        for embedded, linked in shown:
            target, _, is_out = self.links.get(embedded or linked or "", ("", "", True))
            data = None if is_out else self.package.bytes_of(target)
            words.picture(self.album.show(data, alt))
        is_drawn = any(next(element.iter(tag), None) is not None for tag in ("c_chart", "dgm_relIds"))
        if is_drawn and not shown:
            self.seen["drawings"] += 1
            words.picture(self.album.show(None, alt))


def _settle(found: Field) -> None:
    """The instruction is complete: where does its result lead?"""
    found.is_result = True
    found.is_contents = bool(CONTENTS_FIELD.match(found.instruction))
    if match := LINK_FIELD.match(found.instruction):
        inner = match[1] or match[3]
        found.link = f"#{inner}" if inner else outward(match[2] or "")
    elif match := REFERENCE_FIELD.match(found.instruction):
        found.link = f"#{match[1]}"


def _outermost(element: Element, tag: str) -> list[Element]:
    """The elements of this name that are not inside another of it."""
    found = []
    for child in element:
        found += [child] if child.tag == tag else _outermost(child, tag)
    return found


def _alt(element: Element) -> str:
    """What a picture is said to show; not the name a program gave it."""
    for tag, names in (("wp_docPr", ("descr", "title")), ("v_shape", ("alt",)), ("v_imagedata", ("o_title",))):
        for found in element.iter(tag):
            for name in names:
                if words := found.get(name, "").strip():
                    return words
    return ""
