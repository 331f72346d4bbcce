"""The numbers printed before headings, and numbers for headings that have none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

DECIMAL = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4})+|[A-Z](?:\.\d{1,4})+)[.:)]?\s+(?P<title>\S.*)", re.DOTALL)
SINGLE = re.compile(r"(?P<number>\d{1,4})[.:)]?\s+(?P<title>\S.*)", re.DOTALL)
BARE = re.compile(r"(?P<number>(?:\d{1,4}|[A-Z])(?:\.\d{1,4})+|\d{1,4})[.:)]?(?P<title>)")
WORDED = re.compile(
    r"(?P<word>article|annex|appendix|chapter|section|part|title|clause|recital|schedule)\s+"
    r"(?P<number>\d{1,4}[a-z]?(?:\.\d{1,4})*|[IVXLC]{1,7}|[A-Z])(?:\s*[.:—–]+\s*|\s+-\s+|\s+|$)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
KINDS = {"annex": "annex", "appendix": "annex", "schedule": "annex", "article": "article", "recital": "recital"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed: "53" of "Article 53 Obligations …"."""

    label: str
    own_label: str
    title: str
    kind: str = "clause"
    prefix: str = ""  # what stands before the title in the text


def read(titles: Sequence[tuple[int, str]]) -> list[Heading]:
    """The printed number of each heading, given as (level, text); a text without any gets decimal numbers.

    A lone number counts only where it continues the row of its level: "28 May 2025" is a date.
    """
    last: dict[int, int] = defaultdict(lambda: -1)
    found = [_printed(text, level, last) for level, text in titles]
    return found if any(h.label for h in found) else _counted(titles)


def _printed(text: str, level: int, last: dict[int, int]) -> Heading:
    worded = WORDED.fullmatch(text)
    if worded and (worded["word"][0].isupper() or worded["number"].isdigit()) and not worded["number"].islower():
        word = worded["word"].capitalize()
        return _heading(f"{word} {worded['number']}", worded, text, KINDS.get(word.lower(), "clause"))
    decimal = DECIMAL.fullmatch(text) or BARE.fullmatch(text)
    if decimal and not decimal["number"].isdigit():
        return _heading(decimal["number"], decimal, text)
    single = SINGLE.fullmatch(text) or decimal
    if single and _continues(int(single["number"]), level, last):
        return _heading(single["number"], single, text)
    return Heading("", "", text)


def _continues(number: int, level: int, last: dict[int, int]) -> bool:
    follows = number == last[level] + 1 or (last[level] == -1 and number == 1)
    if follows:
        last[level] = number
        for deeper in [d for d in last if d > level]:
            del last[deeper]
    return follows


def _heading(label: str, match: re.Match[str], text: str, kind: str = "clause") -> Heading:
    return Heading(label, match["number"], match["title"].strip(), kind, text[: match.start("title")])


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
