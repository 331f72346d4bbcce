"""The words of a letter, whatever file it comes in. Only for the process that reads files, see `letter_child`."""

from __future__ import annotations

import re

from consult.core.errors import Invalid

from ..parsed import words_of
from . import guard, letter_files, odt, pdf, word
from .flow import Block, Flow
from .letter_files import ReadLetter
from .source import decode, tidy

ROW_END = re.compile(r"</tr>|<br ?/?>|</(?:p|figcaption|caption)>")
MARKDOWN = (".md", ".markdown")
ARCHIVES = {"docx": word.read, "odt": odt.read}
EMPTY = "There are no words in this file. Choose the file that holds the letter, or paste its words."


def read(data: bytes, name: str = "") -> ReadLetter:
    """The text of a letter; Invalid (field `file`) with a sentence when that cannot be done."""
    letter_files.glance(data, name)
    letter = _read(data, name)
    if not letter.text.strip():
        raise Invalid(EMPTY, field="file")
    return letter


def _read(data: bytes, name: str) -> ReadLetter:
    if guard.is_pdf(data):
        text, remarks = pdf.read(data)
        return ReadLetter("pdf", text, remarks)
    if guard.is_archive(data):
        archive = guard.unpack(data)
        flow = ARCHIVES[archive.kind](archive)
        return ReadLetter(archive.kind, text_of(flow), flow.warnings)
    return ReadLetter("md" if name.lower().endswith(MARKDOWN) else "txt", tidy(decode(data)))


def text_of(flow: Flow) -> str:
    """The words of a text processor's file, each block a paragraph, with the numbers printed before them."""
    notes = [f"[{mark}] {_lines(html)}" for mark, html in flow.notes]
    return "\n\n".join(filter(None, [flow.title, *map(_words, flow.blocks), *notes]))


def _words(block: Block) -> str:
    return f"{block.mark} {block.words or _lines(block.html)}".strip()


def _lines(html: str) -> str:
    return "\n".join(filter(None, (words_of(line) for line in ROW_END.split(html))))
