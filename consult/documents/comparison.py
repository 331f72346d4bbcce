"""What a page says about how two versions of a draft relate: fates of clauses, and what changed in their words.

Which clause is which is read in kinship.py, for the whole of both versions; words only for what one page shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from consult.core.db import db
from consult.core.errors import Missing
from consult.core.rules import Actor

from . import alignment, redline
from .alignment import Row
from .kinship import Spot, kinship
from .models import Clause, DraftVersion

LEFT = "left"  # the place a clause moved away from
CHANGES = (
    alignment.EDITED, alignment.MOVED, alignment.SPLIT, alignment.MERGED, alignment.ADDED, alignment.DELETED, LEFT,
)  # fmt: skip
ROWS = 50  # on a page


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a page. `old` and `new` are the clauses (several in a split or merger)."""

    number: int  # its place among all rows
    fate: str
    old: Sequence[Spot]
    new: Sequence[Spot]
    pieces: Sequence[redline.Piece]
    under: Spot | None  # the heading it stands below
    other: int | None = None  # for a move: the number of the row at its other end
    other_page: int | None = None
    is_sure: bool = True  # nobody has to confirm that these are the same clause

    @property
    def is_technical(self) -> bool:
        """Whether a duty or a number changed; of words that came or went as a whole nothing is said."""
        return any(piece.is_technical for piece in self.pieces if piece.gone and piece.come)

    @property
    def is_edited(self) -> bool:
        """Whether words changed."""
        return not all(piece.is_same for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page of how two versions relate."""

    old: DraftVersion
    new: DraftVersion
    counts: Mapping[str, int]  # of clauses, by fate
    moved_and_edited: int
    to_confirm: int  # rows of which nobody has said yet whether they are the same clause
    changes: Sequence[Change]
    page: int
    pages: int
    total: int  # rows on all pages
    is_whole: bool  # with what did not change


def pick(versions: Sequence[DraftVersion], old: str = "", new: str = "") -> tuple[DraftVersion, DraftVersion] | None:
    """The two of `versions` (newest first) an address names; left out: the newest, and the one before the other.

    None when nothing is named and there are not two. Raises Missing when what is named is not there for the viewer
    the versions were read for.
    """
    by_number = {str(version.number): version for version in versions}
    later = by_number.get(new) if new else (versions[0] if versions else None)
    before = [version for version in versions if later is not None and version.number < later.number]
    earlier = by_number.get(old) if old else (before[0] if before else None)
    if later is not None and earlier is not None and later.id != earlier.id:
        return earlier, later
    if versions and not (old or new):
        return None
    raise Missing("There are no two such versions of the draft to compare, or one of them is not public yet.")


def compare(
    *, viewer: Actor, old: DraftVersion, new: DraftVersion, page: int = 1, is_whole: bool = False
) -> Comparison:
    """Page `page` (from 1; the last one if there are fewer) of the comparison of two versions this viewer may see.

    Five statements, whatever the length of the text.
    """
    kin = kinship(viewer=viewer, old=old, new=new)
    found, rows = kin.alignment, _with_left(kin.alignment)
    shown = [row for row in rows if is_whole or row.fate in CHANGES]
    pages = max(1, -(-len(shown) // ROWS))
    page = max(1, min(page, pages))
    start = (page - 1) * ROWS
    return Comparison(
        old=old, new=new,
        counts=Counter(row.fate for row in found.rows),
        moved_and_edited=sum(row.fate == alignment.MOVED and row.is_edited for row in found.rows),
        to_confirm=sum(not row.is_sure for row in found.rows),
        changes=changes_of(shown, range(start, min(start + ROWS, len(shown))), kin.old, kin.new),
        page=page, pages=pages, total=len(shown), is_whole=is_whole,
    )  # fmt: skip


def _with_left(found: alignment.Alignment) -> list[Row]:
    """All rows in reading order, each move at both its ends."""
    left = [Row(row.old, (), LEFT) for row in found.rows if row.fate == alignment.MOVED]
    return alignment.in_reading_order([*found.rows, *left])


def changes_of(rows: Sequence[Row], shown: Iterable[int], ours: Sequence[Spot], theirs: Sequence[Spot]) -> list[Change]:
    """What a page says about those of the rows it shows; one statement."""
    ends = _ends_of_moves(rows)
    shown = list(shown)
    texts = _texts([spot for number in shown for spot in _of(rows[number], ours, theirs)])
    found = []
    for number in shown:
        row, other = rows[number], ends.get(number)
        old, new = [ours[o] for o in row.old], [theirs[n] for n in row.new]
        change = Change(
            number=number, fate=row.fate, old=old, new=new,
            pieces=() if row.fate == LEFT else _pieces(_joined(old, texts), _joined(new, texts)),
            under=_heading(new[0], theirs) if new else _heading(old[0], ours), is_sure=row.is_sure,
        )  # fmt: skip
        if other is not None:
            change = replace(
                change, new=[theirs[n] for n in row.new or rows[other].new], other=other, other_page=other // ROWS + 1
            )
        found.append(change)
    return found


def _of(row: Row, ours: Sequence[Spot], theirs: Sequence[Spot]) -> list[Spot]:
    return [] if row.fate == LEFT else [*(ours[o] for o in row.old), *(theirs[n] for n in row.new)]


def _joined(spots: Sequence[Spot], texts: Mapping[int, str]) -> str | None:
    return "\n".join(texts[spot.id] for spot in spots) if spots else None


def _pieces(old: str | None, new: str | None) -> Sequence[redline.Piece]:
    if old is None or new is None:
        return [redline.Piece(old or "", new or "")]
    return redline.pieces(old, new)


def _ends_of_moves(rows: Sequence[Row]) -> dict[int, int]:
    """For the row at either end of a move the number of the row at the other."""
    came = {row.old: number for number, row in enumerate(rows) if row.fate == alignment.MOVED}
    went = {row.old: number for number, row in enumerate(rows) if row.fate == LEFT}
    pairs = {went[old]: came[old] for old in came.keys() & went.keys()}
    return pairs | {there: here for here, there in pairs.items()}


def _heading(spot: Spot, spots: Sequence[Spot]) -> Spot | None:
    """The nearest heading above a clause."""
    place = spot.parent
    while place is not None and not spots[place].is_heading:
        place = spots[place].parent
    return None if place is None else spots[place]


def _texts(spots: Sequence[Spot]) -> dict[int, str]:
    statement = select(Clause.id, Clause.text).where(Clause.id.in_([spot.id for spot in spots]))
    return {line.id: line.text for line in db.session.execute(statement)}
