"""The words of a PDF, without the furniture of its pages. Only for the process that reads files: PDFium is a library in C.

A PDF knows where letters stand on paper, not what a paragraph is: lines that follow each other closely are one. Its
scripts, forms, links and embedded files are not looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
from pypdfium2.raw import FPDF_ERR_PASSWORD

from consult.core.errors import Invalid

from .guard import LOCKED
from .plain_pages import NUMBER_ONLY, lines_of_pages
from .source import tidy

MOST_PAGES = 300
FEWEST_LETTERS = 3  # a page on average; below it is pictures of pages
WIDE = 0.4  # of the height of a line: so much more room than between other lines divides paragraphs
WIDEST = 1.0  # of the height of a line: so much room always does
INDENT = 0.8  # of the height of a line, where a sentence ended above
HYPHEN = "\ufffe"  # what PDFium puts where a word was divided at the end of a line
DIVIDED = re.compile(rf"(?<=[^\W\d_]){HYPHEN}(?=[^\W\d_])")
POINT = re.compile(r"(?:[•◦▪–*-]|\(?[0-9]{1,3}[.)]|\(?[a-zA-Z][.)]|[0-9]{1,3}(?:\.[0-9]{1,3})+\.?)\s")
DAMAGED = (
    "This PDF is damaged, so it cannot be read. Save it again from the program it was made with, or paste its words."
)
SCANNED = (
    "This PDF holds pictures of pages and no text: it was scanned. Send the file it was made from, let a text"
    " recognition (OCR) go over it, or paste its words."
)


class Line(NamedTuple):
    """A line on paper: its words, where it begins, its upper and lower edge, in points from below."""

    words: str
    left: float
    top: float
    bottom: float


def read(data: bytes) -> tuple[str, Sequence[str]]:
    """The text, with an empty line between paragraphs, and remarks; Invalid with a sentence where there is none."""
    pages = _pages(data)
    if sum(len(line.words.strip()) for page in pages for line in page) < FEWEST_LETTERS * len(pages):
        raise Invalid(SCANNED, field="file")
    bare, usual = _without_furniture(pages), _scale(pages)
    lines, _ = lines_of_pages("\f".join(_with_gaps(page, usual) for page in bare))
    dropped = sum(map(len, pages)) - sum(map(len, bare))
    remarks = [f"Headers and footers of pages ({dropped:,} of them) were left out."] if dropped else []
    return tidy(_flowing(lines)), remarks


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without what stands first or last on more than one of them, whatever its number, and page numbers."""
    ends = [(page[:1], page[-1:]) for page in pages]
    seen = Counter(key for pair in ends for key in {_key(line) for part in pair for line in part})

    def is_furniture(line: Line) -> bool:
        return seen[_key(line)] > 1 or NUMBER_ONLY.fullmatch(line.words.strip()) is not None

    bare = [list(page) for page in pages]
    for page in bare:
        while page and is_furniture(page[-1]):
            page.pop()
        while page and is_furniture(page[0]):
            page.pop(0)
    return bare


def _key(line: Line) -> str:
    return re.sub(r"\d+", "0", " ".join(line.words.split()))


def _pages(data: bytes) -> list[list[Line]]:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        if count > MOST_PAGES:
            raise Invalid(f"This PDF has {count:,} pages; {MOST_PAGES} is the most. Send it in parts.", field="file")
        return [_lines(document[at].get_textpage()) for at in range(count)]
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == FPDF_ERR_PASSWORD
        raise Invalid(LOCKED if is_locked else DAMAGED, field="file") from None


def _lines(page: pypdfium2.PdfTextPage) -> list[Line]:
    found, at = [], 0
    for words in page.get_text_range().split("\r\n"):
        length = len(words.encode("utf-16-le", "surrogatepass")) // 2  # PDFium counts as UTF-16 does
        if words.strip():
            left, _, _, top = _box(page, at)
            _, bottom, _, _ = _box(page, at + max(0, length - 1))
            found.append(Line(DIVIDED.sub("", words).replace(HYPHEN, "-"), left, top, bottom))
        at += length + 2
    return found


def _box(page: pypdfium2.PdfTextPage, at: int) -> tuple[float, float, float, float]:
    try:
        return page.get_charbox(at, loose=True)  # type: ignore[no-any-return]
    except (pypdfium2.PdfiumError, ValueError):  # a sign that is not on paper
        return 0.0, 0.0, 0.0, 0.0


class Scale(NamedTuple):
    """What is usual in a PDF: how high a line is, and the room between two lines of a paragraph, in points."""

    height: float
    gap: float


def _scale(pages: Sequence[Sequence[Line]]) -> Scale:
    """The gap is what a quarter of all do not exceed, unless it is as wide as only paragraphs are."""
    heights = sorted(line.top - line.bottom for page in pages for line in page)
    gaps = sorted(
        above.bottom - below.top for page in pages for above, below in pairwise(page) if above.bottom > below.bottom
    )
    height = max(1.0, heights[len(heights) // 2])
    return Scale(height, min(gaps[len(gaps) // 4], (WIDEST - WIDE) * height) if gaps else 0.0)


def _with_gaps(page: Sequence[Line], usual: Scale) -> str:
    """The lines of a page, with an empty one where a paragraph ends."""
    told = [line.words for line in page[:1]]
    for above, below in pairwise(page):
        gap = above.bottom - below.top
        is_apart = gap > usual.gap + WIDE * usual.height or gap < -2 * usual.height  # the second: another column
        ends = above.words.rstrip().endswith((".", ":", "?"))
        told += (
            ["", below.words]
            if is_apart or (ends and below.left - above.left > INDENT * usual.height)
            else [below.words]
        )
    return "\n".join(told)


def _flowing(lines: Sequence[str]) -> str:
    """Each paragraph on one line; a word that was divided is one again, and a point begins a line."""
    told: list[str] = []
    for line in lines:
        words = " ".join(line.split())
        if not words or not told or not told[-1] or POINT.match(words):
            told.append(words)
        elif told[-1].endswith("-") and told[-1][-2:-1].islower() and words[0].islower():
            told[-1] = told[-1][:-1] + words
        else:
            told[-1] += f" {words}"
    return re.sub(r"\n{3,}", "\n\n", "\n".join(told)).strip()
