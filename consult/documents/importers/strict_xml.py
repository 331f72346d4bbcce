"""XML from a stranger: no definitions, no other encodings, no bottomless depth; then the standard library reads it.

What is looked at is what is parsed: a part is decoded here, once, and the parser gets the characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import StringIO
from xml.etree import ElementTree

from consult.core.errors import Invalid

DEEPEST = 256  # elements inside each other; a table in a table in a text box is at about 40
MOST_ELEMENTS = 1_500_000
DECLARATION = re.compile(r"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
DEFINITIONS = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
WIDE = ("utf-16", "utf16", "utf-16le", "utf-16be")
NARROW = ("utf-8", "utf8", "us-ascii", "ascii")
ENCODING = (
    "A part of this file is written in an encoding that documents do not use. Open it in your editor, save it again,"
    " and send that."
)
NOT_XML = "This file is damaged: a part of it cannot be read. Open it in your editor, save it again, and send that."
HAS_DEFINITIONS = (
    "This file holds definitions of its own (DOCTYPE or ENTITY), by which a file can make a server read or fetch other"
    " things. Editors do not write them: open it in yours, save it again, and send that."
)


def decode(part: bytes) -> str:
    """The characters of an XML part in UTF-8 or UTF-16; Invalid for anything else, or when it lies about it."""
    if part.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\x00\x00\x00<", b"<\x00\x00\x00", b"+/v")):
        raise Invalid(ENCODING, field="file")
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, allowed = "utf-16", WIDE
    elif part[:2] in (b"<\x00", b"\x00<"):
        encoding, allowed = ("utf-16-le" if part[:1] == b"<" else "utf-16-be"), WIDE
    else:
        encoding, allowed = "utf-8-sig", NARROW
    try:
        text = part.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid(ENCODING, field="file") from None
    declared = DECLARATION.match(text)
    if declared and declared[1].lower() not in allowed:
        raise Invalid(ENCODING, field="file")
    return text


def refuse_definitions(part: bytes) -> str:
    """The characters of an XML part; Invalid if it has a document type or entities."""
    text = decode(part)
    if DEFINITIONS.search(text):
        raise Invalid(HAS_DEFINITIONS, field="file")
    return text


def read(part: bytes) -> ElementTree.Element:
    """The root of an XML part; Invalid with a sentence when it is none, hostile, or nested too deep."""
    text = refuse_definitions(part)
    depth = count = 0
    root: ElementTree.Element | None = None
    try:
        for event, element in ElementTree.iterparse(StringIO(text), events=("start", "end")):  # noqa: S314
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth, count = depth + 1, count + 1
            if depth > DEEPEST or count > MOST_ELEMENTS:
                raise Invalid(_too_much(depth), field="file")
    except (ElementTree.ParseError, ValueError):
        raise Invalid(NOT_XML, field="file") from None
    if root is None:
        raise Invalid(NOT_XML, field="file")
    return root


class Names:
    """Short names for the names of a vocabulary: `{http://…/main}p` becomes `p`, or `m_oMath` with a prefix.

    Attributes of vocabularies that are not known, such as revision ids, are dropped.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._known: dict[str, str] = {}

    def shorten(self, root: ElementTree.Element) -> ElementTree.Element:
        """The same tree, renamed in place."""
        for element in root.iter():
            element.tag = self._short(element.tag)
            if element.attrib:
                named = {self._short(name): value for name, value in element.attrib.items()}
                element.attrib = {name: value for name, value in named.items() if name[0] != "{" and "rsid" not in name}
        return root

    def _short(self, name: str) -> str:
        found = self._known.get(name)
        if found is None:
            space, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
            prefix = self._prefixes.get(space) if space else ""
            found = name if prefix is None else f"{prefix}_{local}" if prefix else local
            self._known[name] = found
        return found


def _too_much(depth: int) -> str:
    if depth > DEEPEST:
        return "Things are nested too deep inside each other in this file. Bring it to fewer levels, and send it again."
    return f"This file has more than {MOST_ELEMENTS:,} pieces. Split the document into parts, and send one of them."
