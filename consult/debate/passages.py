"""Words of clauses that comments are about: how an address names them, whether they are there, what the eye sees.

Pure. Offsets are code points of `Clause.text`, half open. The words themselves are never taken from a browser.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from consult.core.records import Record
from consult.documents.graphemes import widen

MOST = 20  # passages of one comment
NAMED = re.compile(r"([^\x00-\x1f\x7f]{1,200}):([0-9]{1,7})-([0-9]{1,7})")


class Span(Record):
    """Words of the clause called `key`; in addresses and forms `5-2:10-25`."""

    key: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.key}:{self.start}-{self.end}"


class Stretch(Record):
    """A piece of a clause that shows one way: which positions speak about it (their signs), and whether one is there."""

    start: int
    end: int
    signs: Sequence[str]
    is_here: bool


def parse(name: str) -> Span | None:
    """The passage somebody names; None when this names none."""
    found = NAMED.fullmatch(name)
    return Span(found[1], int(found[2]), int(found[3])) if found else None


def is_there(span: Span | None, texts: Mapping[str, str]) -> bool:
    """Whether a clause of `texts` (by their keys) has words there."""
    if span is None or not 0 <= span.start < span.end <= len(texts.get(span.key, "")):
        return False
    return bool(texts[span.key][span.start : span.end].strip())


def settle(spans: Iterable[Span | None], texts: Mapping[str, str]) -> list[Span]:
    """The spans that are there, in the order of `texts`: whole characters, no blanks at the ends, what touches joined."""
    by_key = defaultdict[str, list[tuple[int, int]]](list)
    for span in spans:
        if span is not None and is_there(span, texts):
            by_key[span.key].append(widen(texts[span.key], *_tight(texts[span.key], span.start, span.end)))
    return [Span(key, *pair) for key in texts for pair in _joined(texts[key], sorted(by_key[key]))]


def _tight(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def _joined(text: str, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted pairs; those that overlap, or have only blanks between them, become one."""
    joined: list[tuple[int, int]] = []
    for start, end in pairs:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def stretches(spoken: Iterable[tuple[int, int, str]], here: Iterable[tuple[int, int]] = ()) -> list[Stretch]:
    """The text cut wherever a passage begins or ends; only the pieces that show something.

    `spoken`: start, end and the sign of a position. `here`: where the reader is.
    """
    turns = defaultdict[int, list[tuple[str, int]]](list)  # at each offset what begins (1) and ends (-1); "": here
    for start, end, sign in (*spoken, *((start, end, "") for start, end in here)):
        turns[start].append((sign, 1))
        turns[end].append((sign, -1))
    found, now = list[Stretch](), Counter[str]()
    places = sorted(turns)
    for place, following in pairwise(places):
        for sign, by in turns[place]:
            now[sign] += by
        signs = sorted(sign for sign, count in now.items() if count and sign)
        if signs or now[""]:
            found.append(Stretch(place, following, signs, is_here=bool(now[""])))
    return found
