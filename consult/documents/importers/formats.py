"""The formats a draft may come in: what they are called, how their files end, what they are served as."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """One format; `endings` are those its files usually have, which decide nothing."""

    called: str
    endings: tuple[str, ...]
    media_type: str = "text/plain"


_TEXT = Format("text", (".md", ".markdown", ".txt"))
FORMATS: dict[str, Format] = {  # by `ParsedDraft.format`
    "markdown": _TEXT,
    "eu-act": _TEXT,
    "text": _TEXT,
    "html": Format("web page", (".html", ".htm", ".xhtml")),  # served as text: a page of others must not act here
    "sts": Format("standard in XML", (".xml",)),
    "akn": Format("law in XML", (".xml",)),
    "docx": Format(
        "Word document", (".docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "odt": Format("OpenDocument text", (".odt",), "application/vnd.oasis.opendocument.text"),
}
LETTER_ENDINGS = (".docx", ".odt", ".pdf", ".md", ".txt")
ENDINGS = tuple(dict.fromkeys(ending for each in FORMATS.values() for ending in each.endings))


def media_type(name: str) -> str:
    """What a file of this format is served as; an unknown one as bytes."""
    return FORMATS[name].media_type if name in FORMATS else "application/octet-stream"
