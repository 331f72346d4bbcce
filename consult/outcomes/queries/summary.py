"""The summary as it is written and as it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, case, func, select

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Consultation, Position, Round
from consult.core import paging
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.paging import Listing
from consult.core.rules import Actor, Verdict
from consult.debate.models import Comment, CommentPosition

from .. import rules
from ..models import SECTIONS, Citation, OutcomeSummary, Statement, mark
from .filters import Filters, cited_in, keys_of
from .progress import Gap, missing
from .visibility import counted
from .workbench import with_place

FOUND = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with the numbers of the comments it rests on."""

    id: int
    section: str
    text: str
    html: str
    is_minority: bool
    mark: str
    sources: Sequence[str]

    @property
    def needs_source(self) -> bool:
        return self.section != "asked" and not self.sources


@dataclass(frozen=True, slots=True)
class Account:
    """Headline and sentences by section, in the order of the sections."""

    headline: str
    edit_number: int
    is_frozen: bool
    sections: Mapping[str, Sequence[Line]]

    @property
    def lines(self) -> Sequence[Line]:
        return [line for lines in self.sections.values() for line in lines]


@dataclass(slots=True)
class Cell:
    """How many comments there are in a place of the coverage table, and how many of them are cited."""

    total: int = 0
    cited: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who is reflected: for each category its comments, and those by position ("none": not placed)."""

    positions: Sequence[Position]
    has_unplaced: bool
    rows: Sequence[tuple[str, str, Cell, Mapping[str, Cell]]]
    all: Cell = field(default_factory=Cell)

    @property
    def top(self) -> int:
        """The largest number in a cell, for bars."""
        return max((cell.total for *_, cells in self.rows for cell in cells.values()), default=1)


@dataclass(frozen=True, slots=True)
class Sources:
    """Comments found for a sentence; `cited` holds the ids of those it rests on already."""

    line: Line
    filters: Filters
    found: Listing[Comment]


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """Everything beside the sentences that are being written."""

    consultation: Consultation
    account: Account
    headline_mark: str
    gaps: Sequence[Gap]
    coverage: Coverage
    verdict: Verdict
    may_review: Verdict
    may_publish: Verdict
    sources: Sources | None


def account(*, viewer: Actor, consultation: Consultation, of: Round) -> Account:
    """The summary of a round; empty when the viewer may not read it yet."""
    summary = db.session.scalars(select(OutcomeSummary).where(OutcomeSummary.round_id == of.id)).first()
    empty: dict[str, list[Line]] = {section: [] for section in SECTIONS}
    if summary is None or not rules.may_see_answers(viewer, consultation, of):
        return Account("", 0, False, empty)
    sources: dict[int, list[str]] = {}
    for statement_id, number in db.session.execute(
        select(Citation.statement_id, Comment.number)
        .join(Citation.comment)
        .join(Citation.statement)
        .where(Statement.summary_id == summary.id, Comment.state == "posted")
        .order_by(Citation.id)
    ):
        sources.setdefault(statement_id, []).append(number)
    for row in db.session.scalars(
        select(Statement).where(Statement.summary_id == summary.id).order_by(Statement.rank, Statement.id)
    ):
        empty[row.section].append(
            Line(row.id, row.section, row.text, row.html, row.is_minority, row.mark, sources.get(row.id, ()))
        )
    return Account(summary.headline, summary.edit_number, rules.is_frozen(summary), empty)


def summary_page(
    *, viewer: Actor, consultation: Consultation, statement_id: int | None = None,
    filters: Filters | None = None, after: str | None = None,
) -> SummaryPage:  # fmt: skip
    """The page where the summary of the newest round is written; with `statement_id` the search for its sources."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    of = consultation.round
    read = account(viewer=viewer, consultation=consultation, of=of)
    line = one_line(read, statement_id) if statement_id else None
    return SummaryPage(
        consultation=consultation, account=read, headline_mark=mark(read.headline),
        gaps=missing(viewer=viewer, of=of),
        coverage=coverage(viewer=viewer, consultation=consultation, of=of),
        verdict=rules.may_write_summary(viewer, consultation),
        may_review=rules.may_begin_review(viewer, consultation),
        may_publish=rules.may_publish(viewer, consultation),
        sources=_sources(of.id, line, filters or Filters(), after) if line else None,
    )  # fmt: skip


def one_line(account: Account, statement_id: int) -> Line:
    """One sentence of a summary; Missing when it is not there."""
    for line in account.lines:
        if line.id == statement_id:
            return line
    raise Missing("This sentence is not there any more. Somebody may have removed it.")


def coverage(*, viewer: Actor, consultation: Consultation, of: Round) -> Coverage:
    """How many comments of each category and position there are in a round, and how many its summary cites."""
    summary_id = db.session.scalar(select(OutcomeSummary.id).where(OutcomeSummary.round_id == of.id)) or 0
    is_cited = case((cited_in(summary_id), 1), else_=0)
    by_category = db.session.execute(
        select(Comment.category, func.count(), func.sum(is_cited)).where(counted(of.id)).group_by(Comment.category)
    ).all()
    argues = and_(CommentPosition.comment_id == Comment.id, CommentPosition.is_cost.is_(False))
    by_position = db.session.execute(
        select(Comment.category, CommentPosition.position_id, func.count(), func.sum(is_cited))
        .outerjoin(CommentPosition, argues)
        .where(counted(of.id))
        .group_by(Comment.category, CommentPosition.position_id)
    ).all()
    keys = {position.id: position.key for position in consultation.positions}
    cells: dict[tuple[str, str], Cell] = {
        (category, keys.get(position_id, "none")): Cell(total, cited)
        for category, position_id, total, cited in by_position
    }
    return Coverage(
        positions=consultation.positions,
        has_unplaced=any(key == "none" for _category, key in cells),
        rows=[
            (category, CATEGORIES[category], Cell(total, cited), _row(cells, category, [*keys.values(), "none"]))
            for category, total, cited in sorted(by_category, key=lambda row: list(CATEGORIES).index(row[0]))
        ],
        all=Cell(sum(row[1] for row in by_category), sum(row[2] for row in by_category)),
    )


def _row(cells: Mapping[tuple[str, str], Cell], category: str, keys: Sequence[str]) -> Mapping[str, Cell]:
    return {key: cells.get((category, key), Cell()) for key in keys}


def _sources(round_id: int, line: Line, filters: Filters, after: str | None) -> Sources:
    wanted = [counted(round_id), *filters.conditions()]
    total = db.session.scalar(select(func.count()).select_from(Comment).where(*wanted)) or 0
    start = keys_of(after, 1)
    further = [Comment.id > start[0]] if start else []
    rows = db.session.scalars(
        with_place(select(Comment)).where(*wanted, *further).order_by(Comment.id).limit(FOUND + 1)
    ).all()
    cursor = paging.encode([rows[FOUND - 1].id]) if len(rows) > FOUND else None
    return Sources(line=line, filters=filters, found=Listing(rows[:FOUND], total, next_cursor=cursor))
