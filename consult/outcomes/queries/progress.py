"""How far the answers are, and what still stands between them and publication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Text, and_, case, cast, exists, func, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import RoleGrant
from consult.consultations.models import Round
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.became import listed
from consult.debate.models import DISPOSITIONS, Anchor, Comment

from ..models import Citation, Disposition, OutcomeSummary, Statement
from .acknowledgements import is_contested
from .visibility import counted, is_current

MOST_NAMED = 3


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


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must be there before the review and the publication. `kind`: answers, contested, headline or sources."""

    kind: str
    sentence: str
    count: int = 1


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


def missing(*, viewer: Actor, of: Round) -> Sequence[Gap]:
    """What the publication of a round waits for; empty when nothing does. Comments answered in part are named."""
    is_open = Comment.disposition == "unresolved"
    is_partly = and_(is_open, Comment.answers_apart != "")
    waits = select(func.count()).where(Comment.round_id == of.id, Comment.state == "held").scalar_subquery()
    unanswered, partly, comments, held = db.session.execute(
        select(
            func.sum(case((is_open, 1), else_=0)), func.sum(case((is_partly, 1), else_=0)), func.count(), waits
        ).where(counted(of.id))
    ).one()  # fmt: skip
    named = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.anchors).joinedload(Anchor.clause))
        .where(
            Comment.id.in_(select(Comment.id).where(counted(of.id), is_partly).order_by(Comment.id).limit(MOST_NAMED))
        )
        .order_by(Comment.id)
    ).unique()
    answers = [*_held(held), *_answers(unanswered or 0, partly or 0, named), *_contested(of)]
    summary = db.session.execute(
        select(OutcomeSummary.id, OutcomeSummary.headline).where(OutcomeSummary.round_id == of.id)
    ).first()
    has_headline = bool(summary.headline) if summary else not comments
    return _gaps(answers, has_headline, unsourced(viewer=viewer, of=of))


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


def _held(count: int) -> list[Gap]:
    """What came in time and nobody has looked at: it counts once it is on show, and then it needs an answer."""
    if not count:
        return []
    what = "1 comment waits" if count == 1 else f"{count:,} comments wait"
    return [Gap("answers", f"{what} for a look by a moderator before it is on show.", count)]


def _answers(unanswered: int, partly: int, named: Iterable[Comment]) -> list[Gap]:
    """Comments that wait wholly are counted; of those that wait for some of their clauses, the first are named."""
    if not unanswered:
        return []
    wholly, sentences = unanswered - partly, []
    if wholly:
        sentences.append(f"{'1 comment has' if wholly == 1 else f'{wholly:,} comments have'} no answer yet.")
    for comment in named:
        waiting = [c.short_name for c in comment.clauses if comment.disposition_for(c.id) == "unresolved"]
        sentences.append(f"{comment.number} has no answer yet for {listed(waiting)}.")
    more = partly - MOST_NAMED
    if more > 0:
        what = "1 more comment has" if more == 1 else f"{more:,} more comments have"
        sentences.append(f"{what} no answer yet for some of their clauses.")
    return [Gap("answers", " ".join(sentences), unanswered)]


def _contested(of: Round) -> list[Gap]:
    """Comments that another moderator decides again, the first of them named."""
    wanted = (counted(of.id), is_contested())
    count = db.session.scalar(select(func.count()).select_from(Comment).where(*wanted)) or 0
    if not count:
        return []
    numbers = db.session.scalars(select(Comment.number).where(*wanted).order_by(Comment.id).limit(MOST_NAMED)).all()
    more = count - len(numbers)
    named = listed([*numbers, f"{more:,} more"] if more else list(numbers))
    again = "its author is not satisfied with the answer, so another moderator decides it again."
    if count > 1:
        again = "their authors are not satisfied with the answers, so another moderator decides them again."
    moderators = db.session.scalar(
        select(func.count(func.distinct(RoleGrant.person_id))).where(
            RoleGrant.consultation_id == of.consultation_id, RoleGrant.role == "moderator"
        )
    )
    lone = " There is only one moderator: it needs another one, and an organiser can invite one."
    return [Gap("contested", f"{named}: {again}{lone if (moderators or 0) < 2 else ''}", count)]


def _gaps(answers: list[Gap], has_headline: bool, bare: int) -> Sequence[Gap]:
    gaps = answers
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
