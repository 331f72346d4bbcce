"""How alike two remarks are, in any language and script. Pure.

Words are compared by their shingles: runs of four signs of the text without punctuation, case and accents. They need
no knowledge of where a word ends (Chinese, Thai) or how it is inflected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from consult.documents import duties

from . import changes

SIGNS = 4  # length of a shingle
READ = 2_000  # signs of a remark that are compared: its gist, at a bounded price
FEW = 12  # shingles; below this only the same words are alike: "See attached" says too little
ENOUGH = 40  # shingles; what is this long and stands whole in another remark is not there by chance
# Measured on real comments (docs/decisions/0082): from here on people say the same thing …
ALIKE = 0.35
NEARLY_SAME = 0.6  # … and here nearly in the same words.
WHOLE = 0.9  # share of the shorter remark that stands in the longer one
WITHIN = 0.5  # what that is worth at most
ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said: words, and the whole wording proposed instead of the clause's ("": none)."""

    words: str
    new_text: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a known remark is to a new one, from 0 to 1, and whether both propose the same change."""

    id: int
    score: float
    is_same_change: bool

    @property
    def is_nearly_same(self) -> bool:
        """Whether somebody should be asked before posting it as well."""
        return self.is_same_change or self.score >= NEARLY_SAME


def folded(words: str) -> str:
    """Letters and digits only, in one form and one case, a blank between words."""
    plain = unicodedata.normalize("NFKD", ADDRESS.sub(" ", words[: 2 * READ])).casefold()
    return " ".join("".join(_sign(c) for c in plain if not unicodedata.combining(c)).split())[:READ]


def _sign(c: str) -> str:
    # Vowel signs of Indic scripts are marks, not letters, and belong to their word.
    return c if c.isalnum() or unicodedata.category(c).startswith("M") else " "


def shingles(words: str) -> frozenset[str]:
    """The runs of SIGNS signs of the folded words; none of no words."""
    text = folded(words)
    return frozenset(f" {text} "[i : i + SIGNS] for i in range(max(1, len(text) + 3 - SIGNS))) if text else frozenset()


def score(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 to 1: the share of common runs (Jaccard), or that one stands whole in the other."""
    if min(len(one), len(other)) < FEW:
        return float(one == other and bool(one))
    common = len(one & other)
    alike = common / (len(one) + len(other) - common)
    shorter = min(len(one), len(other))
    is_within = shorter >= ENOUGH and common / shorter >= WHOLE
    return max(alike, WITHIN * common / shorter) if is_within else alike


def closest(
    mine: Remark, known: Iterable[tuple[int, Remark]], *, clause: str = "", language: str = duties.DEFAULT,
    most: int = 3,
) -> list[Likeness]:  # fmt: skip
    """The known remarks most like mine, the most alike first; `clause`: the words that wordings are proposed for."""
    wanted = shingles(mine.words)
    my_change = changes.change(clause, mine.new_text) if mine.new_text else None
    found = []
    for remark_id, remark in known:
        theirs = changes.change(clause, remark.new_text) if my_change and remark.new_text else None
        is_same_change = bool(my_change and theirs and changes.is_same(my_change, theirs, language))
        value = score(wanted, shingles(remark.words))
        if is_same_change or value >= ALIKE:
            found.append(Likeness(remark_id, value, is_same_change))
    return sorted(found, key=lambda one: (not one.is_same_change, -one.score, one.id))[:most]


def what_is_new(mine: str, theirs: str) -> str:
    """The paragraphs of mine that do not stand in theirs already."""
    there = shingles(theirs)
    parts = [part.strip() for part in re.split(r"\n\s*\n", mine)]
    return "\n\n".join(part for part in parts if part and not _stands_in(shingles(part), there))


def _stands_in(part: frozenset[str], whole: frozenset[str]) -> bool:
    return len(part & whole) >= WHOLE * len(part)
