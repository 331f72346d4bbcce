"""Styles of an OpenDocument text, from both of its parts, along the styles they are based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

from ..collecting import Shape

PREFIXES = {
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": prefix
    for name, prefix in {
        "office": "office", "text": "text", "table": "table", "style": "style", "drawing": "draw",
        "svg-compatible": "svg", "xsl-fo-compatible": "fo",
    }.items()
} | {
    "http://www.w3.org/1999/xlink": "xlink", "http://www.w3.org/1998/Math/MathML": "math",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0": "loext",
}  # fmt: skip
CODED = re.compile(r"_([0-9a-fA-F]{1,6})_")  # "Heading_20_1": what a name may not hold
HEADING = re.compile(r"heading (\d{1,2})")
ROLES = {
    "title": "title", "caption": "caption", "quotations": "quote", "quote": "quote", "intense quote": "quote",
    "block text": "quote", "preformatted text": "code", "source code": "code", "html preformatted": "code",
    "definition term": "term", "term(s)": "term", "terms": "term", "definition": "definition", "termnum": "number",
    "contents heading": "contents", "index heading": "contents", "toc heading": "contents",
}  # fmt: skip
CONTENTS = re.compile(r"(?:contents|toc|index|illustration index) \d{1,2}")
CODE = {"source text", "verbatim char", "html code", "teletype"}
DEEPEST_BASE = 50
DEEPEST_HEADING = 10


def short_name(style: Element) -> str:
    """A style's name as people see it, in small letters."""
    name = style.get("style_display-name", "") or style.get("style_name", "")
    return CODED.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) < 0x110000 else "", name).lower()


class Styles:
    """All styles of one file. `parts` are the roots of styles.xml and content.xml; the later ones count."""

    def __init__(self, *parts: Element | None) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        for part in parts:
            for style in () if part is None else part.iter("style_style"):
                self._styles[style.get("style_family", ""), style.get("style_name", "")] = style
        self.shape = cache(self._shape)
        self.looks = cache(self._looks)

    def _chain(self, family: str, name: str | None) -> Iterator[Element]:
        for _ in range(DEEPEST_BASE):
            style = self._styles.get((family, name or ""))
            if style is None:
                return
            yield style
            name = style.get("style_parent-style-name")

    def _shape(self, name: str) -> Shape:
        """What a paragraph of this style is."""
        level: int | None = None
        role, is_hidden = "", False
        for style in self._chain("paragraph", name):
            shown = short_name(style)
            level = level or _number(style.get("style_default-outline-level")) or _level_by_name(shown)
            role = role or ("contents" if CONTENTS.fullmatch(shown) else ROLES.get(shown, ""))
            is_hidden = is_hidden or _is_hidden(style)
        return Shape(None if role in ("title", "contents", "caption") else level, role, is_hidden)

    def list_style(self, name: str) -> str | None:
        """The list style a paragraph style brings along; "" where it says that there is none."""
        found = (style.get("style_list-style-name") for style in self._chain("paragraph", name))
        return next((each for each in found if each is not None), None)

    def _looks(self, name: str) -> frozenset[str] | None:
        """The tags for words of this style; None for hidden ones."""
        found: dict[str, bool] = {}
        for style in self._chain("text", name):
            if short_name(style) in CODE:
                found.setdefault("code", True)
            for properties in style.findall("style_text-properties"):
                found = _tags(properties) | found
        return None if found.pop("hidden", False) else frozenset(tag for tag, is_on in found.items() if is_on)


def _level_by_name(name: str) -> int | None:
    match = HEADING.fullmatch(name)
    return _number(match[1]) if match else None


def _number(text: str | None) -> int | None:
    """A level from 1 to 10, or None."""
    found = int(text) if text is not None and text.isdecimal() and len(text) < 3 else 0
    return found if 1 <= found <= DEEPEST_HEADING else None


def _is_hidden(style: Element) -> bool:
    return any(p.get("text_display") == "none" for p in style.findall("style_text-properties"))


def _tags(properties: Element) -> dict[str, bool]:
    """What the properties of a text style say, on or off."""
    found: dict[str, bool] = {}
    if weight := properties.get("fo_font-weight"):
        found["strong"] = weight == "bold" or (weight.isdecimal() and int(weight) >= 600)
    if slant := properties.get("fo_font-style"):
        found["em"] = slant != "normal"
    for name in ("style_text-line-through-style", "style_text-line-through-type"):
        if line := properties.get(name):
            found["s"] = line != "none"
    if position := properties.get("style_text-position"):
        first = position.split(" ")[0]
        found |= {"sup": first == "super" or _raised(first) > 0, "sub": first == "sub" or _raised(first) < 0}
    if display := properties.get("text_display"):
        found["hidden"] = display == "none"
    return found


def _raised(position: str) -> float:
    """How far "33%" or "-9%" is above the line."""
    match = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,4})?)%", position)
    return float(match[1]) if match else 0.0
