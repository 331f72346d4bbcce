"""Anchors of comments on their way from one version to the next. Pure: what is still to be carried, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consult.core.records import Record
from consult.documents.anchoring import CONTEXT, EXACT, MOVED, ORPHAN, REVIEW, SHIFTED, Anchor, Carrier

FOUND = (EXACT, SHIFTED, MOVED)  # claims: the words are there


class Waiting(Record):
    """An anchor as it stood in the version before. Without a clause its words were gone there already."""

    anchor_id: int
    comment_id: int
    clause_id: int | None
    quote: str
    start: int | None
    end: int | None
    is_settled: bool  # made there, surely found there, or confirmed by a person


class Found(Record):
    """What became of an anchor; without a quote only the clause is known."""

    anchor_id: int
    comment_id: int
    clause_id: int | None
    quote: str
    start: int | None
    end: int | None
    status: str


class Road(Record):
    """From one version to the next. `places` of the old clauses by their ids, `words` of the old clauses in order."""

    places: Mapping[int, int]
    words: Sequence[str]
    new_ids: Sequence[int]
    carrier: Carrier

    def carry(self, waiting: Waiting) -> Found:
        """Where an anchor is in the new version. What nobody was sure of before is no surer now."""
        if waiting.clause_id is None:
            return Found(waiting.anchor_id, waiting.comment_id, None, "", None, None, ORPHAN)
        carried = self.carrier.carry(self._anchor(waiting, self.places[waiting.clause_id]))
        is_guess = not waiting.is_settled and carried.status in FOUND
        return Found(
            waiting.anchor_id, waiting.comment_id,
            clause_id=None if carried.place is None else self.new_ids[carried.place],
            quote=carried.quote, start=carried.start if carried.quote else None,
            end=carried.end if carried.quote else None, status=REVIEW if is_guess else carried.status,
        )  # fmt: skip

    def _anchor(self, waiting: Waiting, place: int) -> Anchor:
        if waiting.start is None or waiting.end is None:
            return Anchor(place, 0, 0, "", "", "")
        before = self.words[place][max(0, waiting.start - CONTEXT) : waiting.start]
        after = self.words[place][waiting.end : waiting.end + CONTEXT]
        return Anchor(place, waiting.start, waiting.end, waiting.quote, before, after)
