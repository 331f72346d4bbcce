"""Words with their looks as Markdown: signs where they are sure to be read back as the same, tags elsewhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from markupsafe import escape

from .elements import Element, Node, by_number, is_stable

SIGNS = {"em": "*", "strong": "**", "s": "~~"}
SPECIAL = re.compile(
    r"(?P<always>[\\`*\[{])|(?P<underscore>_)|(?P<tag><(?=[A-Za-z/!?]|$))|(?P<reference>&(?=#?\w))|(?P<wave>~(?=~|$))"
    r"|(?P<picture>!(?=$))"
)
START = re.compile(r"(?:(?P<sign>[-+=#>|:~])|(?P<number>\d{1,9})(?=[.)]))")
PLAIN_ADDRESS = re.compile(r"#?(?:[A-Za-z0-9/:?=._+,;@!$'~-]|&(?!#?\w+;)|%[0-9A-Fa-f]{2})+(?:#(?:[\w/.-])*)?", re.ASCII)
FOOTNOTE = re.compile(r"#(.+)")
BLANKS = re.compile(r"(?<!\s)\s*\n\s*")
BEFORE = re.compile(r"[\s(\"“‘„«/—–-]$")  # a sign may open after these …
AFTER = re.compile(r"[\s.,;:!?)\"”’»/—–-]")  # … and close before these
ONE_TAG = re.compile(r"</?[a-z][^<>]*>\s*")


class Inline:
    """Writes words. `marks` are the footnotes that can be written as such: mark by key; `pictures` are those that go
    along: address by name.
    """

    def __init__(self, marks: Mapping[str, str], pictures: Mapping[str, str]) -> None:
        self.marks, self.pictures = marks, pictures
        self.shown: dict[str, str] = {}  # those of the pictures that were written
        self._also = ""  # further characters to escape
        self._is_line = False  # whether everything has to be on one line
        self._write: dict[str, Callable[[Element], str | None]] = {
            "br": lambda _: "<br>", "a": self._link, "code": self._code, "sup": self._mark, "img": self._picture,
        }  # fmt: skip

    def paragraph(self, nodes: Sequence[Node]) -> str | None:
        """The lines of a paragraph; None where a paragraph of Markdown cannot say it."""
        self._also, self._is_line = "", False
        written = self._inside(_stripped(nodes))
        lines = written.split("\n")
        if not written or ONE_TAG.fullmatch(lines[0]) or not all(line.strip() for line in lines):
            return None
        return "\n".join(map(_started, lines))

    def line(self, nodes: Sequence[Node], also: str = "") -> str:
        """Words on one line, of a heading or a cell; characters of `also` are escaped besides."""
        self._also, self._is_line = also, True
        return self._inside(_stripped(nodes))

    def _inside(self, nodes: Sequence[Node]) -> str:
        parts: list[str] = []
        for place, node in enumerate(nodes):
            following = nodes[place + 1] if place + 1 < len(nodes) else None
            if isinstance(node, str):
                parts.append(self._text(node, is_after_mark=bool(parts)))
            elif node.tag == "br" and not self._is_line and isinstance(following, str) and BLANKS.match(following):
                parts.append("\\")
            else:
                written = self._element(node, nodes[place - 1] if place else None, following)
                if written.startswith("`") and parts and parts[-1].endswith("`"):  # two listings would be one
                    written = self._tagged(node)
                parts.append(written)
        return "".join(parts)

    def _text(self, text: str, *, is_after_mark: bool) -> str:
        text = BLANKS.sub("\n", text)

        def escaped(match: re.Match[str]) -> str:
            if match.lastgroup == "underscore" and _is_within_word(text, match.start()):
                return match[0]
            return f"\\{match[0]}"

        written = by_number(SPECIAL.sub(escaped, text))
        if is_after_mark and text.startswith((":", "(", "~", "[")):
            written = f"\\{text[0]}" + written.removeprefix("\\")[1:]
        for sign in self._also:
            written = re.sub(rf"(?<!&){re.escape(sign)}", lambda match: f"\\{match[0]}", written)
        return written.replace("\n", "&#10;") if self._is_line else written

    def _element(self, element: Element, before: Node | None, after: Node | None) -> str:
        written = self._write[element.tag](element) if element.tag in self._write else None
        if written is not None:
            return written
        inner = self._inside(element.inside)
        sign = SIGNS.get(element.tag)
        if sign and not element.attributes and _may_open(inner, before) and _may_close(inner, after):
            return f"{sign}{inner}{sign}"
        return self._tagged(element)

    def _tagged(self, element: Element) -> str:
        return f"{opening(element)}{self._inside(element.inside)}</{element.tag}>"

    def _link(self, element: Element) -> str | None:
        address = element.attributes.get("href", "")
        if set(element.attributes) - {"href", "rel"} or not PLAIN_ADDRESS.fullmatch(address):
            return None
        also, self._also = self._also, "".join(dict.fromkeys(f"{self._also}]"))
        inner = self._inside(element.inside)
        self._also = also
        return f"[{inner}]({address})" if _has_no_link(element.inside) and inner.strip() else None

    def _mark(self, element: Element) -> str | None:
        """A footnote's number above the line, where it leads to the footnote."""
        inside = element.inside
        if len(inside) != 1 or isinstance(inside[0], str) or inside[0].tag != "a":
            return None
        mark = self.marks.get(inside[0].attributes.get("href", "").removeprefix("#"))
        return f"[^{mark}]" if mark and inside[0].inside == [mark] else None

    def _code(self, element: Element) -> str | None:
        text = element.inside[0] if len(element.inside) == 1 else None
        if not isinstance(text, str) or element.attributes or not is_stable(text):
            return None
        if text != text.strip() or "\n" in text or set(text) & set(self._also) or "|" in text:
            return None
        fence = "`" * (max(map(len, re.findall(r"`+", text)), default=0) + 1)
        pad = " " if text.startswith("`") or text.endswith("`") else ""
        return f"{fence}{pad}{text}{pad}{fence}"

    def _picture(self, element: Element) -> str:
        name = name_of(element)
        also, self._also = self._also, "".join(dict.fromkeys(f"{self._also}]"))
        told = self._text(" ".join(element.attributes.get("alt", "").split()), is_after_mark=False)
        self._also = also
        if name not in self.pictures:
            return f"![{told}](pictures/{name})"
        self.shown[name] = self.pictures[name]
        return f"![{told}][{name}]"


