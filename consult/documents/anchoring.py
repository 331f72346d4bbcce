"""Where words somebody commented on stand in the next version, or that this is not known.

Pure: no database. Never silently: `exact`, `shifted` and `moved` are claims that must hold; whatever else could be
meant is `review`, and words that are gone are `orphan`. No single score separates right from wrong (a wrong match
has scored 0.89 and a right one 0.85), so words are looked for only in the clause that surely is the old one.

Texts are those kept with clauses; offsets count code points, half open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from consult.core import later
from consult.core.records import Record, replace

from . import redline
from .alignment import Alignment, Block, Row
from .graphemes import widen

fuzz = later.module("rapidfuzz.fuzz")
Levenshtein = later.module("rapidfuzz.distance.Levenshtein")

EXACT, SHIFTED, MOVED, REVIEW, ORPHAN = "exact", "shifted", "moved", "review", "orphan"
CONTEXT = 64  # characters kept before and after, within the clause
MARGIN = 0.10  # of score, to the next best place in the clause
LONG = 32  # characters that need no context
SHORT = 12  # fewer are never `shifted`
SAME_CONTEXT = 0.6
CHANGED_LITTLE = 0.85
LIKE = 0.6
MOST = 50  # places of the same words in one clause; more prove nothing


class Anchor(Record):
    """Words in a clause of the old version (at `place` among its blocks); no words at all: the whole clause."""

    place: int
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


class Carried(Record):
    """What became of an anchor. Without a place it is an orphan; with an empty quote only the clause is known."""

    status: str
    place: int | None = None
    start: int = 0
    end: int = 0
    quote: str = ""


class _Candidate(Record):
    start: int
    end: int
    likeness: float  # of the quote, without case
    context: float  # the better of before and after
    score: float


def anchor_at(text: str, place: int, start: int, end: int) -> Anchor:
    """An anchor on `text[start:end]` of the clause at `place`, widened to whole characters."""
    start, end = widen(text, start, end)
    return Anchor(place, start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


class Carrier:
    """Carries anchors from one version to another."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block], alignment: Alignment) -> None:
        self.old = [block.text for block in old]
        self.new = [block.text for block in new]
        self.alignment = alignment
        self._below: dict[int | None, list[int]] = defaultdict(list)
        for place, block in enumerate(new):
            self._below[block.parent].append(place)
        self._pieces: dict[tuple[int, int], list[redline.Piece]] = {}

    def carry(self, anchor: Anchor) -> Carried:
        """Where the anchor's words are now."""
        row = self.alignment.by_old[anchor.place]
        if not row.new:
            return self._carry_homeless(anchor)
        carried = self._best(self._carry_into(anchor, place) for place in row.new)
        if not _is_settled(row):
            return replace(carried, status=REVIEW)
        return carried if carried.quote or not anchor.exact else self._carry_below(anchor, row.new[0]) or carried

    def _carry_below(self, anchor: Anchor, place: int) -> Carried | None:
        """A heading can give its words to a unit that is new below it, as a defined term does that gets a number."""
        fresh = [n for n in self._below.get(place, ()) if not self.alignment.by_new[n].old]
        found = [carried for n in fresh if (carried := self._carry_into(anchor, n)).status in (EXACT, SHIFTED)]
        is_same = len(found) == 1 and _fold(found[0].quote) == _fold(anchor.exact)
        return replace(found[0], status=MOVED) if is_same else None

    def _carry_homeless(self, anchor: Anchor) -> Carried:
        """The clause is gone: words that are there once in both versions moved; all others are orphans."""
        if len(anchor.exact) < LONG or _count(self.old, anchor.exact) != 1 or _count(self.new, anchor.exact) != 1:
            return Carried(ORPHAN)
        place = next(n for n, text in enumerate(self.new) if anchor.exact in text)
        start = self.new[place].index(anchor.exact)
        found = self._at(MOVED, place, start, start + len(anchor.exact))
        return found if found.quote == anchor.exact else Carried(ORPHAN)

    def _best(self, found: Iterable[Carried]) -> Carried:
        """Of the pieces of a clause that was split the one that holds the words, if one does."""
        return max(found, key=lambda carried: (carried.status in (EXACT, SHIFTED), bool(carried.quote)))

    def _carry_into(self, anchor: Anchor, place: int) -> Carried:
        old, new = self.old[anchor.place], self.new[place]
        if old == new:
            return self._at(EXACT, place, anchor.start, anchor.end)
        if not anchor.exact:
            return Carried(SHIFTED, place)
        mapped, is_untouched = self._mapped(anchor, place)
        found = _apart(_candidate(anchor, new, *span) for span in _spans(anchor, new, mapped))
        if not found or found[0].likeness < LIKE:
            return Carried(REVIEW, place)
        best = found[0]
        status = _judged(anchor, best, margin=best.score - (found[1].score if len(found) > 1 else 0.0))
        if status == EXACT and new[best.start : best.end] != anchor.exact:
            status = SHIFTED  # other capitals
        is_elsewhere = is_untouched and (best.start, best.end) != mapped  # the redline shows these very words there
        beside = (old[: anchor.start], old[anchor.end :])
        is_another = best.likeness < 1 and any(new[best.start : best.end] in part for part in beside)
        if is_elsewhere or is_another:  # another: words that were there before, and look like these that went
            status = REVIEW
        return self._at(status, place, best.start, best.end)

    def _at(self, status: str, place: int, start: int, end: int) -> Carried:
        text = self.new[place]
        start, end = widen(text, start, end)
        return Carried(status, place, start, end, text[start:end])

    def _mapped(self, anchor: Anchor, place: int) -> tuple[tuple[int, int], bool]:
        """Where the redline of the two clauses puts the words, and whether it leaves them as they were."""
        key = (anchor.place, place)
        if key not in self._pieces:
            self._pieces[key] = redline.pieces(self.old[anchor.place], self.new[place])
        pieces = self._pieces[key]
        start, starts_same = _through(pieces, anchor.start, is_start=True)
        end, ends_same = _through(pieces, anchor.end, is_start=False)
        is_untouched = starts_same and ends_same and self.new[place][start:end] == anchor.exact
        return (start, max(start, end)), is_untouched


