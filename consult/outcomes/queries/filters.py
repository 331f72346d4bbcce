"""What a list of comments is narrowed by: the same on the workbench, beside the summary and in the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Position
from consult.core import paging
from consult.core.text import normalise
from consult.debate.models import DISPOSITIONS, Anchor, Comment, CommentPosition
from consult.documents.models import Clause

from ..models import Citation, Disposition, Statement
from .visibility import is_current

LONGEST = 100
NOT_PLACED = "none"


def keys_of(cursor: str | None, length: int) -> list[int] | None:
    """Read a cursor of ids back; None when there is none or somebody has meddled with it."""
    keys = paging.decode(cursor, length)
    return keys if keys is not None and all(type(key) is int for key in keys) else None


@dataclass(frozen=True, slots=True)
class Filters:
    """Each one empty: not narrowed by it."""

    show: str = ""
    position: str = ""
    category: str = ""
    clause: str = ""
    q: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Filters:
        """Take the filters from an address; what is too long is cut, what is unknown finds nothing."""
        return cls(**{name: normalise(args.get(name, ""))[:LONGEST] for name in cls.__slots__})

    @property
    def args(self) -> dict[str, str]:
        """The filters for an address."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def is_narrow(self) -> bool:
        """Whether anything but `show` is given."""
        return bool(self.position or self.category or self.clause or self.q)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as conditions on Comment."""
        found = []
        if self.position:
            found.append(_argues_from(self.position))
        if self.category:
            found.append(Comment.category == self.category if self.category in CATEGORIES else Comment.id < 0)
        if self.clause:
            found.append(_on_clause(self.clause))
        if self.q:
            found.append(
                or_(
                    Comment.number.icontains(self.q, autoescape=True),
                    Comment.author_name.icontains(self.q, autoescape=True),
                    Comment.body.icontains(self.q, autoescape=True),
                )
            )
        shown = _shown(self.show)
        return [*found, shown] if shown is not None else found


def _argues_from(key: str) -> ColumnElement[bool]:
    placed = select(CommentPosition.id).where(
        CommentPosition.comment_id == Comment.id, CommentPosition.is_cost.is_(False)
    )
    if key == NOT_PLACED:
        return ~exists(placed)
    return exists(placed.join(Position, Position.id == CommentPosition.position_id).where(Position.key == key))


def _on_clause(label: str) -> ColumnElement[bool]:
    """53(2) finds 53(2) and 53(2)(a), but not 53(21)."""
    below = [func.lower(Clause.label).startswith(label.lower() + mark, autoescape=True) for mark in ("(", ".", " ")]
    return exists(
        select(Anchor.id)
        .join(Clause, Clause.id == Anchor.clause_id)
        .where(Anchor.comment_id == Comment.id, or_(func.lower(Clause.label) == label.lower(), *below))
    )


def _shown(show: str) -> ColumnElement[bool] | None:
    if show == "open":
        return Comment.disposition == "unresolved"
    if show == "answered":
        return Comment.disposition != "unresolved"
    if show == "changed":
        return exists(
            select(Disposition.id).where(
                Disposition.comment_id == Comment.id, Disposition.change_class != "none", is_current()
            )
        )
    if show == "uncited":
        return ~exists(select(Citation.id).where(Citation.comment_id == Comment.id))
    return Comment.disposition == show if show in DISPOSITIONS else None


def cited_in(summary_id: int) -> ColumnElement[bool]:
    """Comments that a statement of this summary rests on."""
    return exists(
        select(Citation.id)
        .join(Citation.statement)
        .where(Citation.comment_id == Comment.id, Statement.summary_id == summary_id)
    )
