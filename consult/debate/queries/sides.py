"""The positions side by side: what each says about one clause, and where different ones propose the same change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Consultation, Position
from consult.core import text
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import changes
from consult.debate.models import STANCES, Anchor, Comment, CommentPosition, ProposedChange
from consult.documents.models import Clause

from .visibility import visible_to

FEW = 8  # lines of one position; the rest is a link
LINE = 150  # signs of a line
PROPOSALS = 100  # proposed wordings of one clause that are compared, the newest


class Line(Record):
    """How a comment begins, and who says it."""

    number: str
    who: str
    category: str
    stance_word: str
    begins: str
    name_count: int
    on: str = ""  # the points below the clause that it is about, where it is not about the clause itself


class Side(Record):
    """What one position says about a clause."""

    position: Position
    total: int
    stances: Sequence[tuple[str, int]]
    categories: Sequence[tuple[str, int]]
    lines: Sequence[Line]


class Proposer(Record):
    """A comment that proposes a change, and what it argues from."""

    number: str
    who: str
    positions: Sequence[Position]
    redline: str
    is_other_wording: bool  # than the first one's


class Agreement(Record):
    """A change that different positions propose; its redline is that of the first proposal."""

    redline: str
    positions: Sequence[Position]
    proposers: Sequence[Proposer]


class Sides(Record):
    """One clause, position by position."""

    sides: Sequence[Side]
    agreements: Sequence[Agreement]
    proposals: int  # wordings that were compared
    points: Sequence[Clause]  # right below the clause, those that somebody spoke about


def sides(*, viewer: Actor, consultation: Consultation, clause: Clause) -> Sides:
    """What each position of a consultation (loaded with them) says about a clause and all that hangs below it.

    Seven statements, however many spoke.
    """
    counts = _counts(viewer, clause)
    lines = _lines(viewer, clause)
    proposals = _proposals(viewer, clause)
    return Sides(
        sides=[_side(position, counts, lines.get(position.id, ())) for position in consultation.positions],
        agreements=agreements(proposals, clause.text, consultation.language),
        proposals=len(proposals),
        points=db.session.scalars(
            select(Clause).where(Clause.parent_id == clause.id, Clause.total_count > 0).order_by(Clause.rank)
        ).all(),
    )


def _here(viewer: Actor, clause: Clause) -> ColumnElement[bool]:
    """Shown comments on the clause or on what hangs below it, each once. Needs a join to Consultation."""
    whole = select(Clause.id).where(Clause.id == clause.id).cte("whole", recursive=True)
    whole = whole.union_all(select(Clause.id).join(whole, Clause.parent_id == whole.c.id))
    about = select(Anchor.comment_id).where(Anchor.clause_id.in_(select(whole.c.id)))
    return and_(Comment.id.in_(about), Comment.state == "posted", visible_to(viewer))


def _counts(viewer: Actor, clause: Clause) -> Sequence[Any]:
    """How many comments argue from each position, by category and stance."""
    return db.session.execute(
        select(CommentPosition.position_id, Comment.category, Comment.stance, func.count())
        .select_from(Comment)
        .join(Comment.consultation)
        .join(Comment.positions)
        .where(_here(viewer, clause), CommentPosition.is_cost.is_(False))
        .group_by(CommentPosition.position_id, Comment.category, Comment.stance)
    ).all()


def _lines(viewer: Actor, clause: Clause) -> Mapping[int, Sequence[Line]]:
    """The first lines of each position: what most names stand under, then what came first."""
    order = (Comment.cosignature_count.desc(), Comment.id)
    place = func.row_number().over(partition_by=CommentPosition.position_id, order_by=order)
    ranked = (
        select(CommentPosition.position_id, CommentPosition.comment_id, place.label("place"))
        .select_from(Comment)
        .join(Comment.consultation)
        .join(Comment.positions)
        .where(_here(viewer, clause), CommentPosition.is_cost.is_(False))
        .subquery()
    )
    rows = db.session.execute(
        select(ranked.c.position_id, Comment)
        .join(Comment, Comment.id == ranked.c.comment_id)
        .options(joinedload(Comment.organisation), selectinload(Comment.anchors).joinedload(Anchor.clause))
        .where(ranked.c.place <= FEW)
        .order_by(ranked.c.position_id, ranked.c.place)
    ).all()
    found: dict[int, list[Line]] = {}
    for position_id, comment in rows:
        found.setdefault(position_id, []).append(_line(comment, clause))
    return found


def _who(comment: Comment) -> str:
    return comment.organisation.name if comment.organisation else comment.author_name


def _line(comment: Comment, clause: Clause) -> Line:
    names = [] if clause in comment.clauses else [one.name for one in comment.clauses]
    return Line(
        number=comment.number, who=_who(comment), category=CATEGORIES[comment.category],
        stance_word=STANCES[comment.stance], begins=text.excerpt(text.plain(comment.html), LINE),
        name_count=comment.cosignature_count, on=text.excerpt(", ".join(names), 60),
    )  # fmt: skip


def _side(position: Position, counts: Sequence[Any], lines: Sequence[Line]) -> Side:
    mine = [(category, stance, n) for position_id, category, stance, n in counts if position_id == position.id]
    stances, categories = Counter[str](), Counter[str]()
    for category, stance, n in mine:
        stances[stance] += n
        categories[category] += n
    return Side(
        position=position,
        total=categories.total(),
        stances=[(word, stances[key]) for key, word in STANCES.items() if word and stances[key]],
        categories=[(CATEGORIES[key], n) for key, n in sorted(categories.items(), key=lambda pair: (-pair[1], pair[0]))],
        lines=lines,
    )  # fmt: skip


def _proposals(viewer: Actor, clause: Clause) -> Sequence[ProposedChange]:
    """The newest wordings proposed for the clause, those that came first before others."""
    rows = db.session.scalars(
        select(ProposedChange)
        .join(ProposedChange.comment)
        .join(Comment.consultation)
        .options(
            joinedload(ProposedChange.comment).options(
                load_only(Comment.number, Comment.author_name),
                joinedload(Comment.organisation),
                selectinload(Comment.positions).joinedload(CommentPosition.position),
            )
        )
        .where(ProposedChange.clause_id == clause.id, Comment.state == "posted", visible_to(viewer))
        .order_by(ProposedChange.id.desc())
        .limit(PROPOSALS)
    ).all()
    return rows[::-1]


def agreements(proposals: Sequence[ProposedChange], old: str, language: str) -> Sequence[Agreement]:
    """Changes that comments with different positions propose; most proposals first."""
    known = [(row, changes.change(old, row.new_text)) for row in proposals]
    groups = changes.together(((row, change) for row, change in known if change is not None), language)
    found = [
        _agreement([row for row, _change in group]) for group in groups if _is_of_different([r for r, _c in group])
    ]
    return sorted(found, key=lambda one: -len(one.proposers))


def _argued(row: ProposedChange) -> list[Position]:
    return sorted((p.position for p in row.comment.positions if not p.is_cost), key=lambda position: position.rank)


def _is_of_different(rows: Sequence[ProposedChange]) -> bool:
    argued = {frozenset(position.id for position in _argued(row)) for row in rows} - {frozenset()}
    return len(argued) > 1


def _agreement(rows: Sequence[ProposedChange]) -> Agreement:
    first, positions = rows[0], {position.id: position for row in rows for position in _argued(row)}
    return Agreement(
        redline=first.redline,
        positions=sorted(positions.values(), key=lambda position: position.rank),
        proposers=[
            Proposer(row.comment.number, _who(row.comment), _argued(row), row.redline, row.new_text != first.new_text)
            for row in rows
        ],
    )
