"""The table in which an editor sees which clause is which, and confirms or corrects it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations.queries import Header, header
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict

from . import alignment, pairing, queries, rules
from .alignment import Row
from .comparison import ROWS, Change, changes_of
from .kinship import Kinship, Spot, kinship
from .models import ClausePair, DraftVersion
from .pairing import DIFFERENT, PAIR, SAME, SURE

OPEN, DECIDED, ALL = "open", "decided", "all"
SHOWS = (
    OPEN, alignment.EDITED, alignment.MOVED, alignment.RENUMBERED, alignment.UNCHANGED, alignment.SPLIT,
    alignment.MERGED, alignment.ADDED, alignment.DELETED, DECIDED, ALL,
)  # fmt: skip
ALIKE = 90  # per cent


class Asked(Record):
    """What part of the table is asked for: which rows, which page, and the clause one has just decided on."""

    show: str = ""
    page: int = 0
    at: int = 0  # id of a clause
    alike: int = ALIKE


class Said(Record):
    """One old and one new clause, and what is said of them; without `row` they are the same for sure."""

    old: Spot
    new: Spot
    row: ClausePair | None
    who: str = ""

    @property
    def pair(self) -> str:
        """As a form sends it."""
        return f"{self.old.id}-{self.new.id}"

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return self.row is not None and not self.row.decided

    @property
    def is_same(self) -> bool:
        """Whether somebody has confirmed it."""
        return self.row is not None and self.row.decided == SAME


class Entry(Record):
    """One row of the table: what changed, who said what of it, and what was said not to be so."""

    change: Change
    parts: Sequence[Said]  # every pair of an old and a new clause in it
    denied: Sequence[Said]  # pairs of its clauses with others that are not the same
    replaced: Sequence[Said]  # it was taken for this clause until another was confirmed to be it
    likeness: int | None  # per cent
    is_here: bool  # one has just decided on it

    @property
    def id(self) -> int:
        """The clause it is known by on the page."""
        return (self.change.new or self.change.old)[0].id

    @property
    def open_parts(self) -> Sequence[Said]:
        """What is still to be confirmed in it."""
        return [part for part in self.parts if part.is_open]


class Act(Record):
    """Several pairs somebody confirmed at once."""

    who: str
    moment: datetime
    pairs: Sequence[str]


class Table(Record):
    """One page of the table."""

    header: Header
    version: DraftVersion
    old: DraftVersion | None  # None: there is no version before
    may_align: Verdict
    show: str = ALL
    counts: Mapping[str, int] | None = None  # rows by what one can ask to see
    entries: Sequence[Entry] = ()
    acts: Sequence[Act] = ()
    alike: int = ALIKE
    alike_count: int = 0  # pairs that one act would confirm
    following: int | None = None  # the next clause to be confirmed, after the one just decided on
    page: int = 1
    pages: int = 1
    total: int = 0


def subject(*, viewer: Actor, slug: str, number: int) -> tuple[Header, DraftVersion, DraftVersion | None]:
    """A version and the one it takes the place of, for the staff; Missing for everybody else."""
    found = header(viewer=viewer, slug=slug)
    if not found.is_staff:
        raise Missing
    versions = queries.versions(viewer=viewer, consultation_id=found.consultation.id)
    version = next((row for row in versions if row.number == number), None)
    if version is None:
        raise Missing("There is no such version of the draft.")
    return found, version, next((row for row in versions if row.id == version.supersedes_id), None)


def table(*, viewer: Actor, slug: str, number: int, asked: Asked) -> Table:
    """A page of the table of a version; as many statements for a long text as for a short one."""
    head, version, old = subject(viewer=viewer, slug=slug, number=number)
    may_align = rules.may_align(viewer, version)
    if old is None:
        return Table(head, version, None, may_align)
    kin = kinship(viewer=viewer, old=old, new=version)
    known = _Known(kin, _said(kin, version))
    found = kin.alignment.rows
    counts = Counter(show for row in found for show in known.shows(row))
    show = asked.show if asked.show in SHOWS else (OPEN if counts[OPEN] else ALL)
    numbers = [n for n, row in enumerate(found) if show in known.shows(row) or asked.at in known.ids(row)]
    here = next((place for place, n in enumerate(numbers) if asked.at in known.ids(found[n])), None)
    pages = max(1, -(-len(numbers) // ROWS))
    page = asked.page or (1 if here is None else here // ROWS + 1)
    page = max(1, min(page, pages))
    changes = changes_of(found, numbers[(page - 1) * ROWS : page * ROWS], kin, {}, head.consultation.language)
    pairs = [said.row for said in known.said if said.row is not None]
    return Table(
        head, version, old, may_align, show=show, counts=counts,
        entries=[known.entry(change, found[change.number], asked.at) for change in changes],
        acts=_acts(known.said), alike=asked.alike, alike_count=len(pairing.alike(pairs, asked.alike)),
        following=None if here is None else known.after(found, numbers[here]),
        page=page, pages=pages, total=len(numbers),
    )  # fmt: skip


def _said(kin: Kinship, version: DraftVersion) -> list[Said]:
    """Every row there is about pairs of these versions, with who decided; one statement."""
    old, new = {spot.id: spot for spot in kin.old}, {spot.id: spot for spot in kin.new}
    statement = select(ClausePair, Person.name).outerjoin(Person, Person.id == ClausePair.decided_by_id)
    found = db.session.execute(statement.where(ClausePair.version_id == version.id).order_by(ClausePair.id)).all()
    return [Said(old[row.old_id], new[row.new_id], row, who or "Consult") for row, who in found]


class _Known:
    """What is said of the clauses of two versions, by their ids."""

    def __init__(self, kin: Kinship, said: Sequence[Said]) -> None:
        self.kin, self.said = kin, said
        self.by_pair = {(s.old.id, s.new.id): s for s in said}
        self.by_old, self.by_new = defaultdict[int, list[Said]](list), defaultdict[int, list[Said]](list)
        for s in said:
            self.by_old[s.old.id].append(s)
            self.by_new[s.new.id].append(s)

    def ids(self, row: Row) -> set[int]:
        return {*(self.kin.old[o].id for o in row.old), *(self.kin.new[n].id for n in row.new)}

    def about(self, row: Row) -> list[Said]:
        """All that is said of its clauses, also with others."""
        found = [s for o in row.old for s in self.by_old[self.kin.old[o].id]]
        found += [s for n in row.new for s in self.by_new[self.kin.new[n].id] if s not in found]
        return found

    def shows(self, row: Row) -> set[str]:
        """By which filters it is found."""
        said = [s for n in row.new for s in self.by_new[self.kin.new[n].id]]
        is_decided = any(s.row is not None and s.row.decided for s in said)
        return {row.fate, ALL} | ({OPEN} if not row.is_sure else set()) | ({DECIDED} if is_decided else set())

    def after(self, rows: Sequence[Row], number: int) -> int | None:
        """The clause by which the next row to be confirmed is known; from the beginning again after the last."""
        waiting = [row for row in [*rows[number + 1 :], *rows[:number]] if not row.is_sure]
        return self.kin.new[waiting[0].new[0]].id if waiting else None

    def entry(self, change: Change, row: Row, at: int) -> Entry:
        parts = [self.by_pair.get((o.id, n.id), Said(o, n, None)) for o in change.old for n in change.new]
        others = [s for s in self.about(row) if s not in parts]
        return Entry(
            change=change, parts=parts,
            denied=[s for s in others if s.row is not None and s.row.decided == DIFFERENT],
            replaced=[s for s in others if s.row is not None and s.row.kind == SURE and not s.row.decided],
            likeness=_likeness(change, parts), is_here=at in self.ids(row),
        )  # fmt: skip


def _likeness(change: Change, parts: Sequence[Said]) -> int | None:
    """How alike the words are: as it was found, else by the letters the redline leaves as they are."""
    if not (change.old and change.new):
        return None
    row = parts[0].row
    if row is not None and row.kind == PAIR:
        return row.similarity
    same = sum(len(piece.come) for piece in change.pieces if piece.is_same)
    longer = max(sum(len(getattr(piece, side)) for piece in change.pieces) for side in ("gone", "come"))
    return 100 * same // longer if longer else 100


def _acts(said: Sequence[Said]) -> list[Act]:
    """What was confirmed in one act, the latest first."""
    acts: dict[tuple[datetime, str], list[str]] = defaultdict(list)
    for s in said:
        if s.row is not None and s.row.decided == SAME and s.row.kind == PAIR and s.row.decided_at is not None:
            acts[s.row.decided_at, s.who].append(s.pair)
    return [Act(who, moment, pairs) for (moment, who), pairs in sorted(acts.items(), reverse=True) if len(pairs) > 1]
