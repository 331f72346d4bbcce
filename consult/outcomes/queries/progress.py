"""How far the answers are: the numbers of an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Text, case, cast, func, select

from consult.consultations.models import Round
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import DISPOSITIONS, Comment

from ..models import Disposition
from .visibility import counted, is_current


@dataclass(frozen=True, slots=True)
class Facts:
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
    """Counted over the comments as they are now; what is hidden is not in any number."""
    rows = db.session.execute(
        select(
            Comment.state, Comment.disposition, func.count(), func.sum(case((Comment.answers_apart != "", 1), else_=0))
        )
        .where(Comment.round_id == of.id, Comment.state.not_in(("hidden", "held")))
        .group_by(Comment.state, Comment.disposition)
    ).all()
    by_code: dict[str, int] = {}
    for state, code, count, _apart in rows:
        name = "withdrawn" if state == "withdrawn" else code
        by_code[name] = by_code.get(name, 0) + count
    withdrawn = sum(count for state, _code, count, _apart in rows if state == "withdrawn")
    comments = sum(count for state, _code, count, _apart in rows if state == "posted")
    return Facts(
        comments=comments,
        answered=comments - by_code.get("unresolved", 0),
        changes=_changes(of.id),
        withdrawn=withdrawn,
        organisations=of.organisation_count,
        people=of.person_count,
        shares=[(code, label, by_code[code]) for code, label in DISPOSITIONS.items() if by_code.get(code)],
        apart=sum(apart for state, code, _count, apart in rows if state == "posted" and code != "unresolved"),
    )


def _changes(round_id: int) -> int:
    """Changes to the draft: comments answered with the same words led to the same change."""
    words = Disposition.observation + Disposition.change_note
    same = case((words == "", cast(Disposition.comment_id, Text)), else_=words)
    statement = (
        select(func.count(func.distinct(same)))
        .join(Comment, Comment.id == Disposition.comment_id)
        .where(counted(round_id), Disposition.change_class != "none", is_current())
    )
    return db.session.scalar(statement) or 0
