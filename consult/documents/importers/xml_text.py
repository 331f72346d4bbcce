"""XML before it is a tree: what its root is called, and what is refused before a parser sees it.

A document type is never read. The one of the standards' own XML, without anything inside, is cut off; any other is
refused. With no document type there are no entities to expand.
"""

from __future__ import annotations

import re

from lxml import etree

from consult.core.errors import Invalid

from ..parsed import ParsedDraft
from .source import tidy_markup
from .trees import SAFE, TOO_DEEP, Element, not_too_deep

DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
ROOT = re.compile(r"<(?:!DOCTYPE\s+)?([A-Za-z_][\w.:-]{0,100})", re.IGNORECASE)
# As NISO and ISO give them: a name and one or two identifiers in quotes, nothing in square brackets.
KNOWN_DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+[\w:.-]{1,100}\s+(?:PUBLIC\s+("[^"<>]{0,300}"|'[^'<>]{0,300}')|SYSTEM)\s+("[^"<>]{0,300}"|'[^'<>]{0,300}')\s*>"""
)
STANDARD_BODY = re.compile(r"NISO|\bISO", re.IGNORECASE)
INSTRUCTION = re.compile(r"\s*<\?xml\b")


def prolog_end(text: str) -> int:
    """Where the first thing begins that is no blank, comment or instruction; searching costs no more than its length."""
    at = 0
    while True:
        while at < len(text) and (text[at].isspace() or text[at] == "\ufeff"):
            at += 1
        closing = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else ""
        end = text.find(closing, at) if closing else -1
        if end < 0:
            return at
        at = end + len(closing)


def root_name(text: str) -> str:
    """What the root element is called, without its prefix; empty when this is no XML."""
    match = ROOT.match(text, prolog_end(text))
    return match[1].rpartition(":")[2] if match else ""


def without_doctype(text: str) -> str:
    """The text without the reference to the document type of NISO STS or ISOSTS; any other is refused."""
    at = prolog_end(text)
    if not DOCTYPE.match(text, at):
        return text
    known = KNOWN_DOCTYPE.match(text, at)
    if known is None or not STANDARD_BODY.search(known[0]):
        raise Invalid(
            "This XML brings a document type (DOCTYPE) with it. These are never read here, as they can call other files."
            " Take the DOCTYPE out, or export the file again without one.",
            field="file",
        )
    return text[:at] + text[known.end() :]


def xml_tree(text: str) -> Element:
    """The root element of an XML text without a document type; Invalid (field `file`) with the line of a mistake."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, dtd_validation=False, **SAFE)
    try:
        root = etree.fromstring(without_doctype(tidy_markup(text)).encode(), parser)
    except etree.XMLSyntaxError as error:
        if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            raise Invalid(TOO_DEEP, field="file") from None
        if any(entry.type_name == "ERR_UNDECLARED_ENTITY" for entry in parser.error_log):
            raise Invalid(
                f"Line {error.lineno or 1:,} uses a named character (like “&nbsp;”) that XML itself does not know, and"
                " document types are not read. Put the character itself in its place.",
                field="file",
            ) from None
        raise Invalid(
            f"This XML breaks off at line {error.lineno or 1:,}: a tag is wrong or not closed. Check the file with the"
            " program that made it, and send it again.",
            field="file",
        ) from None
    return not_too_deep(root)


def is_other(text: str) -> bool:
    """Whether this is XML that no reader here is made for; to be asked last."""
    return bool(INSTRUCTION.match(text.lstrip("\ufeff")))


def refuse(text: str) -> ParsedDraft:
    """Say which XML can be read."""
    raise Invalid(
        f"This is XML of a sort that is not known here: its root is “{root_name(text)}”. Standards in NISO STS or ISOSTS"
        " and laws in Akoma Ntoso can be read; save others as HTML or Markdown.",
        field="file",
    )
