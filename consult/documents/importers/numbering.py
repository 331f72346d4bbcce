"""The numbers printed before headings, and numbers for headings that have none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from consult.core.records import Record

DECIMAL = re.compile(
    r"(?P<number>\d{1,4}(?:\.\d{1,4})+|[A-Z](?:\.\d{1,4})+)(?:[.:)]?\s+(?:[-–—]\s+)?(?P<title>\S.*)|[.:)]?)", re.DOTALL
)
SINGLE = re.compile(r"(?P<number>\d{1,3})(?:[.:)]?\s+(?:[-–—]\s+)?(?P<title>\S.*)|[.:)]?)", re.DOTALL)
MONTH = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{4}\b", re.IGNORECASE
)  # what follows the day of a date
WIDEST_GAP = 5  # numbers a row may leave out, as where clauses were deleted
WORDED = re.compile(
    r"(?P<word>article|annex|appendix|chapter|section|part|title|clause|recital|schedule)\s+"
    r"(?P<number>\d{1,4}[a-z]?(?:\.\d{1,4})*|[IVXLC]{1,7}|[A-Z])(?:\s*[.:—–]+\s*|\s+-\s+|\s+|$)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
KINDS = {"annex": "annex", "appendix": "annex", "schedule": "annex", "article": "article", "recital": "recital"}


class Heading(Record):
    """A heading as printed: "53" of "Article 53 Obligations …"."""

    label: str
    own_label: str
    title: str
    kind: str = "clause"
    prefix: str = ""  # what stands before the title in the text


class _Row:
    """The lone numbers of one level, in the order of the text: "51", "52", "53" make a row, "28" of a date does not."""

    def __init__(self) -> None:
        self.coming: list[int] = []
        self.last: int | None = None

    def goes_on_with(self, number: int) -> bool:
        """Whether `number`, the next of this level, belongs to the row."""
        self.coming.pop(0)
        if self.last is None:
            following = self.coming[0] if self.coming else -1
            belongs = number == 1 or number < following <= number + WIDEST_GAP
        else:
            belongs = self.last <= number <= self.last + WIDEST_GAP
        if belongs:
            self.last = number
        return belongs


def read(titles: Sequence[tuple[int, str]], marks: Sequence[str] = ()) -> list[Heading]:
    """The printed number of each heading, given as (level, text); a text without any gets decimal numbers.

    A lone number counts only where it belongs to a row of its level: "28 May 2025" is a date. `marks` are numbers
    that stand apart ("" for none): an editor's program prints them, or the source says which they are; they count.
    """
    marks = marks or [""] * len(titles)
    rows: dict[int, _Row] = defaultdict(_Row)
    for (level, text), mark in zip(titles, marks, strict=True):
        if not mark and (number := _lone_number(text)):
            rows[level].coming.append(int(number["number"]))
    found = [
        labelled(mark, text) if mark else _printed(text, level, rows)
        for (level, text), mark in zip(titles, marks, strict=True)
    ]
    return found if any(h.label for h in found) else _counted(titles)


def labelled(mark: str, title: str) -> Heading:
    """A heading with a number that stands apart: "5.2.", "Annex B", "(iv)", "§ 4", "Article 5 bis"."""
    bare = " ".join(mark.split())
    label = bare.strip(" .:()–—-") or bare
    if worded := WORDED.fullmatch(label):
        word = worded["word"].capitalize()
        number = f"{worded['number']} {worded['title']}".strip()
        return Heading(f"{word} {number}", number, title, KINDS.get(word.lower(), "clause"))
    return Heading(label, label, title)


def _lone_number(text: str) -> re.Match[str] | None:
    match = SINGLE.fullmatch(text)
    return None if match and MONTH.match(match["title"] or "") else match


def _printed(text: str, level: int, rows: dict[int, _Row]) -> Heading:
    for deeper in [d for d in rows if d > level]:
        rows[deeper].last = None
    worded = WORDED.fullmatch(text)
    if worded and (worded["word"][0].isupper() or worded["number"].isdigit()) and not worded["number"].islower():
        word = worded["word"].capitalize()
        return _heading(f"{word} {worded['number']}", worded, text, KINDS.get(word.lower(), "clause"))
    decimal = DECIMAL.fullmatch(text)
    if decimal:
        return _heading(decimal["number"], decimal, text)
    single = _lone_number(text)
    if single and rows[level].goes_on_with(int(single["number"])):
        return _heading(single["number"], single, text)
    return Heading("", "", text)


def _heading(label: str, match: re.Match[str], text: str, kind: str = "clause") -> Heading:
    title = (match["title"] or "").strip()
    return Heading(label, match["number"], title, kind, text[: match.start("title")] if title else text)


def _counted(titles: Sequence[tuple[int, str]]) -> list[Heading]:
    """1, 1.1, 1.2, 2 … by level; a single heading above all others is the document's title and has no number."""
    if not titles:
        return []
    top = min(level for level, _ in titles)
    is_title = titles[0][0] == top and sum(level == top for level, _ in titles) == 1 and len(titles) > 1
    path: list[tuple[int, int]] = []  # (level, number)
    found = []
    for place, (level, text) in enumerate(titles):
        if is_title and place == 0:
            found.append(Heading("", "", text))
            continue
        number = 0
        while path and path[-1][0] >= level:
            number = path.pop()[1]
        path.append((level, number + 1))
        label = ".".join(str(n) for _, n in path)
        found.append(Heading(label, label, text))
    return found
