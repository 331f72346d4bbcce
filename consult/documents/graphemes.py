"""What readers see as one character, so that nothing is ever cut inside one.

A subset of Unicode's text segmentation (UAX 29) that never finds a boundary where the standard has none: it keeps
together what the standard keeps together, and now and then a little more (two letters around a virama).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby

from consult.core.later import Later

PLANES = 0x20000  # marks are in the first two planes, and the variation selectors further up


@cache
def marks() -> str:
    """What is written above, below and around letters, as the inside of a character class: it has no name there."""
    there = [code for code in range(0x300, PLANES) if unicodedata.category(chr(code))[0] == "M"]
    found = []
    for _, run in groupby(enumerate(there), lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        found.append(f"{chr(codes[0])}-{chr(codes[-1])}")
    return "".join(found)


# The vowel AM of Thai and Lao, what joins two characters into one, skin tones, half-width sound marks, tags and selectors.
EXTENDS = "\u0e33\u0eb3\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef"
PREPENDS = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a\U00011a84-\U00011a89\U00011d46\U00011f02"
JAMO = "\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\uac00-\ud7a3"


def _cluster() -> re.Pattern[str]:
    extends = f"{marks()}{EXTENDS}"
    viramas = "".join(c for c in map(chr, range(0x900, PLANES)) if unicodedata.combining(c) == 9)
    join = rf"(?<=[\u200d{viramas}])[^\s{extends}]"
    return re.compile(
        rf"\r\n|[{PREPENDS}]*(?:[\U0001f1e6-\U0001f1ff]{{2}}|[{JAMO}]+|.)[{extends}]*(?:{join}[{extends}]*)*", re.DOTALL
    )


CLUSTER = Later(_cluster)  # the classes take a twentieth of a second to make


def widen(text: str, start: int, end: int) -> tuple[int, int]:
    """The smallest stretch that holds `start` up to `end` and cuts no character apart; in code points."""
    if text.isascii() and "\r" not in text:
        return start, end
    first, last = start, end
    for match in CLUSTER.finditer(text):
        if match.start() < start < match.end():
            first = match.start()
        if match.start() < end < match.end():
            last = match.end()
        if match.start() >= end:
            break
    return first, last
