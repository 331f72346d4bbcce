"""Votes as they are counted: by choice, by interest category, and what is kept of that beside each comment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from consult.core.db import Base, is_writing
from consult.core.operations import session

from . import agreement
from .agreement import Count
from .models import CHOICES, Comment, Vote, VoteTally

Difference = tuple[type[Base], int, str, int, int]
COLUMNS = [f"{choice}_count" for choice in CHOICES]


def count(comment_id: int, category: str, choice: str, by: int) -> None:
    """A vote of that category comes (`by` = 1) or goes (-1). The comment's row is held."""
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    column = f"{choice}_count"
    values = dict.fromkeys(COLUMNS, 0) | {"comment_id": comment_id, "category": category, column: by}
    session().execute(
        insert(VoteTally).values(values).on_conflict_do_update(
            index_elements=["comment_id", "category"], set_={column: getattr(VoteTally, column) + by}
        )
    )  # fmt: skip
    groups = session().execute(_tallies().where(VoteTally.comment_id == comment_id)).all()
    values = kept([tuple(row[2:]) for row in groups])
    ground, among = values["common_ground"], Comment.group_ground
    values["common_ground"] = case((and_(among > 0, among < ground), among), else_=ground)  # agreement.everywhere
    session().execute(update(Comment).where(Comment.id == comment_id).values(values))


def kept(categories: Sequence[Count], group_ground: int = 0) -> dict[str, Any]:
    """What a comment keeps of its votes, and of what opinion groups think of it."""
    totals = [sum(count[n] for count in categories) for n in range(len(CHOICES))]
    return dict(zip(COLUMNS, totals, strict=True)) | {
        "common_ground": agreement.everywhere(agreement.common_ground(categories), group_ground),
        "vote_worth": agreement.worth(*totals),
    }  # fmt: skip


def by_category(mine: ColumnElement[bool]) -> dict[int, list[Count]]:
    """The counts of each category for the comments chosen by `mine`."""
    found: dict[int, list[Count]] = defaultdict(list)
    rows = session().execute(_tallies().join(Comment, VoteTally.comment_id == Comment.id).where(mine))
    for comment_id, _category, agree, disagree, passed in rows:
        found[comment_id].append((agree, disagree, passed))
    return found


def _tallies() -> Any:
    columns = [getattr(VoteTally, column) for column in COLUMNS]
    return select(VoteTally.comment_id, VoteTally.category, *columns)


def differences(mine: ColumnElement[bool]) -> Iterator[Difference]:
    """What is kept of votes and is not what the votes say. `mine` chooses comments."""
    cast: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = session().execute(
        select(Vote.comment_id, Vote.category, Vote.choice, func.count())
        .join(Comment, Vote.comment_id == Comment.id)
        .where(mine)
        .group_by(Vote.comment_id, Vote.category, Vote.choice)
    )
    for comment_id, category, choice, n in rows:
        cast[comment_id, category][CHOICES.index(choice)] = n
    yield from _of_tallies(mine, cast)
    groups: dict[int, list[Count]] = defaultdict(list)
    for (comment_id, _category), (agree, disagree, passed) in cast.items():
        groups[comment_id].append((agree, disagree, passed))
    for comment in session().scalars(select(Comment).where(mine).execution_options(populate_existing=True)):
        for column, should in kept(groups[comment.id], comment.group_ground).items():
            if getattr(comment, column) != should:
                yield Comment, comment.id, column, getattr(comment, column), should


def _of_tallies(mine: ColumnElement[bool], cast: Mapping[tuple[int, str], Sequence[int]]) -> Iterator[Difference]:
    there = select(VoteTally).join(Comment, VoteTally.comment_id == Comment.id).where(mine)
    known = {(row.comment_id, row.category) for row in session().scalars(there)}
    for comment_id, category in sorted(cast.keys() - known):
        if is_writing():
            session().add(VoteTally(comment_id=comment_id, category=category))
        else:
            for column, should in zip(COLUMNS, cast[comment_id, category], strict=True):
                yield VoteTally, 0, column, 0, should
    if is_writing():
        session().flush()
    for row in session().scalars(there.execution_options(populate_existing=True)):
        right = cast.get((row.comment_id, row.category), (0, 0, 0))
        for column, should in zip(COLUMNS, right, strict=True):
            if getattr(row, column) != should:
                yield VoteTally, row.id, column, getattr(row, column), should
