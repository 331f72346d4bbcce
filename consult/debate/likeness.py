"""How alike two remarks are, in any language and script; how texts are compared stands in core.likeness. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from consult.core.likeness import ALIKE, NEARLY_SAME, WHOLE, score, shingles
from consult.core.records import Record
from consult.documents import duties

from . import changes


class Remark(Record):
    """What somebody said: words, and the whole wording proposed instead of the clause's ("": none)."""

    words: str
    new_text: str = ""


class Likeness(Record):
    """How alike a known remark is to a new one, from 0 to 1, and whether both propose the same change."""

    id: int
    score: float
    is_same_change: bool

    @property
    def is_nearly_same(self) -> bool:
        """Whether somebody should be asked before posting it as well."""
        return self.is_same_change or self.score >= NEARLY_SAME


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
