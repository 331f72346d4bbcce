"""A letter as a file: what may come in, and what is made of it. Pure, and safe to import where files arrive."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from consult.core.errors import Invalid
from consult.core.records import Record

from . import guard

LARGEST_PDF = 15 * 1024 * 1024  # bytes
MARKS = (b"<!doctype html", b"<html", b"<?xml")
MARKUP = (
    "This is a web page or another file of marks, not a letter. Open it, copy its words, and paste them into the field"
    " for the text."
)


class ReadLetter(Record):
    """The words of a letter as its file has them; paragraphs are divided by empty lines."""

    kind: str  # docx, odt, pdf, md, txt
    text: str
    remarks: Sequence[str] = ()


def to_json(letter: ReadLetter) -> bytes:
    """A letter as UTF-8 JSON; `from_json` gives the same again."""
    return msgspec.json.encode(letter)


def from_json(data: bytes) -> ReadLetter:
    """What `to_json` wrote; msgspec.DecodeError when it is anything else."""
    return msgspec.json.decode(data, type=ReadLetter)


def glance(data: bytes, name: str = "") -> None:
    """Refuse by the outside, as `guard` does for drafts; a letter may be a PDF, and no web page."""
    if not guard.is_pdf(data):
        guard.glance(data, name)
    elif len(data) > LARGEST_PDF:
        raise Invalid(
            f"This PDF is {len(data) / 1_048_576:,.1f} MB; {LARGEST_PDF // 1_048_576} MB is the most. Send the file it"
            " was made from, or paste its words.",
            field="file",
        )
    if data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKS):
        raise Invalid(MARKUP, field="file")
