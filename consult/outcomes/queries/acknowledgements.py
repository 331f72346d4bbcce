"""What commenters say of the answers during the review."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload, with_expression

from consult.consultations.models import Round
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Anchor, Comment

from ..models import ACKNOWLEDGEMENTS, AGAINST, Acknowledgement, Disposition, links_of
from ..rules import is_asked, is_running
from ..standing import standing
from .visibility import counted_aside, is_current


class Word(Record):
    """Where a comment stands with its answer: `state` is one of ACKNOWLEDGEMENTS."""

    state: str
    reason: str = ""
    html: str = ""
    said_at: datetime | None = None

    @property
    def label(self) -> str:
        return ACKNOWLEDGEMENTS[self.state]


class Said(Record):
    """How many answered comments of a round have which word; `silent` ones may still get one `is_running`."""

    satisfied: int
    not_satisfied: int
    silent: int
    outside: int  # nobody here could be asked
    is_running: bool


def is_newest_word() -> ColumnElement[bool]:
    """The acknowledgements that count: the last of their comment, about an answer that nothing replaced since."""
    later, newer = aliased(Acknowledgement), aliased(Disposition)
    is_last = ~exists(
        select(later.id)
        .where(later.comment_id == Acknowledgement.comment_id, later.id > Acknowledgement.id)
        .correlate(Acknowledgement)
    )
    is_about_now = ~exists(
        select(newer.id)
        .where(newer.comment_id == Acknowledgement.comment_id, newer.id > Acknowledgement.disposition_id)
        .correlate(Acknowledgement)
    )
    return and_(is_last, is_about_now)


def is_contested() -> ColumnElement[bool]:
    """Comments whose authors are not satisfied with the answer as it is now. Needs Comment in the statement."""
    against = select(Acknowledgement.id).where(
        Acknowledgement.comment_id == Comment.id, Acknowledgement.said == "not_satisfied", is_newest_word()
    )
    return exists(against.correlate(Comment))


def among_contested() -> Select[int]:
    """The ids of the same comments, in all consultations: found by the index of words that are against an answer."""
    return select(Acknowledgement.comment_id).where(AGAINST, is_newest_word())


def is_left_by(viewer: Actor) -> ColumnElement[bool]:
    """Contested comments that this viewer leaves to another moderator; as `contested` says, in SQL."""
    own = select(Disposition.id).where(
        Disposition.comment_id == Comment.id, Disposition.decided_by_id == viewer.person_id, is_current()
    )
    return and_(is_contested(), exists(own.correlate(Comment)))


def words_of(*, viewer: Actor, comments: Collection[Comment]) -> Mapping[int, Word]:
    """What is said of the answers to these comments, by comment id. Their consultations and rounds must be loaded."""
    if not comments:
        return {}
    rows = db.session.scalars(
        select(Acknowledgement).where(
            Acknowledgement.comment_id.in_([comment.id for comment in comments]), is_newest_word()
        )
    )
    said = {row.comment_id: row for row in rows}
    found = {comment.id: _word(comment, said.get(comment.id)) for comment in comments}
    return {comment_id: word for comment_id, word in found.items() if word is not None}


def said_in(*, viewer: Actor, of: Round, answered: int, is_running: bool) -> Said:
    """What is said of the `answered` comments of a round that count; from the words, as silence is what is left."""
    here = (*counted_aside(of), Comment.is_answered)
    is_outside = Comment.author_id.is_(None)
    rows = db.session.execute(
        select(Acknowledgement.said, is_outside, func.count())
        .join(Comment, Comment.id == Acknowledgement.comment_id)
        .where(*here, is_newest_word())
        .group_by(Acknowledgement.said, is_outside)
    ).all()
    count = {(word, bool(outside)): number for word, outside, number in rows}
    outside = db.session.scalar(select(func.count(Comment.id)).where(is_outside, *here)) or 0
    heard = sum(number for (_word, is_out), number in count.items() if is_out)
    return Said(
        satisfied=count.get(("satisfied", False), 0),
        not_satisfied=count.get(("not_satisfied", False), 0),
        silent=answered - outside - (sum(count.values()) - heard),
        outside=outside - heard,
        is_running=is_running,
    )


def word_parts() -> tuple[Any, ...]:
    """What is loaded with an acknowledgement to tell of it; `is_open`: it counts still."""
    comment = joinedload(Acknowledgement.comment).options(
        joinedload(Comment.consultation), joinedload(Comment.organisation),
        selectinload(Comment.anchors).joinedload(Anchor.clause),
    )  # fmt: skip
    return comment, with_expression(Acknowledgement.is_open, is_newest_word())


def word(*, viewer: Actor, acknowledgement_id: int) -> Acknowledgement:
    """What somebody said of an answer, with the comment, for the system, which tells of it."""
    return db.session.scalars(
        select(Acknowledgement).options(*word_parts()).where(Acknowledgement.id == acknowledgement_id)
    ).one()


def unsatisfied(*, viewer: Actor, comment_ids: Collection[int]) -> Mapping[int, int]:
    """Who (id of the person) said last that the answer does not satisfy, by comment id; whatever was decided since."""
    later = aliased(Acknowledgement)
    is_last = ~exists(
        select(later.id)
        .where(later.comment_id == Acknowledgement.comment_id, later.id > Acknowledgement.id)
        .correlate(Acknowledgement)
    )
    return dict(
        db.session.execute(
            select(Acknowledgement.comment_id, Acknowledgement.person_id).where(
                Acknowledgement.comment_id.in_(comment_ids), Acknowledgement.said == "not_satisfied", is_last
            )
        ).all()
    )


def history_of(*, viewer: Actor, comment_ids: Collection[int]) -> Sequence[Acknowledgement]:
    """Every word that was said of the answers to these comments, oldest first."""
    return db.session.scalars(
        select(Acknowledgement).where(Acknowledgement.comment_id.in_(comment_ids)).order_by(Acknowledgement.id)
    ).all()


def contested(*, viewer: Actor, comments: Collection[Comment]) -> Mapping[int, frozenset[int]]:
    """Who gave the answer that was contested last (ids of people), by comment id. Their clauses must be loaded.

    Somebody's first word about an answer may be taken back by her next one: then it was not contested.
    """
    last: dict[int, Acknowledgement] = {}
    said: dict[int, Acknowledgement] = {}
    for row in history_of(viewer=viewer, comment_ids=[comment.id for comment in comments]):
        said[row.disposition_id] = row
    for row in sorted(said.values(), key=lambda row: row.id):
        if row.said == "not_satisfied":
            last[row.comment_id] = row
    if not last:
        return {}
    rows = db.session.scalars(select(Disposition).where(Disposition.comment_id.in_(last))).all()
    found = {}
    for comment in comments:
        if contest := last.get(comment.id):
            then = [row for row in rows if row.comment_id == comment.id and row.id <= contest.disposition_id]
            stood = standing(then, links_of(comment)).values()
            found[comment.id] = frozenset(row.decided_by_id for row in stood if row.decided_by_id is not None)
    return found


def _word(comment: Comment, row: Acknowledgement | None) -> Word | None:
    if row is not None:
        return Word(row.said, row.reason, row.html, row.said_at)
    if (
        comment.state != "posted"
        or comment.disposition == "unresolved"
        or not is_asked(comment.consultation, comment.round)
    ):
        return None
    if comment.author_id is None:
        return Word("no_account")
    return Word("pending" if is_running(comment.consultation, comment.round) else "timed_out")
