"""The text formats we read, and how each is known: by its content, never by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..parsed import ParsedDraft
from . import akn, eu_act, markdown, plain, sts, web, xml_text


class TextFormat(NamedTuple):
    """A kind of text: `is_it` looks at a text, `parse` cuts it into units or raises Invalid."""

    is_it: Callable[[str], bool]
    parse: Callable[[str], ParsedDraft]


# The first that says yes reads the text; what none of them knows is Markdown.
TEXT_FORMATS: Sequence[TextFormat] = (
    TextFormat(markdown.has_front_matter, markdown.parse),
    TextFormat(eu_act.is_act, eu_act.parse),
    TextFormat(web.is_html, web.parse),
    TextFormat(sts.is_sts, sts.parse),
    TextFormat(akn.is_akn, akn.parse),
    TextFormat(xml_text.is_other, xml_text.refuse),
    TextFormat(plain.is_numbered_text, plain.parse),
)


def read(text: str) -> ParsedDraft:
    """Cut a text into units by the first format that knows it; anything else is Markdown."""
    return next((each.parse for each in TEXT_FORMATS if each.is_it(text)), markdown.parse)(text)
