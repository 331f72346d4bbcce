"""Which words of a draft a suggestion from a review rewrites. GitHub's archive keeps the new lines, not the old ones.

A suggestion replaces whole lines of the source. So every run of lines or sentences of every unit is compared with it,
and it is placed only where one run is alike enough and no other comes near. Anything else would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consult.core.records import Record
from consult.documents.matching import MARGIN, likeness
from consult.documents.sentences import sentences

ALIKE = 0.6  # of all characters, as for pairs of units
CLEAR = 0.02  # by which a run must beat every other run of its unit that begins or ends elsewhere
SHORT = 24  # characters; fewer can be alike by chance
LONG = 4_000
ENDS = ".:;?!,"
MOST_EDGES = 60  # lines and sentences of one unit

BLOCK = re.compile(r"^(`{3,})suggestion[^\S\n]*\n(.*?)^\1`*[^\S\n]*$", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"^\s*(?:#{1,6}\s+|[*+-]\s+|\d+[.)]\s+|:\s+)")
ID = re.compile(r"(?:(?<!\s)\s+)?\{[#:][^{}\n]*\}")
MARK = re.compile(r"\*\*|\*(?=\S)|(?<=\S)\*|`")


class Unit(Record):
    """A unit of a version: its words, and where lines of the source begin in them (code points)."""

    text: str
    lines: Sequence[int] = ()


class Placed(Record):
    """The unit a suggestion rewrites, and what the whole of it would say then."""

    place: int
    new_text: str
    likeness: float


def suggested(body: str) -> str | None:
    """The words of the one suggestion in a remark; None: there is none, or several."""
    blocks = BLOCK.findall(body)
    return blocks[0][1].strip("\n") if len(blocks) == 1 else None


def words(source: str) -> str | None:
    """Lines of Markdown as the words a unit has; None when they are more than one unit, or none."""
    lines = source.strip().split("\n")
    if any(not line.strip() or HEAD.match(line) for line in lines[1:]) or source.lstrip().startswith(
        ("~~~", "```", "|")
    ):
        return None
    text = MARK.sub("", ID.sub("", HEAD.sub("", " ".join(line.strip() for line in lines))))
    return " ".join(text.split()) or None


def edges(text: str, source_lines: Sequence[str]) -> list[int]:
    """Where lines of the source begin in the words of a unit: those that stand in it once, whole."""
    found = set()
    for line in source_lines:
        if len(line) >= SHORT and text.count(line) == 1:
            at = text.index(line)
            found |= {at, at + len(line) + 1}
    return sorted(at for at in found if 0 < at < len(text))


def find(new: str, units: Sequence[Unit]) -> Placed | None:
    """The one unit that these words rewrite; None when nothing is alike enough, or more than one thing is."""
    if not SHORT <= len(new) <= LONG:
        return None
    best: list[tuple[float, int, int, int]] = []
    for place, unit in enumerate(units):
        runs = sorted(((like, place, start, end) for start, end, like in _runs(new, unit)), reverse=True)
        if len(runs) > 1 and runs[0][0] - runs[1][0] < CLEAR:
            runs[0] = (runs[0][0], place, -1, -1)  # its edges are not certain
        best += runs[:1]
    best.sort(reverse=True)
    if not best or best[0][0] < ALIKE or best[0][2] < 0 or best[0][0] == 1.0:
        return None
    if len(best) > 1 and best[0][0] - best[1][0] < MARGIN:
        return None
    like, place, start, end = best[0]
    text = units[place].text
    if not _fits(text[:start].strip(), text[start:end].strip(), text[end:].strip(), new):
        return None
    whole = " ".join(part for part in (text[:start].strip(), new, text[end:].strip()) if part)
    return Placed(place, whole, like)


def _fits(before: str, old: str, after: str, new: str) -> bool:
    """Whether the new words begin and end as the old ones do where others stand beside them: a sentence, or within one."""
    begins = not before or new[:1].isupper() == old[:1].isupper()
    return begins and (not after or (new[-1:] in ENDS) == (old[-1:] in ENDS))


def _runs(new: str, unit: Unit) -> Iterator[tuple[int, int, float]]:
    """Runs of lines or sentences of a unit, with how alike each is."""
    starts = {start for start, _ in sentences(unit.text)} | set(unit.lines) | {0}
    at = [*sorted(starts)[:MOST_EDGES], len(unit.text)]
    for first, start in enumerate(at[:-1]):
        for end in at[first + 1 :]:
            piece = unit.text[start:end].strip()
            if len(new) * (ALIKE - MARGIN) <= len(piece) <= len(new) / (ALIKE - MARGIN):
                yield start, end, likeness(piece, new)
