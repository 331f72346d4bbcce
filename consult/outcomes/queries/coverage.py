"""Whose comments the sentences of a summary rest on, and whose not yet: by category, position, clause, organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, null, select

from consult.accounts.bodies import standing
from consult.accounts.models import CATEGORIES, Organisation
from consult.consultations.models import Consultation, Position, Round
from consult.core.db import db
from consult.core.records import Record, field
from consult.core.rules import Actor
from consult.debate.models import Anchor, Comment, CommentPosition
from consult.documents.models import Clause

from ..balance import Balance, balance
from ..models import Omission
from .filters import cited
from .visibility import counted

NAMED = 12
FEW = 3  # a view of few: fewer than one in so many of those who speak at a place argue it


@dataclass(slots=True)
class Cell:
    """How many comments there are in a place of the coverage table, how many are cited, and how many voices they are."""

    total: int = 0
    cited: int = 0
    voices: int = 0


class Coverage(Record):
    """Who is reflected: for each category its comments, and those by position ("none": not placed)."""

    positions: Sequence[Position]
    has_unplaced: bool
    rows: Sequence[tuple[str, str, Cell, Mapping[str, Cell]]]
    all: Cell = field(default_factory=Cell)

    @property
    def top(self) -> int:
        """The largest number in a cell, for bars."""
        return max((cell.total for *_, cells in self.rows for cell in cells.values()), default=1)

    @property
    def balances(self) -> Sequence[tuple[Position, Balance]]:
        """For each position how many voices argue from it, raw and with every category weighing the same."""
        return [
            (p, balance({key: (cells[p.key].voices, whole.voices) for key, _name, whole, cells in self.rows}))
            for p in self.positions
        ]


class Unheard(Record):
    """Clauses and organisations none of whose comments is cited, those with most comments first, and how many there are."""

    clauses: Sequence[tuple[Clause, int]]
    clauses_cited: int
    clauses_all: int
    organisations: Sequence[tuple[str, int]]
    organisations_cited: int
    organisations_all: int


class Minority(Record):
    """A position that few of those who speak at a place argue from; no clause: in the round as a whole."""

    position: Position
    clause: Clause | None
    voices: int
    of: int
    is_told: bool  # a sentence rests on a comment that argues it there
    why_not: str  # what the moderators say of it not being told

    @property
    def waits(self) -> bool:
        return not self.is_told and not self.why_not

    @property
    def words(self) -> str:
        """'Access on 6.3: 2 of 14 who speak there'."""
        where = f" on {self.clause.short_name}" if self.clause else " in the whole round"
        return f"{self.position.name}{where}: {self.voices:,} of {self.of:,} who speak there"


def voice() -> ColumnElement[str]:
    """Whose voice a comment is: an organisation's, a person's, or of somebody from outside who is known by name."""
    return func.coalesce(
        literal("o").concat(cast(standing(Comment.organisation_id), Text)), literal("p").concat(cast(Comment.author_id, Text)),
        literal("n").concat(Comment.author_name),
    )  # fmt: skip


def coverage(*, viewer: Actor, consultation: Consultation, of: Round, summary_id: int) -> Coverage:
    """How many comments of each category and position there are in a round, and how many its summary cites."""
    keys = {position.id: position.key for position in consultation.positions}
    figures = func.count(), func.count(voice().distinct())
    place = Comment.category, CommentPosition.position_id
    by_category = select(Comment.category, *figures).where(counted(of.id)).group_by(Comment.category)
    by_position = select(*place, *figures).outerjoin(CommentPosition, _argues()).where(counted(of.id)).group_by(*place)
    cited_by = select(Comment.id, *place).outerjoin(CommentPosition, _argues()).where(*_cited(of.id, summary_id))
    told = db.session.execute(cited_by).all()
    in_cells = Counter((category, at) for _comment_id, category, at in told)
    in_rows = Counter({comment_id: category for comment_id, category, _at in told}.values())
    cells = {
        (category, keys.get(at, "none")): Cell(n, in_cells[category, at], voices)
        for category, at, n, voices in db.session.execute(by_position)
    }
    whole = {category: Cell(n, in_rows[category], voices) for category, n, voices in db.session.execute(by_category)}
    return Coverage(
        positions=consultation.positions,
        has_unplaced=any(key == "none" for _category, key in cells),
        rows=[
            (category, CATEGORIES[category], whole[category], _row(cells, category, [*keys.values(), "none"]))
            for category in sorted(whole, key=list(CATEGORIES).index)
        ],
        all=Cell(*(sum(getattr(cell, name) for cell in whole.values()) for name in ("total", "cited", "voices"))),
    )


def _cited(round_id: int, summary_id: int) -> Sequence[ColumnElement[bool]]:
    """The comments that a summary cites: few, and looked up one by one."""
    return counted(round_id), Comment.id.in_(cited(summary_id))


def _argues() -> ColumnElement[bool]:
    return and_(CommentPosition.comment_id == Comment.id, CommentPosition.is_cost.is_(False))


def _placed() -> ColumnElement[bool]:
    return and_(Anchor.comment_id == Comment.id, Anchor.clause_id.is_not(None))


def _row(cells: Mapping[tuple[str, str], Cell], category: str, keys: Sequence[str]) -> Mapping[str, Cell]:
    return {key: cells.get((category, key), Cell()) for key in keys}


def unheard(*, viewer: Actor, of: Round, summary_id: int) -> Unheard:
    """What no sentence reflects, by clause and by organisation. Five statements."""
    comments = func.count(Comment.id.distinct())
    on = select(Anchor.clause_id, Clause.rank, comments).join(Anchor.comment).join(Anchor.clause)
    clauses: Sequence[Any] = db.session.execute(on.where(counted(of.id)).group_by(Anchor.clause_id, Clause.rank)).all()
    body = standing(Comment.organisation_id)
    by = select(Organisation.id, Organisation.name, comments).join(Comment, body == Organisation.id)
    bodies = db.session.execute(by.where(counted(of.id)).group_by(Organisation.id, Organisation.name)).all()
    these = _cited(of.id, summary_id)
    told = set(db.session.scalars(select(Anchor.clause_id).join(Anchor.comment).where(*these)))
    heard = set(db.session.scalars(select(body).where(*these)))
    first = sorted((-n, rank, clause_id) for clause_id, rank, n in clauses if clause_id not in told)[:NAMED]
    known = select(Clause).where(Clause.id.in_([clause_id for _n, _rank, clause_id in first]))
    rows = {row.id: row for row in db.session.scalars(known)}
    return Unheard(
        clauses=[(rows[clause_id], -n) for n, _rank, clause_id in first],
        clauses_cited=sum(clause_id in told for clause_id, *_ in clauses), clauses_all=len(clauses),
        organisations=[
            (name, -n) for n, name in sorted((-n, name) for body_id, name, n in bodies if body_id not in heard)[:NAMED]
        ],
        organisations_cited=sum(body_id in heard for body_id, *_ in bodies), organisations_all=len(bodies),
    )  # fmt: skip


def minorities(*, viewer: Actor, of: Round, summary_id: int) -> Sequence[Minority]:
    """The views of few in a round, in the order of the draft; those of the whole round first.

    At each clause, and in the round as a whole: a position that fewer than one in FEW of the voices there argue from.
    Eight statements at most; among very many comments each of the first four takes a while.
    """
    found = [row for statement in _places(of.id) for row in db.session.execute(statement)]
    voices = {clause_id: count for clause_id, position_id, count in found if position_id is None}
    few = [
        (clause_id, position_id, count)
        for clause_id, position_id, count in found
        if position_id is not None and count * FEW < voices[clause_id]
    ]
    if not few:
        return []
    clauses = {row.id: row for row in db.session.scalars(select(Clause).where(Clause.id.in_({row[0] for row in few})))}
    positions = {
        row.id: row
        for row in db.session.scalars(select(Position).where(Position.consultation_id == of.consultation_id))
    }
    reasons = {
        (row.clause_id or 0, row.position_id): row.reason
        for row in db.session.scalars(select(Omission).where(Omission.summary_id == summary_id))
    }
    told = _told(of.id, summary_id)
    listed = [
        Minority(
            positions[position_id], clauses.get(clause_id), count, voices[clause_id], (clause_id, position_id) in told,
            reasons.get((clause_id, position_id), ""),
        )
        for clause_id, position_id, count in few
    ]  # fmt: skip
    return sorted(listed, key=lambda one: (one.clause.rank if one.clause else -1, one.position.rank))


def _places(round_id: int) -> Sequence[Any]:
    """(clause or 0 for the whole round, position or NULL for all, voices); one by one, so that none takes too long."""
    voices, wanted = func.count(voice().distinct()), counted(round_id)
    everybody = select(literal(0), null(), voices).select_from(Comment)
    here = select(literal(0), CommentPosition.position_id, voices).select_from(Comment).join(CommentPosition, _argues())
    all_at = select(Anchor.clause_id, null(), voices).select_from(Comment).join(Anchor, _placed())
    at = select(Anchor.clause_id, CommentPosition.position_id, voices).select_from(Comment).join(Anchor, _placed())
    return [
        everybody.where(wanted),
        here.where(wanted).group_by(CommentPosition.position_id),
        all_at.where(wanted).group_by(Anchor.clause_id),
        at.join(CommentPosition, _argues()).where(wanted).group_by(Anchor.clause_id, CommentPosition.position_id),
    ]


def _told(round_id: int, summary_id: int) -> set[tuple[int, int]]:
    """Clause (0 for the whole round) and position of what comments argue that a summary cites."""
    found = select(Anchor.clause_id, CommentPosition.position_id).select_from(Comment)
    found = found.join(CommentPosition, _argues()).outerjoin(Anchor, _placed()).where(*_cited(round_id, summary_id))
    return {(where or 0, at) for clause_id, at in db.session.execute(found) for where in (clause_id, 0)}
