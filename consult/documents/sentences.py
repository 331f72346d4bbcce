"""A text cut into sentences that one can choose. Pure.

Careful rather than clever: where it is not sure that a sentence ends, it does not cut. Offsets count code points.
"""

from __future__ import annotations

import re

from .graphemes import CLUSTER, widen

# What ends a sentence: with a blank after it in most scripts, without one in Chinese and Japanese. Or a line.
ENDING = re.compile(
    r"""(?:(?<![.!?…؟۔।॥։።])[.!?…؟۔।॥։።]+["'”’»›)\]]*(?=\s|\Z)|[。！？｡]+[”’」』）]*)\s*|(?<!\s)\s*\n\s*""",
)
# After these a full stop ends nothing, whatever follows.
SHORT = re.compile(
    r"(?:^|[\s(\[“‘«\"'/])(?:e\.g|i\.e|z\.b|d\.h|cf|viz|vs|ca|resp|approx|incl|abs|nr|bzw|vgl|ggf|arts?|nos?|pp?|paras?|secs?"
    r"|sect|figs?|tab|ch|chap|vol|eds?|eqs?|refs?|ibid|al|co|corp|inc|ltd|mr|mrs|ms|dr|prof|st|[^\W\d_])$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[(\[]?(?:[0-9]+(?:\.[0-9]+)*|[^\W\d_]|[ivxlc]+)[)\].]*", re.IGNORECASE)  # of a list: no sentence
LONGEST_SHORT = 12


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence; between them are only blanks. Never inside of what readers see as one character."""
    whole = None if text.isascii() else {0, *(match.end() for match in CLUSTER.finditer(text))}
    if not text.strip():
        return []
    found = list[tuple[int, int]]()
    start, last = widen(text, len(text) - len(text.lstrip()), len(text.rstrip()))  # a mark may sit on a blank
    for match in ENDING.finditer(text):
        end = match.start() + len(match[0].rstrip())
        is_whole = whole is None or (end in whole and match.end() in whole)
        if end > start and is_whole and _ends(text, start, match):
            found.append((start, end))
            start = match.end()
    return [*found, (start, last)] if start < last else found


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    mark, following = match[0].strip(), text[match.end() : match.end() + 1]
    if not mark:  # a line ends
        return True
    if NUMBER.fullmatch(text, start, match.start()) or (mark[0] in ".…" and following.islower()):
        return False
    return mark != "." or not SHORT.search(text[max(start, match.start() - LONGEST_SHORT) : match.start()])