def _is_settled(row: Row) -> bool:
    return row.is_sure and len(row.old) == len(row.new) == 1


def _count(texts: Sequence[str], words: str) -> int:
    return sum(text.count(words) for text in texts)


def _through(pieces: Sequence[redline.Piece], offset: int, *, is_start: bool) -> tuple[int, bool]:
    """An offset of the old text in the new one; one inside of changed words goes to their near end."""
    old = new = 0
    for piece in pieces:
        reach = old + len(piece.gone)
        if offset < reach or (offset == reach and not is_start):
            if piece.is_same:
                return new + offset - old, True
            return (new if is_start else new + len(piece.come)), False
        old, new = reach, new + len(piece.come)
    return new, True


def _spans(anchor: Anchor, text: str, mapped: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Places of the clause that could hold the words."""
    quote, folded = _fold(anchor.exact), _fold(text)
    start = folded.find(quote)
    is_there = start >= 0
    for _ in range(MOST):
        if start < 0:
            break
        yield start, start + len(quote)
        start = folded.find(quote, start + 1)
    if mapped[0] < mapped[1]:
        yield mapped
    if not is_there:
        yield from _alike(quote, folded)


def _alike(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """The stretch most like the quote, and the most alike before and after that."""
    first = _nearest(quote, text, 0, len(text))
    if first is not None:
        yield first
        for low, high in ((0, first[0]), (first[1], len(text))):
            other = _nearest(quote, text, low, high)
            if other is not None:
                yield other


def _nearest(quote: str, text: str, low: int, high: int) -> tuple[int, int] | None:
    """The stretch of `text[low:high]` most like the quote, from word to word."""
    part = text[low:high]
    if len(part) < len(quote):  # the shorter is looked for in the longer: here that would be the wrong way round
        return (low, high) if part.strip() and len(part) >= LIKE * len(quote) else None
    found = fuzz.partial_ratio_alignment(quote, part, score_cutoff=100 * LIKE)
    if found is None or (found.src_start, found.src_end) != (0, len(quote)):
        return None
    start, end = low + found.dest_start, low + found.dest_end
    while start > low and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < high and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _candidate(anchor: Anchor, text: str, start: int, end: int) -> _Candidate:
    start, end = widen(text, start, end)  # with a mark more, a letter is another letter
    likeness = Levenshtein.normalized_similarity(_fold(anchor.exact), _fold(text[start:end]))
    before = _context(anchor.prefix, text[max(0, start - len(anchor.prefix or " ")) : start])
    after = _context(anchor.suffix, text[end : end + len(anchor.suffix or " ")])
    score = (50 * likeness + 20 * before + 20 * after) / 90
    return _Candidate(start, end, likeness, max(before, after), score)


def _context(kept: str, found: str) -> float:
    """How alike the words beside are; the edge of the clause is like nothing but an edge."""
    if not kept or not found:
        return 1.0 if kept == found else 0.0
    return float(Levenshtein.normalized_similarity(_fold(kept), _fold(found)))


def _fold(text: str) -> str:
    """The text without case, each character in its place: a draft that no longer capitalises its terms says the same."""
    folded = text.casefold()
    if len(folded) != len(text):  # "ß" would become two
        return "".join(one if len(one := c.casefold()) == 1 else c for c in text)
    return folded


def _apart(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """The candidates by score, without those that overlap a better one."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: -c.score):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in kept):
            kept.append(candidate)
    return kept


def _judged(anchor: Anchor, best: _Candidate, *, margin: float) -> str:
    if margin < MARGIN:
        return REVIEW
    if best.likeness == 1 and (len(anchor.exact) >= LONG or best.context >= SAME_CONTEXT):
        return EXACT
    is_kept = best.likeness >= CHANGED_LITTLE and best.context >= SAME_CONTEXT
    return SHIFTED if is_kept and len(anchor.exact) >= SHORT else REVIEW
