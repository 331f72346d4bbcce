"""From a text to numbered units: one module per kind of source, chosen by looking at the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from consult.core.errors import Invalid

from ..parsed import ParsedDraft
from . import akn, eu_act, markdown, plain, sts, web, xml_text
from .source import decode

__all__ = ["Taken", "read", "take"]

FORMATS: Sequence[tuple[Callable[[str], bool], Callable[[str], ParsedDraft]]] = (
    (eu_act.is_act, eu_act.parse),
    (web.is_html, web.parse),
    (sts.is_sts, sts.parse),
    (akn.is_akn, akn.parse),
    (xml_text.is_other, xml_text.refuse),
    (plain.is_numbered_text, plain.parse),
)


def read(text: str) -> ParsedDraft:
    """Cut a text into units by the first format that recognises it; anything else is Markdown."""
    return next((parse for is_such, parse in FORMATS if is_such(text)), markdown.parse)(text)


class Taken(NamedTuple):
    """A file that could be read: its text exactly as it arrived, and its units."""

    source: str
    parsed: ParsedDraft


def take(*, data: bytes, field: str = "file") -> Taken:
    """Read a file; what is wrong with it is said at `field` of the form it came by."""
    try:
        text = decode(data)
        return Taken(text, read(text))
    except Invalid as error:
        raise Invalid(error.sentence, field=field) from None
