"""How far the answers are: the numbers of an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, select, union_all

from consult.consultations.models import Round
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import APART, DISPOSITIONS, UNSHOWN, Comment, RoundTally

from ..models import CHANGING, Disposition
from .visibility import counted_aside, is_current


class Answered(Record):
    """How many shown comments of a round have which answer (by code), and how many are `withdrawn`; all kept or few.

    Of those with answers for some clauses only, `apart` are answered wholly, `partly` still wait.
    """

    posted: Mapping[str, int]
    withdrawn: int
    apart: int
    partly: int

    @property
    def comments(self) -> int:
        return sum(self.posted.values())

    @property
    def to_answer(self) -> int:
        return self.posted.get("unresolved", 0)

    @property
    def answered(self) -> int:
        return self.comments - self.to_answer

    @property
    def shares(self) -> Sequence[tuple[str, str, int]]:
        """(code, label, count) in the order of the codes, without zeros."""
        by_code = {**self.posted, "withdrawn": self.posted.get("withdrawn", 0) + self.withdrawn}
        return [(code, label, by_code[code]) for code, label in DISPOSITIONS.items() if by_code.get(code)]


class Facts(Record):
    """The numbers of an outcome. `shares` are (code, label, count) in the order of the codes, without zeros."""

    comments: int
    answered: int
    changes: int
    withdrawn: int
    organisations: int
    people: int
    shares: Sequence[tuple[str, str, int]]
    apart: int  # answered comments whose clauses have different answers; each is one in `shares` like any other

    @property
    def to_answer(self) -> int:
        return self.comments - self.answered

    @property
    def line(self) -> str:
        """'14 changes made from 312 comments'."""
        changes = {0: "No change", 1: "1 change"}.get(self.changes, f"{self.changes:,} changes")
        comments = "1 comment" if self.comments == 1 else f"{self.comments:,} comments"
        return f"{changes} made from {comments}" if self.comments else "No comments came in"


def facts(*, viewer: Actor, of: Round) -> Facts:
    """The comments as they are now; what is hidden is not in any number."""
    found = answered(viewer=viewer, of=of)
    return Facts(
        comments=found.comments,
        answered=found.answered,
        changes=_changes(of) if found.answered or found.partly else 0,
        withdrawn=found.withdrawn,
        organisations=of.organisation_count,
        people=of.person_count,
        shares=found.shares,
        apart=found.apart,
    )


def answered(*, viewer: Actor, of: Round) -> Answered:
    """How far the answers to a round are. One statement."""
    here = (Comment.consultation_id == of.consultation_id, Comment.round_id + 0 == of.id)  # see UNSHOWN
    several = (*here, APART, Comment.state == "posted")
    posted = select(literal("posted").label("what"), RoundTally.disposition, func.sum(RoundTally.count))
    rows = db.session.execute(
        union_all(
            posted.where(RoundTally.round_id == of.id).group_by(RoundTally.disposition),
            _many("withdrawn", *here, UNSHOWN, Comment.state == "withdrawn"),
            _many("apart", *several, Comment.disposition != "unresolved"),
            _many("partly", *several, Comment.disposition == "unresolved"),
        )
    ).all()
    others = {what: n for what, _code, n in rows if what != "posted"}
    by_code = {code: int(n) for what, code, n in rows if what == "posted"}
    return Answered(by_code, others["withdrawn"], others["apart"], others["partly"])


def _many(what: str, *where: ColumnElement[bool]) -> Select[str, str, int]:
    """No GROUP BY: SQLite would go through all comments in its order."""
    return select(literal(what), literal(""), func.count(Comment.id)).where(*where)


def _changes(of: Round) -> int:
    """Changes to the draft: comments answered with the same words led to the same change."""
    words = Disposition.observation + Disposition.change_note
    same = case((words == "", cast(Disposition.comment_id, Text)), else_=words)
    statement = (
        select(func.count(func.distinct(same)))
        .join(Comment, Comment.id == Disposition.comment_id)
        .where(*counted_aside(of), CHANGING, is_current())
    )
    return db.session.scalar(statement) or 0
