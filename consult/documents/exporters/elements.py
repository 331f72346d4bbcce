"""The cleaned HTML of a unit as a small tree. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

VOID = {"br", "hr", "col", "img"}
INLINE = {
    "a", "abbr", "br", "cite", "code", "del", "dfn", "em", "img", "ins", "kbd", "mark", "s", "small", "span", "strong",
    "sub", "sup", "var",
}  # fmt: skip
UNSTABLE = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\xa0\\ufeff]")  # what tidying a text changes or takes away


@dataclass(slots=True)
class Element:
    """One element with what is inside, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node] = field(default_factory=list)


Node: TypeAlias = Element | str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        inside = self.open[-1].inside
        if inside and isinstance(inside[-1], str):
            inside[-1] += data
        else:
            inside.append(data)


def read(html: str) -> list[Node]:
    """The tree of a piece of cleaned HTML; every element in it is closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0].inside


def blocks_of(nodes: Sequence[Node]) -> list[Node]:
    """What is between tags for blocks, without the blank space there."""
    return [node for node in nodes if not (isinstance(node, str) and not node.strip())]


def is_inline(nodes: Sequence[Node]) -> bool:
    """Whether there are only words, however they look, and pictures."""
    return all(isinstance(node, str) or (node.tag in INLINE and is_inline(node.inside)) for node in nodes)


def only(nodes: Sequence[Node], tag: str) -> list[Node] | None:
    """What is inside the one element these nodes are, if it is of that tag and bears nothing."""
    found = blocks_of(nodes)
    if len(found) == 1 and isinstance(found[0], Element) and found[0].tag == tag and not found[0].attributes:
        return found[0].inside
    return None


def by_number(text: str) -> str:
    """Text with references by number for characters that would not stay what they are in a file of text."""
    if not text:
        return text
    is_composed = text.isascii() or (unicodedata.is_normalized("NFC", text) and not _combines(text[0]))
    if not is_composed:
        text = re.sub(r"[^\x00-\x7f]", lambda match: f"&#{ord(match[0])};", text)
    return UNSTABLE.sub(lambda match: f"&#{ord(match[0])};", text)


def is_stable(text: str) -> bool:
    """Whether a text stays what it is in a file."""
    return by_number(text) == text


def _combines(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M" or "\u1160" <= sign <= "\u11ff"
