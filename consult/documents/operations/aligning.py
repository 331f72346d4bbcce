"""An editor says which clause of a version is which of the one before.

Every decision is a row, and lineages follow from the rows: so each can be taken back, in any order. Decisions about one
version wait for each other: the operation locks its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update

from consult.core import clock
from consult.core.errors import Conflict, Invalid
from consult.core.operations import operation, session
from consult.core.records import Record
from consult.core.rules import Actor

from .. import pairing, rules
from ..lineage import own_lineage
from ..models import Clause, ClausePair, DraftVersion
from ..pairing import DIFFERENT, HAND, SAME, SURE

Pairs = Sequence[tuple[int, int]]  # ids of a clause of the version before and of one of this version
STRANGERS = "These are not clauses of this version and the one before. Open the page again."
MEANWHILE = "Somebody decided meanwhile. Look at what stands there now; you can take it back."


@operation(rule=rules.may_align, on="version")
def confirm_pairs(*, actor: Actor, version: DraftVersion, pairs: Pairs, key: str | None = None) -> DraftVersion:
    """Say of each of these pairs that it is the same clause, or of a split or merger that it is part of it."""
    table = _Table(actor, version)
    for old_id, new_id in pairs:
        table.confirm(old_id, new_id)
    table.settle()
    return version


@operation(rule=rules.may_align, on="version")
def part_pairs(*, actor: Actor, version: DraftVersion, pairs: Pairs, key: str | None = None) -> DraftVersion:
    """Say of each of these pairs, sure or not, that it is not the same clause."""
    table = _Table(actor, version)
    for old_id, new_id in pairs:
        table.part(old_id, new_id)
    table.settle()
    return version


@operation(rule=rules.may_align, on="version")
def take_back(
    *, actor: Actor, version: DraftVersion, pairs: Pairs, decided: str, key: str | None = None
) -> DraftVersion:
    """Undo what was decided about these pairs, which was `decided`; what was undone already stays so."""
    table = _Table(actor, version)
    for old_id, new_id in pairs:
        table.take_back(old_id, new_id, decided)
    table.settle()
    return version


@operation(rule=rules.may_align, on="version")
def link_by_hand(
    *, actor: Actor, version: DraftVersion, new_id: int, name: str, key: str | None = None
) -> DraftVersion:
    """Say that a clause that seemed to be new is the one called `name`, by number or key, in the version before."""
    table = _Table(actor, version)
    table.confirm(_named(table.old.values(), name), new_id, is_by_hand=True)
    table.settle()
    return version


@operation(rule=rules.may_align, on="version")
def confirm_alike(
    *, actor: Actor, version: DraftVersion, at_least: int, count: int, key: str | None = None
) -> DraftVersion:
    """Confirm all pairs that are at least so alike, in per cent; `count` is how many they were on the page."""
    table = _Table(actor, version)
    found = pairing.alike([*table.rows.values()], at_least)
    if len(found) != count:
        raise Conflict(f"There are {len(found):,} of them now, not {count:,}. Look again, then press once more.")
    for row in found:
        table.confirm(row.old_id, row.new_id)
    table.settle()
    return version


class _Line(Record):
    """A clause without its words."""

    id: int
    key: str
    label: str
    title: str
    lineage_id: str

    @property
    def name(self) -> str:
        return self.label or self.title or self.key


def _named(lines: Iterable[_Line], name: str) -> int:
    """The id of the clause people call so: by the number as printed, else by the key."""
    lines = list(lines)
    found = [line for line in lines if line.label == name] or [line for line in lines if line.key == name]
    if len(found) == 1:
        return found[0].id
    if not found:
        raise Invalid(f"The version before has no clause “{name}”. Write its number as it is printed there.", "name")
    keys = ", ".join(line.key for line in found[:5])
    raise Invalid(f"“{name}” is the number of {len(found)} clauses. Write one of these: {keys}.", "name")


class _Table:
    """All that is known about two versions, to be changed by one person at one moment."""

    def __init__(self, actor: Actor, version: DraftVersion) -> None:
        self.version, self.person_id, self.moment = version, actor.person_id, clock.now()
        pairs = select(ClausePair).where(ClausePair.version_id == version.id).execution_options(populate_existing=True)
        self.rows = {(row.old_id, row.new_id): row for row in session().scalars(pairs)}
        self.old, self.new = _lines(version.supersedes_id), _lines(version.id)
        self.by_lineage = {line.lineage_id: line.id for line in self.old.values()}

    def confirm(self, old_id: int, new_id: int, *, is_by_hand: bool = False) -> None:
        self._check(old_id, new_id)
        row = self.rows.get((old_id, new_id))
        is_known = self._assumed(new_id) == old_id if row is None else row.decided == SAME
        if is_known:
            return
        if row is None and not is_by_hand:
            raise Conflict(MEANWHILE)
        self._refuse_rivals(old_id, new_id, row)
        self._assume(old_id, new_id)
        self._decide(row or self._add(old_id, new_id, HAND), SAME)

    def part(self, old_id: int, new_id: int) -> None:
        self._check(old_id, new_id)
        row = self.rows.get((old_id, new_id))
        if row is not None and row.decided == DIFFERENT:
            return
        if row is None and self._assumed(new_id) == old_id:
            row = self._add(old_id, new_id, SURE)
        if row is None or row.decided or (row.kind == SURE and self._assumed(new_id) != old_id):
            raise Conflict(MEANWHILE)
        self._decide(row, DIFFERENT)

    def take_back(self, old_id: int, new_id: int, decided: str) -> None:
        self._check(old_id, new_id)
        row = self.rows.get((old_id, new_id))
        if row is None or not row.decided:
            return
        if row.decided != decided:
            raise Conflict(MEANWHILE)
        row.decided, row.decided_by_id, row.decided_at = "", None, None

    def settle(self) -> None:
        """Give each clause the lineage that follows from all decisions, and forget rows that say nothing any more."""
        heirs = pairing.heirs(self.rows.values())
        wanted = {
            row.new_id: self.old[heirs[row.new_id]].lineage_id if row.new_id in heirs else self._own(row.new_id)
            for row in self.rows.values()
        }
        changed = {new_id: name for new_id, name in wanted.items() if self.new[new_id].lineage_id != name}
        session().flush()
        for names in ({new_id: self._own(new_id) for new_id in changed}, changed):  # nobody holds one twice in between
            if names:
                session().execute(
                    update(Clause), [{"id": new_id, "lineage_id": name} for new_id, name in names.items()]
                )
        idle = [
            row.id for row in self.rows.values()
            if not row.decided and (row.kind == HAND or (row.kind == SURE and heirs.get(row.new_id) == row.old_id))
        ]  # fmt: skip
        session().execute(delete(ClausePair).where(ClausePair.id.in_(idle)))

    def _check(self, old_id: int, new_id: int) -> None:
        if old_id not in self.old or new_id not in self.new:
            raise Invalid(STRANGERS)

    def _refuse_rivals(self, old_id: int, new_id: int, row: ClausePair | None) -> None:
        if row is not None and row.decided == DIFFERENT:
            raise Conflict("It was said that these two are not the same clause. Take that back first.", "name")
        kind = HAND if row is None else row.kind
        rival = next(pairing.rivals(self.rows.values(), old_id, new_id, kind), None)
        known = (self._assumed(new_id), new_id) if rival is None else (rival.old_id, rival.new_id)
        is_part = any(r.new_id == new_id and r.decided == SAME for r in self.rows.values())
        if rival is not None or (known[0] not in (None, old_id) and not is_part):
            old, new = self.old[known[0] or 0].name, self.new[known[1]].name
            raise Conflict(f"“{new}” is known to be “{old}” of the version before. Take that back first.", "name")

    def _assume(self, old_id: int, new_id: int) -> None:
        """If another clause was taken for the old one, keep that in mind: it is again when this is taken back."""
        lineage = self.old[old_id].lineage_id
        for line in self.new.values():
            if line.lineage_id == lineage and line.id != new_id and (old_id, line.id) not in self.rows:
                self._add(old_id, line.id, SURE)

    def _assumed(self, new_id: int) -> int | None:
        """The old clause a clause has its lineage from."""
        return self.by_lineage.get(self.new[new_id].lineage_id)

    def _own(self, new_id: int) -> str:
        return own_lineage(self.version, self.new[new_id].key)

    def _add(self, old_id: int, new_id: int, kind: str) -> ClausePair:
        row = ClausePair(version_id=self.version.id, old_id=old_id, new_id=new_id, kind=kind, similarity=0, decided="")
        session().add(row)
        self.rows[old_id, new_id] = row
        return row

    def _decide(self, row: ClausePair, decided: str) -> None:
        row.decided, row.decided_by_id, row.decided_at = decided, self.person_id, self.moment


def _lines(version_id: int | None) -> dict[int, _Line]:
    """The clauses of a version by their ids."""
    columns = (Clause.id, Clause.key, Clause.label, Clause.title, Clause.lineage_id)
    rows = session().execute(select(*columns).where(Clause.version_id == version_id))
    return {row.id: _Line(*row) for row in rows}
