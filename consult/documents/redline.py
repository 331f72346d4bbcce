"""The difference between two wordings, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from markupsafe import escape

from consult.core import later
from consult.core.records import Record, replace

from . import duties
from .graphemes import EXTENDS, JAMO

LCSseq = later.module("rapidfuzz.distance.LCSseq")

TOKEN = re.compile(
    rf"\s+|[\w{JAMO}][\w{JAMO}{EXTENDS}]*|[\U0001f1e6-\U0001f1ff]{{2}}[{EXTENDS}]*"
    rf"|[^\w\s][{EXTENDS}]*(?:(?<=\u200d)[^\w\s][{EXTENDS}]*)*"
)
GAP = 2  # words between two changes that are read as one
WORD = re.compile(r"\w+")
NUMBER = re.compile(
    r"(?:[<>≤≥=±]\s*)?\d+(?:[.,]\d+)*"
    r"(?:\s*(?:%|‰|°\s?[CF]?|per\s?cent|(?:milli|micro|nano)?seconds?|minutes?|hours?|days?|weeks?|months?|years?"
    r"|[kKMGT]?i?(?:B|bit|bytes?)|[kMG]?Hz|[kmcµn]?m|[kmµ]?g|[kM]?W|times)\b)?",
    re.IGNORECASE,
)
# Where a number is only the name of a place: its change is a renumbering.
PLACE = re.compile(
    r"(?:\b(?:section|clause|subclause|article|annex|appendix|table|figure|chapter|paragraph|example|note|step|item)s?"
    r"|\b(?:sec|fig|art|no)\.|§)\s*\(?[A-Z]?\d+(?:[.-]\d+)*",
    re.IGNORECASE,
)
BEFORE = 40  # characters before a change that say what it means: "shall [not]", "30 [days]"


class Piece(Record):
    """Words that stayed (`gone` and `come` are the same), or that went and came."""

    gone: str
    come: str
    is_technical: bool = False  # a duty or a number is another one now

    @property
    def is_same(self) -> bool:
        """Whether nothing changed here."""
        return self.gone == self.come


def pieces(old: str, new: str, language: str = duties.DEFAULT) -> list[Piece]:
    """The pieces in order: their `gone` joined is `old`, their `come` joined is `new`. `language`: of its duties."""
    old_words, new_words = TOKEN.findall(old), TOKEN.findall(new)
    found = [
        Piece("".join(old_words[o.src_start : o.src_end]), "".join(new_words[o.dest_start : o.dest_end]))
        for o in LCSseq.opcodes(old_words, new_words)
    ]
    return _marked(_readable(found), language)


def html(old: str, new: str) -> str:
    """Safe HTML of `new` with inserted words in <ins> and words of `old` that went in <del>."""
    return "".join(_html(piece) for piece in pieces(old, new))


def _html(piece: Piece) -> str:
    if piece.is_same:
        return str(escape(piece.come))
    gone = f"<del>{escape(piece.gone)}</del>" if piece.gone else ""
    return gone + (f"<ins>{escape(piece.come)}</ins>" if piece.come else "")


def _readable(found: Iterable[Piece]) -> list[Piece]:
    """Join changes that few words separate: three words replaced one by one are one change, not three."""
    joined: list[Piece] = []
    for piece in found:
        is_change = not piece.is_same
        if is_change and joined and not joined[-1].is_same:
            joined[-1] = _joined(joined[-1:], piece)
        elif is_change and len(joined) > 1 and _is_gap(joined[-1]):
            joined[-2:] = [_joined(joined[-2:], piece)]
        else:
            joined.append(piece)
    return joined


def _is_gap(piece: Piece) -> bool:
    return len(WORD.findall(piece.come)) <= GAP and "\n" not in piece.come


def _joined(before: Sequence[Piece], piece: Piece) -> Piece:
    parts = [*before, piece]
    return Piece("".join(p.gone for p in parts), "".join(p.come for p in parts))


def _marked(found: Sequence[Piece], language: str) -> list[Piece]:
    """The same pieces, those marked that change a duty or a number."""
    marked, before = [], ""
    for piece, following in zip_longest(found, found[1:]):
        if not piece.is_same:
            after = following.come[:BEFORE] if following and duties.is_denied_before(language) else ""
            weights = [_weight(before + words + after, language) for words in (piece.gone, piece.come)]
            piece = replace(piece, is_technical=weights[0] != weights[1])
        marked.append(piece)
        before = (before + piece.come)[-BEFORE:]
    return marked


def _weight(text: str, language: str) -> Counter[str]:
    """The duties and numbers in a text, numbers of places left out."""
    numbers = (re.sub(r"\s", "", found.group()).lower() for found in NUMBER.finditer(PLACE.sub(" ", text)))
    return Counter([*duties.duties(text, language), *numbers])
