"""The words around what was found, with the words that were found marked. Pure, from plain text to plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consult.core.records import Record
from consult.documents.graphemes import widen

from .words import Term, tokens

LONGEST = 50_000  # characters that are looked through
WINDOW = 200
BEFORE = 50
ENDINGS = re.compile(r"(?:ations?|ings?|edly|ments?|ies|ied|ers?|ed|es|ly|e|s|y|i)$")
SHORTEST_STEM = 4


class Part(Record):
    """A stretch of an excerpt: marked, or between the marks."""

    text: str
    is_mark: bool


def marked(text: str, terms: Sequence[Term]) -> list[Part]:
    """The whole of a short text with what was found marked."""
    return _parts(text, 0, len(text), [(start, end) for start, end, _term in _hits(text, terms)])


def excerpt(text: str, terms: Sequence[Term]) -> list[Part]:
    """About two lines of `text`, where most of the terms stand close together; its beginning if none does."""
    text = " ".join(text[:LONGEST].split())
    hits = list(_hits(text, terms))
    start = _start(text, hits)
    end = len(text) if start + WINDOW >= len(text) else _cut(text, start + WINDOW)
    start, end = widen(text, start, end)
    inside = [(a, b) for a, b, _term in hits if start <= a and b <= end]
    parts = _parts(text, start, end, inside)
    if start:
        parts.insert(0, Part("… ", False))
    if end < len(text):
        parts.append(Part(" …", False))
    return parts


def _start(text: str, hits: Sequence[tuple[int, int, int]]) -> int:
    """Where the excerpt begins: a little before the place with most different terms."""
    best, most = 0, 0
    for n, (start, _end, _term) in enumerate(hits):
        close = {term for at, _e, term in hits[n : n + 40] if at < start + WINDOW - BEFORE}
        if len(close) > most:
            best, most = start, len(close)
    return 0 if best <= BEFORE or len(text) <= WINDOW else _cut(text, best - BEFORE)


def _cut(text: str, at: int) -> int:
    """The end of the word before `at`, unless words here are long or have no spaces between them."""
    space = text.rfind(" ", max(0, at - 30), at)
    return at if space < 0 else space + 1


def _hits(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int, int]]:
    """Start, end and which term, in the order of the text."""
    there = list(tokens(text))
    at = 0
    while at < len(there):
        found = next(((n, term) for n, term in enumerate(terms) if _stands_at(there, at, term)), None)
        if found is None:
            at += 1
            continue
        n, term = found
        last = there[at + len(term.tokens) - 1]
        yield there[at][1], last[2], n
        at += len(term.tokens)


def _stands_at(there: Sequence[tuple[str, int, int]], at: int, term: Term) -> bool:
    if at + len(term.tokens) > len(there):
        return False
    *first, (wanted, last) = zip(term.tokens, (word for word, _s, _e in there[at : at + len(term.tokens)]), strict=True)
    is_begun = term.is_prefix and last.startswith(wanted)
    return all(_is_alike(a, b) for a, b in first) and (is_begun or _is_alike(wanted, last))


def _is_alike(wanted: str, word: str) -> bool:
    """The same word, or another form of it; only for marks, the databases find with stemmers of their own."""
    return wanted == word or (len(wanted) > SHORTEST_STEM and _stem(wanted) == _stem(word))


def _stem(word: str) -> str:
    bare = ENDINGS.sub("", word)
    return bare if len(bare) >= SHORTEST_STEM else word


def _parts(text: str, start: int, end: int, hits: Sequence[tuple[int, int]]) -> list[Part]:
    parts, at = [], start
    for first, last in hits:
        first, last = widen(text, first, last)
        if first < at:
            continue
        parts += [Part(text[at:first], False), Part(text[first:last], True)]
        at = last
    return [part for part in [*parts, Part(text[at:end], False)] if part.text]
