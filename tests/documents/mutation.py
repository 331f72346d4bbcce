"""A next version made from a real one by edits that are known: so that every claim about it can be judged."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from consult.core.records import replace
from consult.documents.alignment import Block

# Out of a hundred clauses: how many are removed, edited, moved within their section, or get a look-alike before them.
REMOVED, EDITED, MOVED, MIMICKED = 8, 15, 4, 5


@dataclass(frozen=True)
class Mutation:
    """The new version, and for each old place its new place (None: removed) with the new start of each of its words."""

    blocks: Sequence[Block]
    places: dict[int, int | None]
    words: dict[int, list[int | None]]  # a word that was replaced has none

    def at(self, place: int, word: int) -> tuple[int, int] | None:
        """Where a word of an old clause is now, if it is still there."""
        new = self.places[place]
        start = self.words[place][word] if new is not None else None
        return None if new is None or start is None else (new, start)


def mutate(blocks: Sequence[Block], chance: random.Random) -> Mutation:
    """Remove, edit, move and mimic clauses of a version at random."""
    vocabulary = sorted({word for block in blocks for word in block.text.split()})
    order: list[tuple[int | None, str]] = []  # old place, new text
    words: dict[int, list[int | None]] = {}
    for place, block in enumerate(blocks):
        act = 100 if block.is_heading else chance.randrange(100)
        if act < REMOVED:
            continue
        text, words[place] = _edited(block.text, chance, vocabulary) if act < REMOVED + EDITED else _same(block.text)
        at = len(order)
        if REMOVED + EDITED <= act < REMOVED + EDITED + MOVED:
            at = max(0, at - chance.randrange(1, 6))
        order.insert(at, (place, text))
        if act >= 100 - MIMICKED and not block.is_heading:
            order.insert(at, (None, _edited(block.text, chance, vocabulary)[0]))
    places = {old: new for new, (old, _) in enumerate(order) if old is not None}
    made, above = [], None
    for new, (old, text) in enumerate(order):
        block = blocks[old] if old is not None else Block("new", text)
        made.append(replace(block, key=f"m{new}", text=text, label="", parent=None if block.is_heading else above))
        above = new if block.is_heading else above
    return Mutation(made, {place: places.get(place) for place in range(len(blocks))}, words)


def _same(text: str) -> tuple[str, list[int | None]]:
    starts, place = list[int | None](), 0
    for word in text.split():
        place = text.index(word, place)
        starts.append(place)
        place += len(word)
    return text, starts


def _edited(text: str, chance: random.Random, vocabulary: Sequence[str]) -> tuple[str, list[int | None]]:
    """With one to four words replaced, doubled or removed."""
    parts: list[tuple[int | None, str]] = list(enumerate(text.split()))
    for _ in range(chance.randrange(1, 5)):
        if len(parts) > 1:
            place = chance.randrange(len(parts))
            new = [(None, chance.choice(vocabulary)) for _ in range(chance.randrange(3))]
            parts[place : place + 1] = new
    starts: list[int | None] = [None] * len(text.split())
    place = 0
    for number, word in parts:
        if number is not None:
            starts[number] = place
        place += len(word) + 1
    return " ".join(word for _, word in parts), starts
