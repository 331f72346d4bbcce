"""What a list of comments is narrowed by where a table says which they are; and how the database should go about it.

Few that an index holds are gathered and then sorted. Of many some are met soon on the way through the list, so each on
the way is asked. PostgreSQL has statistics and knows; SQLite does what the statement says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, select

from consult.accounts.bodies import of_body
from consult.accounts.models import Organisation
from consult.consultations.models import Consultation, Round
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import Anchor, BodyTally, Comment, CommentPosition
from consult.documents.models import Clause, Draft, DraftVersion

from .kinds import Filters

PAGE = 20
IN_ORDER = ("text", "newest", "oldest")  # in which an index has the comments of an organisation


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One way of narrowing; equal ones have the same condition, so that statements can be built once."""

    by: str  # "words": `ids` are those of comments; else of clauses, positions or organisations
    ids: tuple[int, ...]
    is_few: bool  # they are gathered first
    kept: int | None = field(
        default=None, compare=False
    )  # how many shown comments of the round fit, where that is kept
    is_cut: bool = field(default=False, compare=False)  # more may fit than it lets through

    @property
    def condition(self) -> ColumnElement[bool]:
        """The same of a Comment."""
        if self.by == "words":
            return Comment.id.in_(self.ids)
        if self.by == "organisation":
            return self._of_organisation()
        model: Any = Anchor if self.by == "clause" else CommentPosition
        where = [(Anchor.clause_id if self.by == "clause" else CommentPosition.position_id).in_(self.ids)]
        if self.by == "position":
            where.append(CommentPosition.is_cost.is_(False))
        if self.is_few:
            return Comment.id.in_(select(model.comment_id).where(*where))
        return select(model.id).where(model.comment_id == Comment.id, *where).exists()

    def _of_organisation(self) -> ColumnElement[bool]:
        """ "+ 0": not by the index of it. One alone: then the index may have them in the order of the list."""
        column: Any = Comment.organisation_id if self.is_few else Comment.organisation_id + 0
        result: ColumnElement[bool] = column == self.ids[0] if len(self.ids) == 1 else column.in_(self.ids)
        return result


class Finder(Protocol):
    """Says which comments of a consultation have what somebody typed, for a list in this order.

    Who may read them is asked of whatever it finds.
    """

    def __call__(self, *, viewer: Actor, typed: str, consultation: Consultation, sort: str) -> Narrowed: ...


_finders: list[Finder] = []


def words_found_by(finder: Finder) -> Finder:
    """Let the room of the search, which is above this one, say which comments of a consultation have what somebody typed."""
    _finders[:] = [finder]
    return finder


def is_few(many: int, of: Round) -> bool:
    """Whether it costs less to gather so many than to walk through the round until a page of them was met."""
    return many * many <= PAGE * of.comment_count


def narrowed(
    *, viewer: Actor, consultation: Consultation, of: Round, filters: Filters, sort: str
) -> tuple[Narrowed, ...]:
    """By words, clause, organisation and positions, for a list in this order."""
    found = [
        finder(viewer=viewer, typed=filters.words, consultation=consultation, sort=sort)
        for finder in _finders
        if filters.words
    ]
    if filters.clause:
        found.append(_on_clause(consultation, of, filters.clause))
    if filters.organisation:
        found.append(_by_organisation(of, filters.organisation, sort))
    if filters.positions and not filters.is_unplaced:
        found.append(_from_positions(consultation, of, filters.positions))
    return tuple(found)


def kept(filters: Filters, ways: Sequence[Narrowed]) -> int | None:
    """How many shown comments fit all of `filters`, when that is kept: none but one position, clause or organisation."""
    alone = Filters(clause=filters.clause, positions=filters.positions, organisation=filters.organisation)
    return ways[0].kept if filters == alone and len(ways) == 1 else None


def _from_positions(consultation: Consultation, of: Round, keys: frozenset[str]) -> Narrowed:
    """The counts are those of all rounds; they say how many this one has where there is no other."""
    wanted = [position for position in consultation.positions if position.key in keys]
    many = sum(position.comment_count for position in wanted)
    is_kept = len(wanted) == 1 and len(consultation.rounds) == 1
    ids = tuple(position.id for position in wanted)
    return Narrowed("position", ids, is_few(many, of), many if is_kept else None)


def _on_clause(consultation: Consultation, of: Round, key: str) -> Narrowed:
    """The clause with this key, in each version of the draft that has it."""
    rows = db.session.execute(
        select(Clause.id, Clause.comment_count)
        .join(Clause.version)
        .join(DraftVersion.draft)
        .where(Draft.consultation_id == consultation.id, Clause.key == key)
        .order_by(Clause.id)
    ).all()
    many = sum(many for _clause_id, many in rows)
    is_kept = len(rows) == 1 and len(consultation.rounds) == 1
    ids = tuple(clause_id for clause_id, _many in rows)
    return Narrowed("clause", ids, is_few(many, of), many if is_kept else None)


def _by_organisation(of: Round, slug: str, sort: str) -> Narrowed:
    """By the organisation and those that are one with it."""
    named = select(Organisation.id).where(Organisation.slug == slug).scalar_subquery()
    said = and_(BodyTally.organisation_id == Organisation.id, BodyTally.round_id == of.id)
    rows = db.session.execute(
        select(Organisation.id, BodyTally.count)
        .outerjoin(BodyTally, said)
        .where(of_body(Organisation.id, named))
        .order_by(Organisation.id)
    ).all()
    ids, many = tuple(body_id for body_id, _count in rows), sum(count or 0 for _body_id, count in rows)
    return Narrowed("organisation", ids, (len(ids) == 1 and sort in IN_ORDER) or is_few(many, of), many)
