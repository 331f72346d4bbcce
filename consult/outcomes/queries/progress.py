"""How far the answers are, and what still stands between them and publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Text, case, cast, exists, func, select

from consult.consultations.models import Round
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import DISPOSITIONS, Comment

from ..models import Citation, Disposition, OutcomeSummary, Statement
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

    @property
    def to_answer(self) -> int:
        return self.comments - self.answered

    @property
    def line(self) -> str:
        """'14 changes made from 312 comments'."""
        changes = {0: "No change", 1: "1 change"}.get(self.changes, f"{self.changes:,} changes")
        comments = "1 comment" if self.comments == 1 else f"{self.comments:,} comments"
        return f"{changes} made from {comments}" if self.comments else "No comments came in"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must be there before the review and the publication. `kind`: answers, headline or sources."""

    kind: str
    sentence: str
    count: int = 1


def facts(*, viewer: Actor, of: Round) -> Facts:
    """Counted over the comments as they are now; what is hidden is not in any number."""
    rows = db.session.execute(
        select(Comment.state, Comment.disposition, func.count())
        .where(Comment.round_id == of.id, Comment.state != "hidden")
        .group_by(Comment.state, Comment.disposition)
    ).all()
    by_code: dict[str, int] = {}
    for state, code, count in rows:
        name = "withdrawn" if state == "withdrawn" else code
        by_code[name] = by_code.get(name, 0) + count
    withdrawn = sum(count for state, _code, count in rows if state == "withdrawn")
    comments = sum(count for state, _code, count in rows if state == "posted")
    return Facts(
        comments=comments,
        answered=comments - by_code.get("unresolved", 0),
        changes=_changes(of.id),
        withdrawn=withdrawn,
        organisations=of.organisation_count,
        people=of.person_count,
        shares=[(code, label, by_code[code]) for code, label in DISPOSITIONS.items() if by_code.get(code)],
    )


def missing(*, viewer: Actor, of: Round) -> Sequence[Gap]:
    """What the publication of a round waits for; empty when nothing does."""
    unanswered, comments = db.session.execute(
        select(func.sum(case((Comment.disposition == "unresolved", 1), else_=0)), func.count()).where(counted(of.id))
    ).one()
    summary = db.session.execute(
        select(OutcomeSummary.id, OutcomeSummary.headline).where(OutcomeSummary.round_id == of.id)
    ).first()
    has_headline = bool(summary.headline) if summary else not comments
    return _gaps(unanswered or 0, has_headline, unsourced(viewer=viewer, of=of))


def unsourced(*, viewer: Actor, of: Round) -> int:
    """Sentences of "you said", "we did" and "what did not change" that rest on no visible comment."""
    has_source = exists(
        select(Citation.id)
        .join(Citation.comment)
        .where(Citation.statement_id == Statement.id, Comment.state == "posted")
    )
    statement = (
        select(func.count())
        .select_from(Statement)
        .join(Statement.summary)
        .where(OutcomeSummary.round_id == of.id, Statement.section != "asked", ~has_source)
    )
    return db.session.scalar(statement) or 0


def _gaps(unanswered: int, has_headline: bool, bare: int) -> Sequence[Gap]:
    gaps = []
    if unanswered:
        what = "1 comment has" if unanswered == 1 else f"{unanswered:,} comments have"
        gaps.append(Gap("answers", f"{what} no answer yet.", unanswered))
    if not has_headline:
        gaps.append(Gap("headline", "The summary has no headline yet."))
    if bare:
        what = "1 sentence of the summary names" if bare == 1 else f"{bare:,} sentences of the summary name"
        gaps.append(Gap("sources", f"{what} no comment as a source.", bare))
    return gaps


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
