"""Which clause of one version is which of another, as the database has it.

Clauses that share a lineage are the same clause: sure when imported, or confirmed by an editor. What an editor has not
decided yet stands in `ClausePair` as a pair, a split or a merger, and is never sure. Only places and numbers are read,
no words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from consult.core.db import db
from consult.core.records import Record, replace
from consult.core.rules import Actor

from . import alignment, pairing
from .alignment import Alignment
from .lineage import BULLET
from .matching import Match
from .models import Clause, ClausePair, DraftVersion

FIELDS = (
    Clause.id, Clause.key, Clause.label, Clause.own_label, Clause.title, Clause.kind, Clause.parent_id,
    Clause.lineage_id, Clause.is_heading,
)  # fmt: skip


class Spot(Record):
    """A clause in one of the versions: its address and number, without its words."""

    id: int
    key: str
    name: str
    label: str  # the number printed on it
    kind: str
    lineage_id: str
    is_heading: bool
    parent: int | None


class Kinship(Record):
    """Two versions, clause by clause; the rows of `alignment` speak of places in `old` and `new`."""

    old_id: int  # of the versions
    new_id: int
    old: Sequence[Spot]
    new: Sequence[Spot]
    alignment: Alignment


def kinship(*, viewer: Actor, old: DraftVersion, new: DraftVersion) -> Kinship:
    """How two versions this viewer may see relate; six statements at most, whatever their length."""
    ours, theirs = _spots(old), _spots(new)
    matches = _by_lineage(ours, theirs)
    pairs = pairing.standing(_pairs(new)) if new.supersedes_id == old.id else []
    places = {spot.id: place for place, spot in enumerate(ours)}, {spot.id: place for place, spot in enumerate(theirs)}
    splits, mergers, confirmed = _parts(pairs, *places)
    for o in [*splits, *(o for parts in mergers.values() for o in parts)]:
        matches.pop(o, None)  # the part that keeps the lineage is one of several
    taken = {m.new for m in matches.values()} | set(mergers) | {n for parts in splits.values() for n in parts}
    for pair in (pair for pair in pairs if not pair.decided):
        o, n = places[0][pair.old_id], places[1][pair.new_id]
        if o not in matches and o not in splits and n not in taken:  # also a part of a split that is the last one left
            matches[o] = Match(n, False, pair.similarity / 100)
            taken.add(n)
    other_words = _edited(old, new)
    edited = {place for place, spot in enumerate(ours) if spot.id in other_words}
    found = alignment.classify(ours, theirs, matches, edited, splits, mergers)
    return Kinship(old.id, new.id, ours, theirs, _confirmed(found, confirmed))


def above(spot: Spot, spots: Sequence[Spot]) -> Sequence[Spot]:
    """What a clause hangs from, nearest first, up to the nearest heading."""
    found = list[Spot]()
    while spot.parent is not None and not (found and found[-1].is_heading):
        spot = spots[spot.parent]
        found.append(spot)
    return found


def _spots(version: DraftVersion) -> list[Spot]:
    lines = db.session.execute(select(*FIELDS).where(Clause.version_id == version.id).order_by(Clause.rank)).all()
    places = {line.id: place for place, line in enumerate(lines)}
    return [_spot(line, places) for line in lines]


def _spot(line: Any, places: Mapping[int, int]) -> Spot:
    return Spot(
        id=line.id, key=line.key, name=" ".join(filter(None, (line.label, line.title))) or line.key,
        label=line.label if line.is_heading else line.own_label.strip(BULLET), kind=line.kind,
        lineage_id=line.lineage_id, is_heading=line.is_heading, parent=places.get(line.parent_id or 0),
    )  # fmt: skip


def _by_lineage(ours: Sequence[Spot], theirs: Sequence[Spot]) -> dict[int, Match]:
    places = {spot.lineage_id: place for place, spot in enumerate(theirs)}
    return {
        place: Match(places[spot.lineage_id], True, 1.0) for place, spot in enumerate(ours) if spot.lineage_id in places
    }


def _pairs(new: DraftVersion) -> Sequence[ClausePair]:
    return db.session.scalars(select(ClausePair).where(ClausePair.version_id == new.id)).all()


def _parts(
    pairs: Iterable[ClausePair], old: Mapping[int, int], new: Mapping[int, int]
) -> tuple[dict[int, list[int]], dict[int, list[int]], set[tuple[int, int]]]:
    """Splits by old place, mergers by new place, both of two parts at least; and the pairs an editor confirmed."""
    splits, mergers, confirmed = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list), set()
    for pair in pairs:
        o, n = old[pair.old_id], new[pair.new_id]
        if pair.kind == pairing.SPLIT:
            splits[o].append(n)
        elif pair.kind == pairing.MERGED:
            mergers[n].append(o)
        if pair.decided == pairing.SAME:
            confirmed.add((o, n))
    return (
        {o: sorted(parts) for o, parts in splits.items() if len(parts) > 1},
        {n: sorted(parts) for n, parts in mergers.items() if len(parts) > 1},
        confirmed,
    )


def _confirmed(found: Alignment, pairs: set[tuple[int, int]]) -> Alignment:
    """The same alignment, its splits and mergers sure where every part is confirmed."""
    rows = [
        replace(row, is_sure=True) if not row.is_sure and {(o, n) for o in row.old for n in row.new} <= pairs else row
        for row in found.rows
    ]
    return Alignment.of(rows)


def _edited(old: DraftVersion, new: DraftVersion) -> set[int]:
    """The ids of the old version's clauses that have other words in the new one."""
    later = aliased(Clause)
    here = (Clause.version_id == old.id) & (later.version_id == new.id) & (later.text != Clause.text)
    known = select(Clause.id).join(later, later.lineage_id == Clause.lineage_id).where(here)
    guessed = (
        select(Clause.id)
        .join(ClausePair, ClausePair.old_id == Clause.id)
        .join(later, later.id == ClausePair.new_id)
        .where(here, ClausePair.decided == "")
    )
    return {*db.session.scalars(known), *db.session.scalars(guessed)}
