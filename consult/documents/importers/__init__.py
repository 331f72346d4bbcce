"""From a text to numbered units: one module per kind of source, chosen by looking at the text."""

from __future__ import annotations

from ..parsed import ParsedDraft
from . import eu_act, markdown

__all__ = ["read"]


def read(text: str) -> ParsedDraft:
    """Cut a text into units: an act of the European Union by its own marks, anything else as Markdown."""
    return eu_act.parse(text) if eu_act.is_act(text) else markdown.parse(text)
