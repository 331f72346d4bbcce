"""What a unit of the next version is called for good: the lineage of the unit it surely is, else a new one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consult.core.ids import digest

from .alignment import Alignment, Block
from .models import Clause, DraftVersion
from .parsed import Unit, slug

BULLET = "•"
DIGIT = re.compile(r"\d")


def block_of(unit: Unit) -> Block:
    """A unit of a text that was read, for aligning."""
    return _block(unit, unit.parent, is_named=unit.is_named)


def blocks_of(clauses: Sequence[Clause]) -> list[Block]:
    """All clauses of a version in their order, for aligning."""
    places = {clause.id: place for place, clause in enumerate(clauses)}
    return [
        _block(clause, None if clause.parent_id is None else places[clause.parent_id], is_named=True)
        for clause in clauses
    ]


def _block(unit: Unit | Clause, parent: int | None, *, is_named: bool) -> Block:
    """With the number printed on it, and whether its key is an id that outlives numbers."""
    printed = unit.label if unit.is_heading else unit.own_label.strip(BULLET)
    is_named = is_named and _outlives_numbers(unit.key, unit.title)
    return Block(unit.key, unit.text, printed, unit.is_heading, parent, is_named)


def _outlives_numbers(key: str, title: str) -> bool:
    """Whether a key is an id of the authors' own: one made of a number points elsewhere once a clause is inserted."""
    return not DIGIT.search(key) and key != slug(title)


def lineages(found: Alignment, own: Sequence[str], old_lineages: Sequence[str]) -> list[str]:
    """For each unit of a new text its lineage; `own` are those they have when they are none of the units before.

    A pair that is not sure gets its own: which it was before would be a guess, until an editor confirms it.
    """
    known = {new: old_lineages[old] for old, new in found.sure().items()}
    return [known.get(place, lineage) for place, lineage in enumerate(own)]


def own_lineage(version: DraftVersion, key: str) -> str:
    """The lineage that begins with a unit of this version: always the same one, so that a decision can be taken back."""
    return digest(f"{version.id} {version.sha256} {key}")[:32]