def name_of(picture: Element) -> str:
    """What a picture is called in its draft, whether it has an address yet or not."""
    return picture.attributes.get("src", "").rpartition("/")[2].removeprefix("picture:")


def opening(element: Element) -> str:
    """The tag an element begins with."""
    kept = "".join(
        f' {name}="{by_number(str(escape(value)))}"' for name, value in element.attributes.items() if name != "rel"
    )
    return f"<{element.tag}{kept}>"


def _stripped(nodes: Sequence[Node]) -> list[Node]:
    """Without the blank space at both ends."""
    found = list(nodes)
    while found and isinstance(found[0], str) and not found[0].strip():
        found.pop(0)
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    while found and isinstance(found[-1], str) and not found[-1].strip():
        found.pop()
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return found


def _started(line: str) -> str:
    """A line that would begin something else with its first sign made plain."""
    match = START.match(line)
    is_struck = line.startswith("~~") and not line.startswith("~~~")
    if match is None or is_struck:
        return line
    return f"\\{line}" if match["sign"] else f"{match['number']}\\{line[match.end() :]}"


def _is_within_word(text: str, place: int) -> bool:
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and around.isascii() and around.isalnum()


def _may_open(inner: str, before: Node | None) -> bool:
    if not inner[:1].isalnum():
        return False
    return before is None or (isinstance(before, str) and BEFORE.search(before) is not None)


def _may_close(inner: str, after: Node | None) -> bool:
    if not inner[-1:].isalnum():
        return False
    return after is None or (isinstance(after, str) and AFTER.match(after) is not None)


def _has_no_link(nodes: Collection[Node]) -> bool:
    return all(isinstance(node, str) or (node.tag not in ("a", "img") and _has_no_link(node.inside)) for node in nodes)
