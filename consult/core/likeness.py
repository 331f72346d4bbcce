"""How alike two texts are, in any language and script. Pure.

Words are compared by their shingles: runs of four signs of the text without punctuation, case and accents. They need
no knowledge of where a word ends (Chinese, Thai) or how it is inflected.
"""

from __future__ import annotations

import re
import unicodedata

SIGNS = 4  # length of a shingle
READ = 2_000  # signs of a remark that are compared: its gist, at a bounded price
FEW = 12  # shingles; below this only the same words are alike: "See attached" says too little
ENOUGH = 40  # shingles; what is this long and stands whole in another remark is not there by chance
# Measured on real comments (docs/decisions/0082): from here on people say the same thing …
ALIKE = 0.35
NEARLY_SAME = 0.6  # … and here nearly in the same words.
WHOLE = 0.9  # share of the shorter remark that stands in the longer one
WITHIN = 0.5  # what that is worth at most
LEAST = 4  # shingles of a name
ADDRESS = re.compile(r"https?://\S+")


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


def score_names(one: frozenset[str], other: frozenset[str]) -> float:
    """The same for names, which are short: that one stands whole in the other counts from few runs on."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    is_within = common == min(len(one), len(other)) and common >= LEAST
    return 1.0 if is_within else common / (len(one) + len(other) - common)
