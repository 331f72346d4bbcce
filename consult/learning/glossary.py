"""Finds the terms of a glossary in text, in any script, and marks them in HTML. Pure.

A term is found as whole words, whatever their case, the longest first; other forms of it only where somebody named
them. Scripts that put no blanks between words have no whole words: there any letter may begin or end one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from consult.core.later import Later
from consult.core.records import Record
from consult.documents.graphemes import marks

# Letters of scripts written without blanks: Thai, Lao, Myanmar, Khmer, kana, Han.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
JOINERS = "\u00ad\u200c\u200d"  # inside of words: the soft hyphen, and what joins or parts letters
HYPHENS = frozenset("-\u2010\u2011")
ENTITY = r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);"


def _word() -> re.Pattern[str]:
    """Plain Latin words come first, ten times faster: the class of all marks, which belong to the word, is large."""
    return re.compile(
        f"{ENTITY}|(?>[0-9A-Za-z]+)(?![^\\x00-\\x7f])|(?=[0-9A-Za-z\\x80-\U0010ffff])(?:[{UNSPACED}]"
        f"[{marks()}{JOINERS}]*|(?:[^\\W_{UNSPACED}]|[{marks()}])(?:[^\\W_{UNSPACED}]|[{marks()}{JOINERS}])*)"
    )


WORD = Later(_word)
ONE_LETTER = re.compile(f"[{UNSPACED}]")
TAG = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')
NAME = re.compile(r"<(/?)([a-zA-Z0-9]+)")
# Nothing is marked in what is marked or linked already, in code, in formulas, and in words that are struck out.
CLOSED = frozenset({"a", "mark", "code", "pre", "kbd", "var", "dfn", "abbr", "del", "s", "sub", "sup"})
INSIDE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "s",
        "small",
        "span",
        "strong",
        "u",
    }
)  # tags that stand inside of words without parting them
READ = 200 / 60  # words a second, as people read what is new to them
READ_UNSPACED = 350 / 60  # letters a second of scripts without blanks


class Entry(Record):
    """A term as it is explained: `forms` are all the ways it is written."""

    id: int
    key: str
    name: str
    html: str
    forms: tuple[str, ...]


class Found(Record):
    """Where a term stands: code points of the text, half open."""

    start: int
    end: int
    entry: Entry


class Word(NamedTuple):
    """A word of a text: where it stands, what it says whatever its case, and what is between it and the next."""

    start: int
    end: int
    said: str
    gap: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """The entries of a consultation, ready to be looked for."""

    entries: tuple[Entry, ...] = ()
    by_word: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Glossary:
        """A glossary of these; where two are written alike the first is meant."""
        known = tuple(entries)
        index = defaultdict[str, list[tuple[tuple[str, ...], Entry]]](list)
        for entry in known:
            for form in entry.forms:
                said = fold(form)
                if said:
                    index[said[0]].append((said, entry))
        for forms in index.values():
            forms.sort(key=lambda pair: -len(pair[0]))
        return cls(known, dict(index))

    def __bool__(self) -> bool:
        return bool(self.by_word)

    def find(self, text: str) -> Iterator[Found]:
        """Every place of every term in plain text, from left to right, the longest first; they do not overlap."""
        yield from self.among(words_of(text))

    def among(self, words: Sequence[Word]) -> Iterator[Found]:
        """The same among the words of a text."""
        at = 0
        while at < len(words):
            length, entry = self._at(words, at)
            if entry is not None:
                yield Found(words[at].start, words[at + length - 1].end, entry)
            at += length

    def _at(self, words: Sequence[Word], at: int) -> tuple[int, Entry | None]:
        """How many words the term has that begins here, and which it is; one and none where none does."""
        if at and words[at - 1].gap == "-":
            return 1, None  # the end of a compound is not the word itself
        for said, entry in self.by_word.get(words[at].said, ()):
            length = (len(said) + 1) // 2
            is_whole = at + length <= len(words) and words[at + length - 1].gap != "-"
            if is_whole and _said(words[at : at + length]) == said:
                return length, entry
        return 1, None


def fold(name: str) -> tuple[str, ...]:
    """A name as it is compared: its words in any case, and between them what parts them."""
    return _said(words_of(name))


def _said(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(part for word in words for part in (word.said, word.gap))[:-1]


def words_of(text: str, *, is_html: bool = False) -> list[Word]:
    """The words of plain text, or of HTML between two tags; of scripts without blanks each letter is one."""
    places = [found.span() for found in WORD.finditer(text) if not found[0].startswith("&")]
    ends = [*(start for start, _ in places[1:]), len(text)][: len(places)]
    return [
        Word(start, end, _alike(text[start:end]), _between(text[end:until], is_html))
        for (start, end), until in zip(places, ends, strict=True)
    ]


@lru_cache(maxsize=4096)  # the same few words come again and again
def _alike(word: str) -> str:
    bare = "".join(letter for letter in word if letter not in JOINERS)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", bare).casefold())


@lru_cache(maxsize=1024)
def _between(gap: str, is_html: bool) -> str:
    """What parts two words, as it is compared: blanks are one blank, hyphens and apostrophes are of one kind."""
    gap = unescape(gap) if is_html else gap
    if gap in HYPHENS:
        return "-"
    return " ".join(f"|{gap}|".split()).strip("|").replace("\u2019", "'") if gap.strip() else " " * bool(gap)


def marked(html: str, glossary: Glossary, opening: Callable[[Entry], str]) -> tuple[str, list[Entry]]:
    """The HTML with the first place of each term inside of `opening(entry)` and `</a>`; and which terms these are.

    Only tags are added. A term that a tag cuts in two, or that stands in something marked, linked or coded, is left.
    """
    if not glossary:
        return html, []
    parts, seen, closed = TAG.split(html), list[Entry](), list[str]()
    for nth, part in enumerate(parts[:]):
        if nth % 2:
            _follow(part, closed)
        elif part and not closed:
            words = _whole(part, _edge(parts, nth, -1), _edge(parts, nth, 1))
            parts[nth] = _marked(part, glossary.among(words), opening, seen)
    return "".join(parts), seen


def _follow(tag: str, closed: list[str]) -> None:
    """Keep in mind which elements that take no mark are open."""
    found = NAME.match(tag)
    if found is None or found[2] not in CLOSED:
        return
    if not found[1]:
        closed.append(found[2])
    elif closed:
        closed.pop()


def _edge(parts: Sequence[str], nth: int, by: int) -> str:
    """The text that touches this one, before (by = -1) or after it, with nothing but tags inside of words between."""
    at = nth + by
    while 0 <= at < len(parts):
        if at % 2:
            found = NAME.match(parts[at])
            if found is None or found[2] not in INSIDE:
                return ""
        elif parts[at]:
            return parts[at]
        at += by
    return ""


def _whole(part: str, before: str, after: str) -> list[Word]:
    """The words of a text between two tags that do not go on beyond them."""
    words = words_of(part, is_html=True)
    if words and words[0].start == 0 and before and _is_in_word(before[-1], part[0]):
        words = words[1:]
    if words and words[-1].end == len(part) and after and _is_in_word(part[-1], after[0]):
        words = words[:-1]
    return words


def _is_in_word(one: str, other: str) -> bool:
    """Whether a word goes on from one letter to the other."""
    if one in HYPHENS or other in HYPHENS:
        return True
    return all(WORD.match(letter) and not ONE_LETTER.match(letter) for letter in (one, other))


def _marked(html: str, found: Iterable[Found], opening: Callable[[Entry], str], seen: list[Entry]) -> str:
    made, at = list[str](), 0
    for one in found:
        if one.entry not in seen:
            seen.append(one.entry)
            made += [html[at : one.start], opening(one.entry), html[one.start : one.end], "</a>"]
            at = one.end
    return "".join([*made, html[at:]])


def order(name: str) -> str:
    """What names are sorted by from A to Z: whatever their case, their accents last."""
    return unicodedata.normalize("NFKD", name).casefold()


def letter(name: str) -> str:
    """The letter a name stands under."""
    first = next((one for one in order(name) if one.isalnum()), "#")
    return first.upper()[:1]


def seconds_to_read(text: str) -> int:
    """How long reading a text takes."""
    words = words_of(text)
    unspaced = sum(bool(ONE_LETTER.match(word.said)) for word in words)
    return round((len(words) - unspaced) / READ + unspaced / READ_UNSPACED)
