"""Words as both databases see them: folded and parted here, so that neither needs to know a script. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from consult.core.records import Record, field, replace
from consult.core.text import normalise

LONGEST_WORD = 64
LONGEST_QUERY = 200
MOST_TERMS = 12
MOST_TOKENS = 24  # of one term: a phrase, or a run of Chinese
SHORTEST_PREFIX = 3  # letters of an alphabet; two where one sign is a syllable

# Marks that go with a letter and are left out when people type fast: Latin, Greek, Cyrillic, Hebrew and Arabic.
LOOSE_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]"
)
# Scripts that put no spaces between words: each sign is a word, and a word somebody looks for a phrase of signs.
SIGNS = (
    "\u0e01-\u0e2e\u0e30-\u0e7f\u0e80-\u0edf\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowels and tones that are written over, under or after a sign, and marks that belong to letters.
SIGN_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
LETTER_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0980-\u0983\u09bc-\u09cd\u0a01-\u0a51\u0a81-\u0acd\u0b01-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c56\u0c81-\u0cd6\u0d00-\u0d57"
)
# A sign, or letters and digits, each with its marks; whatever else there is parts them.
LETTER = rf"[^\W_{SIGNS}]"
TOKEN = re.compile(rf"[{SIGNS}][{SIGN_MARKS}]*|{LETTER}(?:{LETTER}|[{LETTER_MARKS}])*")
ASCII_TOKEN = re.compile("[a-z0-9]+")
TYPED = re.compile(r'(-?)(?:["“”„«»]([^"“”„«»]*)(?:["“”„«»]|$)|([^\s"“”„«»]+))')
# What people put before the number of a clause, and what drafts have in its label.
BEFORE_NUMBERS = ("article", "art.", "art", "clause", "section", "sec.", "annex", "recital", "chapter", "§")
NUMBER = re.compile(r"[\w.()/\[\]§-]{1,40}")


class Term(Record):
    """What must be there in this order: one word, or the words of a phrase."""

    tokens: tuple[str, ...]
    is_prefix: bool = False  # the last word may go on


class Wanted(Record):
    """What somebody looks for: every one of `terms`, none of `without`; or what is called by one of `numbers`."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    numbers: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_empty(self) -> bool:
        return not self.terms and not self.numbers

    @property
    def whole(self) -> Wanted:
        """The same, but that no word may go on."""
        return replace(self, terms=tuple(replace(term, is_prefix=False) for term in self.terms))

    @property
    def phrase(self) -> Term | None:
        """All words in a row, as they were typed; None for one word, or for what is a phrase already."""
        if len(self.terms) < 2:
            return None
        tokens = tuple(token for term in self.terms for token in term.tokens)
        return Term(tokens[:MOST_TOKENS], self.terms[-1].is_prefix and len(tokens) <= MOST_TOKENS)


def fold(text: str) -> str:
    """Lower case, without the marks people leave out, one form for what looks alike."""
    return unicodedata.normalize("NFC", LOOSE_MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()))


def parted(text: str) -> list[str]:
    """The words of `text` as they are stored for the index, and looked for."""
    if text.isascii():
        return [token[:LONGEST_WORD] for token in ASCII_TOKEN.findall(text.lower())]
    return [token[:LONGEST_WORD] for token in TOKEN.findall(fold(text))]


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The same words, each with where it stands in `text`."""
    for found in TOKEN.finditer(text):
        for part in parted(found[0]):
            yield part, found.start(), found.end()


def indexed(text: str, longest: int) -> str:
    """The words of `text` with one space between; of at most `longest` characters."""
    return " ".join(parted(text[:longest]))


def numbered(label: str) -> str:
    """A label or a number as it is compared: "Article 53 (2)" is "article53(2)", " acme-012 " is "acme-012"."""
    return "".join(fold(label).split())[:LONGEST_WORD]


def read(typed: str) -> Wanted:
    """What was typed: several words are all wanted, "quoted" ones in a row, -these not; any input is fine."""
    typed = normalise(typed)[:LONGEST_QUERY]
    terms: list[Term] = []
    without: list[Term] = []
    for found in list(TYPED.finditer(typed))[: MOST_TERMS * 2]:
        is_quoted = found[3] is None
        parts = tuple(parted(found[2] if is_quoted else found[3])[:MOST_TOKENS])
        if parts:
            is_last = found.end() == len(typed.rstrip())
            (without if found[1] else terms).append(Term(parts, is_last and not is_quoted and _may_go_on(parts[-1])))
    return Wanted(tuple(terms[:MOST_TERMS]), tuple(without[:MOST_TERMS]), _numbers(typed))


def _may_go_on(word: str) -> bool:
    """Whether the beginning of a longer word: 53 is not the beginning of 530, and a sign is whole."""
    return len(word) >= SHORTEST_PREFIX - (not word.isascii()) and not any(c.isdigit() for c in word)


def _numbers(typed: str) -> frozenset[str]:
    """The labels that may be meant by what was typed, if it may be a number at all."""
    whole = numbered(typed)
    bare = next((whole[len(word) :] for word in BEFORE_NUMBERS if whole.startswith(word) and whole != word), "")
    if not NUMBER.fullmatch(whole) or (not any(c.isdigit() for c in whole) and not bare):
        return frozenset()
    if bare:
        return frozenset({whole, bare})
    return frozenset({whole, *(word + whole for word in ("article", "clause", "section", "annex", "recital"))})
