"""Styles: what a paragraph's or a word's style makes of it, along the styles it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

from consult.core.records import Record

from ..collecting import Shape

HEADING = re.compile(r"heading ([1-9])")  # built-in names are English in the file, in every language of Word
ROLES = {
    "title": "title", "caption": "caption", "quote": "quote", "intense quote": "quote", "block text": "quote",
    "source code": "code", "html preformatted": "code", "preformatted text": "code", "code": "code",
    "definition term": "term", "term(s)": "term", "terms": "term", "definition": "definition", "termnum": "number",
    "toc heading": "contents", "table of figures": "contents", "table of authorities": "contents",
}  # fmt: skip
CONTENTS = re.compile(r"(toc|index) [1-9]")
CODE = {"verbatim char", "html code", "code char", "source text", "code", "html sample", "html keyboard"}
OFF = {"0", "false", "off", "none"}
NOT_A_HEADING = 9  # outline level of body text
DEEPEST_BASE = 50


class Style(Record):
    """What a paragraph's style says: what the paragraph is, and how it is numbered."""

    shape: Shape
    number_id: str = ""
    depth: int | None = None
    style_id: str = ""  # of the style that numbers it


def is_on(parent: Element | None, name: str) -> bool | None:
    """A switch such as `b` or `vanish`: on, off, or None where nothing is said."""
    found = None if parent is None else parent.find(name)
    return None if found is None else found.get("val", "1").lower() not in OFF


def value(parent: Element | None, path: str) -> str | None:
    """The `val` of an element, or None."""
    found = None if parent is None else parent.find(path)
    return None if found is None else found.get("val", "")


class Styles:
    """The styles of one file."""

    def __init__(self, part: Element | None) -> None:
        self._styles = {} if part is None else {style.get("styleId", ""): style for style in part.findall("style")}
        self._default = next(
            (
                key
                for key, s in self._styles.items()
                if s.get("type") == "paragraph" and s.get("default") in ("1", "true")
            ),
            "",
        )
        self.style = cache(self._style)
        self.marks = cache(self._marks)

    def _chain(self, style_id: str | None) -> Iterator[tuple[str, Element]]:
        """A style and those it is based on, nearest first; circles are cut."""
        for _ in range(DEEPEST_BASE):
            style = self._styles.get(style_id or "")
            if style is None:
                return
            yield style_id or "", style
            style_id = value(style, "basedOn")

    def _style(self, style_id: str | None) -> Style:
        level: int | None = None
        number_id, depth, numbered_by, role, hidden = "", None, "", "", None
        for key, style in self._chain(style_id or self._default):
            name = (value(style, "name") or "").lower()
            level = _level(style, name) if level is None else level
            role = role or _role(name)
            found = value(style, "pPr/numPr/numId")
            if found is not None and not number_id:
                number_id, numbered_by = found, key
            depth = _number(value(style, "pPr/numPr/ilvl")) if depth is None else depth
            hidden = is_on(style.find("rPr"), "vanish") if hidden is None else hidden
        if level == NOT_A_HEADING + 1 or role in ("title", "contents", "caption"):
            level = None
        return Style(Shape(level, role, bool(hidden)), number_id, depth, numbered_by)

    def _marks(self, style_id: str) -> dict[str, bool]:
        """Switches a character style sets: b, i, strike, vanish, code, sub, sup."""
        found: dict[str, bool] = {}
        for _, style in self._chain(style_id):
            found = switches(style.find("rPr")) | found
            if (value(style, "name") or "").lower() in CODE:
                found.setdefault("code", True)
        return found


def switches(properties: Element | None) -> dict[str, bool]:
    """The switches among a run's properties that are set, on or off."""
    if properties is None:
        return {}
    found = {
        name: on for name in ("b", "i", "strike", "dstrike", "vanish") if (on := is_on(properties, name)) is not None
    }
    position = value(properties, "vertAlign")
    if position is not None:
        found |= {"sub": position == "subscript", "sup": position == "superscript"}
    return found


def _level(style: Element, name: str) -> int | None:
    """The level of a heading from 1; 10 for body text that says so; None where the style says nothing."""
    outline = _number(value(style, "pPr/outlineLvl"))
    if outline is not None:
        return min(outline, NOT_A_HEADING) + 1
    match = HEADING.fullmatch(name)
    return int(match[1]) if match else None


def _role(name: str) -> str:
    return "contents" if CONTENTS.fullmatch(name) else ROLES.get(name, "")


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 4 else None
