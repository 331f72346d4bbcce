"""What a page says about how two versions of a draft relate: fates of clauses, and what changed in their words.

Which clause is which is read in kinship.py, for the whole of both versions; words only for what one page shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

from sqlalchemy import select

from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record, field, replace
from consult.core.rules import Actor

from . import alignment, duties, explained, redline
from .alignment import Row
from .explained import Beside, Explained, Idle, Placed
from .kinship import Kinship, Spot, above, kinship
from .models import Clause, DraftVersion

LEFT = "left"  # the place a clause moved away from
CHANGES = (
    alignment.EDITED, alignment.MOVED, alignment.SPLIT, alignment.MERGED, alignment.ADDED, alignment.DELETED, LEFT,
)  # fmt: skip
ROWS = 50  # on a page
FEW = 1000  # names in one statement
WHOLE, WITH_COMMENT = "all", "with-comment"
WITHOUT_COMMENT, WITHOUT_CHANGE = "without-comment", "without-change"
SHOWS = (WHOLE, WITH_COMMENT, WITHOUT_COMMENT, WITHOUT_CHANGE)  # "": what changed


class Change(Record):
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
    beside: Beside = field(default_factory=Beside)

    @property
    def is_technical(self) -> bool:
        """Whether a duty or a number changed; of words that came or went as a whole nothing is said."""
        return any(piece.is_technical for piece in self.pieces if piece.gone and piece.come)

    @property
    def is_edited(self) -> bool:
        """Whether words changed."""
        return not all(piece.is_same for piece in self.pieces)


class Comparison(Record):
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
    show: str
    account: Explained
    duties: Sequence[str]  # the verbs another of which is told as technical
    idle: Sequence[Idle] = ()  # on this page, where comments without a change are shown

    @property
    def is_whole(self) -> bool:
        """With what did not change."""
        return self.show == WHOLE

    @property
    def named(self) -> Set[int]:
        """The comments that this page names."""
        return {idle.comment for idle in self.idle}.union(*(change.beside.named for change in self.changes))


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
    *, viewer: Actor, old: DraftVersion, new: DraftVersion, page: int = 1, show: str = "",
    accepted: Placed | None = None, language: str = "en", is_on_paper: bool = False,
) -> Comparison:  # fmt: skip
    """Page `page` (from 1; the last one if there are fewer) of the comparison of two versions this viewer may see.

    Five statements, whatever the length of the text. `accepted` are the comments it may name; None: no answers yet.
    On paper one page holds everything.
    """
    if show not in (SHOWS if accepted is not None else (WHOLE,)):
        show = ""
    kin = kinship(viewer=viewer, old=old, new=new)
    found, rows = kin.alignment, with_left(kin.alignment)
    changed = [row for row in rows if row.fate in CHANGES]
    account = explained.explain((row for row in changed if row.fate != LEFT), kin, accepted or {})
    shown = _shown(rows, changed, account, show)
    size = len(account.without_change) if show == WITHOUT_CHANGE else len(shown)
    pages = 1 if is_on_paper else max(1, -(-size // ROWS))
    page = max(1, min(page, pages))
    here = range(size) if is_on_paper else range((page - 1) * ROWS, min(page * ROWS, size))
    is_idle = show == WITHOUT_CHANGE
    return Comparison(
        old=old, new=new,
        counts=Counter(row.fate for row in found.rows),
        moved_and_edited=sum(row.fate == alignment.MOVED and row.is_edited for row in found.rows),
        to_confirm=sum(not row.is_sure for row in found.rows),
        changes=[] if is_idle else changes_of(shown, here, kin, accepted or {}, language),
        page=page, pages=pages, total=size, show=show, account=account, duties=duties.named(language),
        idle=account.without_change[here.start : here.stop] if is_idle else (),
    )  # fmt: skip


def _shown(rows: Sequence[Row], changed: Sequence[Row], account: Explained, show: str) -> Sequence[Row]:
    if show == WHOLE:
        return rows
    if show not in (WITH_COMMENT, WITHOUT_COMMENT):
        return changed
    wanted = [
        row for row in changed if row.fate != LEFT and (row in account.without_comment) == (show == WITHOUT_COMMENT)
    ]
    moved = {row.old for row in wanted if row.fate == alignment.MOVED}
    kept = {*wanted, *(row for row in changed if row.fate == LEFT and row.old in moved)}
    return [row for row in changed if row in kept]


def with_left(found: alignment.Alignment) -> list[Row]:
    """All rows in reading order, each move at both its ends."""
    left = [Row(row.old, (), LEFT) for row in found.rows if row.fate == alignment.MOVED]
    return alignment.in_reading_order([*found.rows, *left])


def changes_of(
    rows: Sequence[Row], shown: Iterable[int], kin: Kinship, accepted: Placed, language: str
) -> list[Change]:
    """What a page says about those of the rows it shows; one statement."""
    ours, theirs = kin.old, kin.new
    ends = _ends_of_moves(rows)
    shown = list(shown)
    texts = _texts([spot for number in shown for spot in _of(rows[number], ours, theirs)], kin)
    found = []
    for number in shown:
        row, other = rows[number], ends.get(number)
        old, new = [ours[o] for o in row.old], [theirs[n] for n in row.new]
        change = Change(
            number=number, fate=row.fate, old=old, new=new,
            pieces=() if row.fate == LEFT else _pieces(_joined(old, texts), _joined(new, texts), language),
            under=_heading(new[0], theirs) if new else _heading(old[0], ours), is_sure=row.is_sure,
            beside=Beside() if row.fate not in CHANGES or row.fate == LEFT else explained.beside(row, kin, accepted),
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


def _pieces(old: str | None, new: str | None, language: str) -> Sequence[redline.Piece]:
    if old is None or new is None:
        return [redline.Piece(old or "", new or "")]
    return redline.pieces(old, new, language)


def _ends_of_moves(rows: Sequence[Row]) -> dict[int, int]:
    """For the row at either end of a move the number of the row at the other."""
    came = {row.old: number for number, row in enumerate(rows) if row.fate == alignment.MOVED}
    went = {row.old: number for number, row in enumerate(rows) if row.fate == LEFT}
    pairs = {went[old]: came[old] for old in came.keys() & went.keys()}
    return pairs | {there: here for here, there in pairs.items()}


def _heading(spot: Spot, spots: Sequence[Spot]) -> Spot | None:
    """The nearest heading above a clause."""
    over = above(spot, spots)
    return over[-1] if over and over[-1].is_heading else None


def _texts(spots: Sequence[Spot], kin: Kinship) -> dict[int, str]:
    """The words of clauses by id; for most of a version those of all of it, which is one short statement."""
    wanted = {spot.id for spot in spots}
    where = Clause.id.in_(wanted) if len(wanted) < FEW else Clause.version_id.in_([kin.old_id, kin.new_id])
    return {line.id: line.text for line in db.session.execute(select(Clause.id, Clause.text).where(where))}
