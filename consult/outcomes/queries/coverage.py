"""Whose comments the sentences of a summary rest on, and whose not yet: by category, position, clause, organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

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
from .filters import cited_in
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
    figures = (func.count(), func.sum(case((cited_in(summary_id), 1), else_=0)), func.count(voice().distinct()))
    by_category = db.session.execute(
        select(Comment.category, *figures).where(counted(of.id)).group_by(Comment.category)
    ).all()
    argues = and_(CommentPosition.comment_id == Comment.id, CommentPosition.is_cost.is_(False))
    by_position = db.session.execute(
        select(Comment.category, CommentPosition.position_id, *figures)
        .outerjoin(CommentPosition, argues)
        .where(counted(of.id))
        .group_by(Comment.category, CommentPosition.position_id)
    ).all()
    keys = {position.id: position.key for position in consultation.positions}
    cells: dict[tuple[str, str], Cell] = {
        (category, keys.get(position_id, "none")): Cell(total, cited, voices)
        for category, position_id, total, cited, voices in by_position
    }
    return Coverage(
        positions=consultation.positions,
        has_unplaced=any(key == "none" for _category, key in cells),
        rows=[
            (category, CATEGORIES[category], Cell(*rest), _row(cells, category, [*keys.values(), "none"]))
            for category, *rest in sorted(by_category, key=lambda row: list(CATEGORIES).index(row[0]))
        ],
        all=Cell(*(sum(row[n] for row in by_category) for n in (1, 2, 3))),
    )


def _row(cells: Mapping[tuple[str, str], Cell], category: str, keys: Sequence[str]) -> Mapping[str, Cell]:
    return {key: cells.get((category, key), Cell()) for key in keys}


def unheard(*, viewer: Actor, of: Round, summary_id: int) -> Unheard:
    """What no sentence reflects, by clause and by organisation. Two statements."""
    is_cited = func.max(case((cited_in(summary_id), 1), else_=0)).label("is_cited")
    comments = func.count(Comment.id.distinct()).label("comments")
    clauses = db.session.execute(
        select(Clause, comments, is_cited)
        .join(Anchor, Anchor.clause_id == Clause.id)
        .join(Comment, Comment.id == Anchor.comment_id)
        .where(counted(of.id))
        .group_by(Clause.id)
        .order_by(is_cited, comments.desc(), Clause.rank)
    ).all()
    organisations = db.session.execute(
        select(Organisation.name, comments, is_cited)
        .join(Comment, standing(Comment.organisation_id) == Organisation.id)
        .where(counted(of.id))
        .group_by(Organisation.id, Organisation.name)
        .order_by(is_cited, comments.desc(), Organisation.name)
    ).all()
    return Unheard(
        clauses=[(clause, count) for clause, count, cited in clauses if not cited][:NAMED],
        clauses_cited=sum(cited for *_, cited in clauses), clauses_all=len(clauses),
        organisations=[(name, count) for name, count, cited in organisations if not cited][:NAMED],
        organisations_cited=sum(cited for *_, cited in organisations), organisations_all=len(organisations),
    )  # fmt: skip


def minorities(*, viewer: Actor, of: Round, summary_id: int) -> Sequence[Minority]:
    """The views of few in a round, in the order of the draft; those of the whole round first. Three statements at most.

    At each clause, and in the round as a whole: a position that fewer than one in FEW of the voices there argue from.
    """
    found = db.session.execute(_places(of.id, summary_id)).all()
    voices = {clause_id: count for clause_id, position_id, count, _cited in found if position_id is None}
    few = [
        (clause_id, position_id, count, cited)
        for clause_id, position_id, count, cited in found
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
    listed = [
        Minority(
            positions[position_id], clauses.get(clause_id), count, voices[clause_id], bool(cited),
            reasons.get((clause_id, position_id), ""),
        )
        for clause_id, position_id, count, cited in few
    ]  # fmt: skip
    return sorted(listed, key=lambda one: (one.clause.rank if one.clause else -1, one.position.rank))


def _places(round_id: int, summary_id: int) -> CompoundSelect[int, int | None, int, int]:
    """(clause or 0 for the whole round, position or NULL for all, voices, whether a comment there is cited)."""
    voices = func.count(voice().distinct())
    is_cited = func.max(case((cited_in(summary_id), 1), else_=0))
    argues = and_(CommentPosition.comment_id == Comment.id, CommentPosition.is_cost.is_(False))
    here = select(literal(0), CommentPosition.position_id, voices, is_cited).select_from(Comment)
    everybody = select(literal(0), null(), voices, is_cited).select_from(Comment)
    at = select(Anchor.clause_id, CommentPosition.position_id, voices, is_cited).select_from(Comment)
    all_at = select(Anchor.clause_id, null(), voices, is_cited).select_from(Comment)
    placed = and_(Anchor.comment_id == Comment.id, Anchor.clause_id.is_not(None))
    wanted = counted(round_id)
    return union_all(
        everybody.where(wanted),
        here.join(CommentPosition, argues).where(wanted).group_by(CommentPosition.position_id),
        all_at.join(Anchor, placed).where(wanted).group_by(Anchor.clause_id),
        at.join(Anchor, placed).join(CommentPosition, argues).where(wanted)
        .group_by(Anchor.clause_id, CommentPosition.position_id),
    )  # fmt: skip
