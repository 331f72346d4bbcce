"""Which accepted comments stand beside which changes, changes beside which none stands, and comments without a change.

Pure: comments are ids under the lineage of the clause they are on. Beside a change stand the comments on its clauses
and, further off, those on what the clauses hang from, up to the heading. So a comment on a heading has a change when
something right below the heading changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from consult.core.records import Record, field

from .alignment import Row
from .kinship import Kinship, Spot, above

MOST = 6
Placed = Mapping[str, Sequence[int]]  # comments by the lineage of the clauses they are on


class Beside(Record):
    """The comments beside one change."""

    on_clause: Sequence[int] = ()
    on_above: Sequence[tuple[Spot, Sequence[int]]] = ()  # on what the clause hangs from, nearest first

    @property
    def named(self) -> Set[int]:
        """Those that a page names; of more than MOST it says how many."""
        return {*self.on_clause[:MOST], *(comment for _, comments in self.on_above for comment in comments[:MOST])}


class Idle(Record):
    """A comment whose clauses did not change; `spot` is one of them, None when it is in neither version."""

    comment: int
    spot: Spot | None
    is_gone: bool = False  # the spot is of the older version only


class Explained(Record):
    """The two lists that an editor goes through before a round is over."""

    without_comment: Set[Row] = frozenset()
    without_change: Sequence[Idle] = field(default_factory=tuple)


def beside(row: Row, kin: Kinship, accepted: Placed) -> Beside:
    """The accepted comments beside one row; none beside the place something moved away from."""
    own, over = _around(row, kin)
    return Beside(
        _all(own, accepted),
        [(spot, accepted[lineage]) for lineage, spot in over.items() if accepted.get(lineage)],
    )


def explain(changed: Iterable[Row], kin: Kinship, accepted: Placed) -> Explained:
    """What remains when the rows that changed and the accepted comments are laid beside each other."""
    without, touched = set[Row](), set[str]()
    for row in changed:
        own, over = _around(row, kin)
        lineages = {*own, *over}
        touched |= lineages
        if not any(accepted.get(lineage) for lineage in lineages):
            without.add(row)
    return Explained(without, _idle(kin, accepted, touched))


def _idle(kin: Kinship, accepted: Placed, touched: Set[str]) -> Sequence[Idle]:
    on: dict[int, list[str]] = defaultdict(list)
    for lineage, comments in accepted.items():
        for comment in comments:
            on[comment].append(lineage)
    old, new = ({spot.lineage_id: spot for spot in spots} for spots in (kin.old, kin.new))
    found = []
    for comment, lineages in on.items():
        if touched.isdisjoint(lineages):
            here = next((new[lineage] for lineage in lineages if lineage in new), None)
            gone = next((old[lineage] for lineage in lineages if lineage in old), None)
            found.append(Idle(comment, here or gone, is_gone=here is None and gone is not None))
    return found


def _around(row: Row, kin: Kinship) -> tuple[Mapping[str, Spot], Mapping[str, Spot]]:
    """The lineages of a row's clauses in both versions, and of what these hang from."""
    spots = [(kin.old[place], kin.old) for place in row.old] + [(kin.new[place], kin.new) for place in row.new]
    own, over = {spot.lineage_id: spot for spot, _ in spots}, dict[str, Spot]()
    for spot, version in spots:
        for up in above(spot, version):
            if up.lineage_id not in own:
                over.setdefault(up.lineage_id, up)  # the older one: that is where the comments were written
    return own, over


def _all(lineages: Iterable[str], accepted: Placed) -> Sequence[int]:
    return list(dict.fromkeys(comment for lineage in lineages for comment in accepted.get(lineage, ())))
