"""Whether two proposed wordings of the same clause change the same words in the same way. Pure.

A proposal is kept as the whole wording it would have, so two of one clause always look alike. What counts is what
they change: which words of the clause go, and which come in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from consult.core import later
from consult.core.records import Record
from consult.documents import duties, redline

fuzz = later.module("rapidfuzz.fuzz")
LCSseq = later.module("rapidfuzz.distance.LCSseq")

T = TypeVar("T")
APART = 2  # words between two places that are the same passage
GONE = 0.5  # share of the words that go which both take out
COME = 75  # of 100: how alike the words are that come in; "shall" and "should" are not (73)


class Change(Record):
    """What a wording does to a clause: places of the words that go, the words that come, where, and the whole of it."""

    gone: frozenset[int]
    come: str
    first: int
    last: int
    new_text: str


def change(old: str, new: str) -> Change | None:
    """What `new` changes in `old`; None when it is only blanks or nothing."""
    was, wanted = _words(old), _words(new)
    steps = [step for step in LCSseq.opcodes(was, wanted) if step.tag != "equal"]
    if not steps:
        return None
    gone = frozenset(i for step in steps for i in range(step.src_start, step.src_end))
    come = " ".join(word for step in steps for word in wanted[step.dest_start : step.dest_end])
    return Change(gone, come, first=steps[0].src_start, last=steps[-1].src_end, new_text=new)


def _words(text: str) -> list[str]:
    return [token.casefold() for token in redline.TOKEN.findall(text) if not token.isspace()]


def is_same(one: Change, other: Change, language: str = duties.DEFAULT) -> bool:
    """Whether both change the same passage to the same or nearly the same words.

    Words that make another duty or another number are not nearly the same, however few they are.
    """
    if (one.gone, one.come, one.first) == (other.gone, other.come, other.first):
        return True
    if max(one.first, other.first) - min(one.last, other.last) > APART:
        return False
    both, either = len(one.gone & other.gone), len(one.gone | other.gone)
    if either and both / either < GONE:
        return False
    if fuzz.ratio(one.come, other.come) < COME:
        return False
    between = redline.pieces(one.new_text, other.new_text, language)
    return not any(piece.is_technical for piece in between)


def together(
    proposals: Iterable[tuple[T, Change]], language: str = duties.DEFAULT
) -> Sequence[Sequence[tuple[T, Change]]]:
    """Proposals that change the same, each group by the first that came, in the order in which they came."""
    groups: list[list[tuple[T, Change]]] = []
    for proposal in proposals:
        for group in groups:
            if is_same(group[0][1], proposal[1], language):
                group.append(proposal)
                break
        else:
            groups.append([proposal])
    return groups
