"""What still stands between a round and its review, its publication, a correction, and the adoption of its draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import RoleGrant
from consult.consultations.models import Round
from consult.core.db import db, take_your_time
from consult.core.records import Record
from consult.core.rules import SYSTEM, Actor
from consult.debate.became import listed
from consult.debate.models import APART, UNSHOWN, Anchor, CarriedAnchor, Comment
from consult.debate.queries.carried import TO_CHECK
from consult.documents.models import Draft, DraftVersion

from ..models import CHANGING, Approval, Citation, Disposition, Immateriality, Objection, OutcomeSummary, Statement
from .acknowledgements import among_contested
from .coverage import Minority, minorities
from .progress import answered
from .visibility import counted_aside, is_current

MOST_NAMED = 3
MATERIAL = ("technical", "new_requirement")  # changes that nobody outside has seen in the draft yet


class Gap(Record):
    """Something that must be there before a step. `kind`: held, answers, contested, anchors, headline,
    sources, minority, objections, approval or material."""

    kind: str
    sentence: str
    count: int = 1


class Material(Record):
    """How many accepted comments of a round change the draft materially, and what is stated of that."""

    count: int
    last_answer_id: int  # the newest of these answers; a statement about older ones no longer stands
    stated: Immateriality | None

    @property
    def gap(self) -> Gap | None:
        """Why the draft cannot be adopted as it is; None when it can."""
        if not self.count or self.stated is not None:
            return None
        what = "1 accepted comment changes" if self.count == 1 else f"{self.count:,} accepted comments change"
        return Gap(
            "material",
            f"{what} the draft materially, and nobody outside has seen the new words. Begin a new round on the next"
            " version, or let an editor state in public why the changes are not material.",
            self.count,
        )


def missing(*, viewer: Actor, of: Round, is_final: bool = False) -> Sequence[Gap]:
    """What the review of a round waits for (`is_final`: its publication); empty when nothing does.

    Comments answered in part are named.
    """
    here = (Comment.consultation_id == of.consultation_id, Comment.round_id + 0 == of.id)  # see UNSHOWN
    waits = select(func.count(Comment.id)).where(*here, UNSHOWN, Comment.state == "held").scalar_subquery()
    held, unchecked, objections = db.session.execute(
        select(waits, _unchecked(of.consultation_id), _objections(of.id))
    ).one()
    kept = answered(viewer=viewer, of=of)
    partly = select(Comment.id).where(*here, APART, Comment.state == "posted", Comment.disposition == "unresolved")
    named = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.anchors).joinedload(Anchor.clause))
        .where(Comment.id.in_(partly.order_by(Comment.id).limit(MOST_NAMED)))
        .order_by(Comment.id)
    ).unique()
    gaps = [*_held(held), *_answers(kept.to_answer, kept.partly, named), *_contested(of), *_anchors(unchecked)]
    gaps += _of_summary(of, is_final=is_final, has_comments=bool(kept.comments))
    return [*gaps, *_objected(objections)] if is_final else gaps


def _held(count: int) -> list[Gap]:
    """What came in time and nobody has looked at: it counts once it is on show, and then it needs an answer."""
    if not count:
        return []
    what = "1 comment waits" if count == 1 else f"{count:,} comments wait"
    return [Gap("held", f"{what} for a look by a moderator before it is on show.", count)]


def missing_in_summary(*, viewer: Actor, of: Round) -> Sequence[Gap]:
    """What the publication of a correction waits for."""
    return _of_summary(of, is_final=True, has_comments=True)


def material(*, viewer: Actor, of: Round) -> Material:
    """What must be put to comment once more before the draft of a round may be adopted. One statement."""
    last = (
        select(func.count(Disposition.comment_id.distinct()).label("count"), func.max(Disposition.id).label("last"))
        .join(Comment, Comment.id == Disposition.comment_id)
        .where(
            *counted_aside(of), is_current(), CHANGING, Disposition.change_class.in_(MATERIAL),
            Disposition.code.in_(("accepted", "accepted_modified")),
        )
        .subquery()
    )  # fmt: skip
    said = and_(Immateriality.round_id == of.id, Immateriality.last_answer_id == last.c.last)
    rows = db.session.execute(
        select(last.c.count, last.c.last, Immateriality)
        .select_from(last)
        .outerjoin(Immateriality, said)
        .options(joinedload(Immateriality.person))
        .order_by(Immateriality.id.desc())
        .limit(1)
    )
    count, last_id, stated = rows.one()
    return Material(count, last_id or 0, stated)


def unsourced(*, viewer: Actor, of: Round) -> int:
    """Sentences of "you said", "we did" and "what did not change" that rest on no visible comment."""
    newest = select(func.max(OutcomeSummary.id)).where(OutcomeSummary.round_id == of.id).scalar_subquery()
    return db.session.scalar(select(func.count()).select_from(Statement).where(_is_bare(newest))) or 0


def _is_bare(summary_id: Any) -> ColumnElement[bool]:
    has_source = exists(
        select(Citation.id)
        .join(Citation.comment)
        .where(Citation.statement_id == Statement.id, Comment.state == "posted")
    )
    return and_(Statement.summary_id == summary_id, Statement.section != "asked", ~has_source)


def _unchecked(consultation_id: int) -> ScalarSelect[int]:
    """Comments whose place in the newest public draft somebody must look at."""
    newest = (
        select(func.max(DraftVersion.id))
        .join(Draft, Draft.id == DraftVersion.draft_id)
        .where(Draft.consultation_id == consultation_id, DraftVersion.frozen_at.is_not(None))
        .scalar_subquery()
    )
    earlier = Comment.__table__.alias("earlier")
    return (
        select(func.count(CarriedAnchor.comment_id.distinct()))
        .join(earlier, earlier.c.id == CarriedAnchor.comment_id)
        .where(CarriedAnchor.version_id == newest, TO_CHECK, earlier.c.state == "posted")
        .scalar_subquery()
    )


def _objections(round_id: int) -> ScalarSelect[int]:
    waits = (
        Objection.round_id == round_id, Objection.decision == "", Objection.withdrawn_at.is_(None),
        Objection.hidden_at.is_(None),
    )  # fmt: skip
    return select(func.count(Objection.id)).where(*waits).scalar_subquery()


def _of_summary(of: Round, *, is_final: bool, has_comments: bool) -> list[Gap]:
    """What the newest version of a summary lacks."""
    bare = select(func.count(Statement.id)).where(_is_bare(OutcomeSummary.id)).correlate(OutcomeSummary)
    written = exists(select(Statement.id).where(Statement.summary_id == OutcomeSummary.id))
    about_now = and_(Approval.summary_id == OutcomeSummary.id, Approval.edit_number == OutcomeSummary.edit_number)
    row = db.session.execute(
        select(
            OutcomeSummary.id, OutcomeSummary.headline, bare.scalar_subquery(), written,
            exists(select(Approval.id).where(about_now)),
        )
        .where(OutcomeSummary.round_id == of.id)
        .order_by(OutcomeSummary.number.desc())
        .limit(1)
    ).first()  # fmt: skip
    summary_id, headline, unsourced_count, has_lines, is_approved = row or (0, "", 0, False, False)
    gaps = [] if headline or not (row or has_comments) else [Gap("headline", "The summary has no headline yet.")]
    gaps += _sources(unsourced_count)
    if is_final:
        take_your_time()
        gaps += _few(minorities(viewer=SYSTEM, of=of, summary_id=summary_id))
        if (headline or has_lines) and not is_approved:
            gaps.append(Gap("approval", "A second person has not approved the summary as it is now."))
    return gaps


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
    wanted = (*counted_aside(of), Comment.id.in_(among_contested()))
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


def _anchors(count: int) -> list[Gap]:
    if not count:
        return []
    what = "1 comment of an earlier draft waits" if count == 1 else f"{count:,} comments of earlier drafts wait"
    return [Gap("anchors", f"{what} for somebody to say where in the new draft it belongs.", count)]


def _sources(bare: int) -> list[Gap]:
    if not bare:
        return []
    what = "1 sentence of the summary names" if bare == 1 else f"{bare:,} sentences of the summary name"
    return [Gap("sources", f"{what} no comment as a source.", bare)]


def _few(views: Sequence[Minority]) -> list[Gap]:
    waiting = [view.words for view in views if view.waits]
    if not waiting:
        return []
    more = [f"{len(waiting) - MOST_NAMED:,} more"] if len(waiting) > MOST_NAMED else []
    named = "; ".join([*waiting[:MOST_NAMED], *more])
    what = "A view of few has" if len(waiting) == 1 else "Views of few have"
    return [Gap("minority", f"{what} neither a sentence nor a reason why not: {named}.", len(waiting))]


def _objected(count: int) -> list[Gap]:
    if not count:
        return []
    what = "1 objection to the summary has" if count == 1 else f"{count:,} objections to the summary have"
    return [Gap("objections", f"{what} no answer yet.", count)]
