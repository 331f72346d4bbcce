"""Text in, safe HTML out: the only place that makes Markup."""

from __future__ import annotations

import unicodedata

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_md = MarkdownIt("commonmark", {"html": False})


def markdown(source: str) -> str:
    """Markdown to safe HTML."""
    return nh3.clean(_md.render(normalise(source)))


def clean(html: str) -> str:
    """Draft HTML to safe HTML."""
    return nh3.clean(html)


def safe(html: str) -> Markup:
    """Mark stored, cleaned HTML as such."""
    return Markup(html)


def plain(html: str) -> str:
    """The words without the tags."""
    return Markup(html).striptags()


def normalise(text: str) -> str:
    """Composed characters, plain newlines, no control characters."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def excerpt(text: str, n: int = 160) -> str:
    """The first `n` characters, cut at a word."""
    return text if len(text) <= n else text[:n].rsplit(" ", 1)[0] + " …"
