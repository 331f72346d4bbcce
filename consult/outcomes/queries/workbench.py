"""The moderators' workbench: what needs an answer next, and everything needed to give it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation, Round
from consult.core import paging
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.paging import Listing
from consult.core.records import Record, replace
from consult.core.rules import Actor, Verdict
from consult.core.text import normalise
from consult.debate.became import lower_first
from consult.debate.models import DISPOSITIONS, Anchor, Comment, CommentPosition, ProposedChange, Reply
from consult.debate.queries.narrowing import is_few
from consult.moderation.models import Report

from .. import rules
from ..models import Acknowledgement, AnswerTemplate, Disposition
from .acknowledgements import among_contested, contested, history_of, is_left_by
from .filters import Filters, is_within, keys_of
from .guards import unsourced
from .progress import Answered, answered
from .visibility import counted_aside, is_untouched
from .walking import MOST_COUNTED, WAITING, many, waiting, within

PAGE = 15
NEAR = 6
THREAD = 30
MOST_UNDONE = 200  # rows; a theme, which may have more, is taken back on its own page


class Counters(Record):
    """What is left to do; each goes to zero. `own` of `to_decide`, or more, is left to colleagues, `partly` has some answers."""

    to_decide: int
    partly: int
    decided: int
    own: int
    reports: int
    contested: int  # answered, but the author is not satisfied
    is_own_more: bool  # than `own`: nobody counted on


class Item(Record):
    """The comment on the desk. `history` is newest first; `near` may get the same answer; `verdict`: may it be answered.

    `links`: its clauses when it has several: id, name with what became of it there, whether an answer is meant for it.
    """

    comment: Comment
    links: Sequence[tuple[str, str, bool]]
    replies: Sequence[Reply]
    history: Sequence[Disposition]
    near: Sequence[Comment]
    together: Sequence[Comment]
    verdict: Verdict
    seen: dict[int, int]
    words: Sequence[Acknowledgement]  # what its author said of the answers, newest first
    is_contested: bool


class WorkbenchPage(Record):
    """List, item, counters, and the last act that can be undone."""

    consultation: Consultation
    filters: Filters
    lines: Listing[Comment]
    counters: Counters
    item: Item | None
    next_number: str | None
    last: Sequence[Disposition]
    is_list: bool
    unsourced: int
    shares: Sequence[tuple[str, str, int]]
    templates: Sequence[AnswerTemplate]


def workbench(
    *, viewer: Actor, consultation: Consultation, filters: Filters, number: str = "", also: Sequence[str] = (),
    after: str | None = None, before: str | None = None,
) -> WorkbenchPage:  # fmt: skip
    """The newest round's workbench with comment `number` on the desk (or the first of the list), `also` beside it."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    of = consultation.round
    lines, kept = _lines(viewer, of, filters, after, before), answered(viewer=viewer, of=of)
    also = [normalise(n) for n in also]
    first = number or (also[0] if also else "") or (lines.rows[0].number if lines.rows else "")
    item = _item(viewer, consultation, first, also, filters) if first else None
    return WorkbenchPage(
        consultation=consultation, filters=filters, lines=lines, item=item, is_list=not number and not also, unsourced=unsourced(viewer=viewer, of=of),
        shares=kept.shares, counters=_counters(viewer, of, kept),
        next_number=next_to_decide(
            viewer=viewer, of=of, filters=filters, after_id=item.comment.id if item else 0
        ),
        last=_last(viewer, of.id), templates=templates(viewer=viewer, consultation=consultation),
    )  # fmt: skip


def next_to_decide(*, viewer: Actor, of: Round, filters: Filters, after_id: int, stay_at: int = 0) -> str | None:
    """Number of the next comment without an answer that this viewer may answer; after the last one, the first.

    Where the list is narrowed to contested ones: of the next that waits to be decided again.

    `stay_at`: the comment that was answered just now, which is the next if it waits for more.
    """
    is_again = filters.show == "contested"
    wanted = replace(filters, show="contested" if is_again else "open")
    waits = [*within(of, wanted), *wanted.conditions(viewer), not_(is_own_of(viewer))]
    waits += [not_(is_left_by(viewer))] if is_again else []
    steps = [Comment.id == stay_at] if stay_at else []
    steps += [Comment.id > after_id, and_(Comment.id < after_id, Comment.id != stay_at)]
    parts = [
        select(literal(nth).label("nth"), Comment.number).where(*waits, step).order_by(Comment.id).limit(1).subquery()
        for nth, step in enumerate(steps)
    ]
    first = union_all(*(select(part.c.nth, part.c.number) for part in parts)).order_by("nth").limit(1)
    row = db.session.execute(first).first()
    return row.number if row else None


def comments_by_number(*, viewer: Actor, consultation: Consultation, numbers: Sequence[str]) -> Sequence[Comment]:
    """Comments in the order of their numbers; Missing when one is not there."""
    numbers = [normalise(number) for number in numbers]
    rows = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.round), selectinload(Comment.anchors).joinedload(Anchor.clause))
        .where(Comment.consultation_id == consultation.id, Comment.number.in_(numbers), Comment.state != "held")
    ).all()
    by_number = {row.number: row for row in rows}
    if not numbers or set(numbers) - set(by_number):
        raise Missing("There is no such comment in this consultation.")
    return [by_number[number] for number in dict.fromkeys(numbers)]


def is_own_of(viewer: Actor) -> ColumnElement[bool]:
    """The same as rules.is_own, in SQL."""
    members = exists(
        select(Organisation.id).where(
            or_(Organisation.id == Comment.organisation_id, Organisation.id == Comment.unsigned_for_id),
            or_(Organisation.id.in_(viewer.member_of), Organisation.parent_id.in_(viewer.member_of)),
        )
    )
    return or_(and_(Comment.author_id.is_not(None), Comment.author_id == viewer.person_id), members)


def with_place(statement: Select[Comment]) -> Select[Comment]:
    """Load what a line about a comment shows: organisation and who signed for it, clauses, positions."""
    return statement.options(
        joinedload(Comment.organisation),
        joinedload(Comment.unsigned_for),
        joinedload(Comment.signed_by),
        selectinload(Comment.anchors).joinedload(Anchor.clause),
        selectinload(Comment.positions).joinedload(CommentPosition.position),
    )


def _lines(viewer: Actor, of: Round, filters: Filters, after: str | None, before: str | None) -> Listing[Comment]:
    wanted = [*within(of, filters), *filters.conditions(viewer)]
    start, end = keys_of(after, 2), keys_of(before, 2)
    statement = with_place(select(Comment).where(*wanted))
    order = [column.desc() for column in WAITING] if end else WAITING
    found: list[Comment] = []
    for part in waiting(end or start, is_back=bool(end)):
        if len(found) <= PAGE:
            more = statement.where(*part).order_by(*order).limit(PAGE + 1 - len(found))
            found += db.session.scalars(more).all()
    rows = found[:PAGE][::-1] if end else found[:PAGE]
    more_before, more_after = (len(found) > PAGE, True) if end else (bool(start), len(found) > PAGE)
    total, is_more = many(viewer, of, filters, wanted)
    return Listing(
        rows, total, is_more=is_more,
        next_cursor=_cursor(rows[-1]) if rows and more_after else None,
        previous_cursor=_cursor(rows[0]) if rows and more_before else None,
    )  # fmt: skip


def _cursor(comment: Comment) -> str:
    return paging.encode([int(comment.is_answered), comment.id])


def _counters(viewer: Actor, of: Round, kept: Answered) -> Counters:
    reported = select(func.count(Report.id)).where(
        Report.consultation_id == of.consultation_id, Report.closed_at.is_(None)
    )
    against = select(func.count()).where(*counted_aside(of), Comment.id.in_(among_contested()))
    parts = (reported.scalar_subquery(), _own(viewer, of, kept).scalar_subquery(), against.scalar_subquery())
    reports, own_count, again = db.session.execute(select(*parts)).one()
    own, is_own_more = min(own_count, MOST_COUNTED), own_count > MOST_COUNTED
    return Counters(kept.to_answer, kept.partly, kept.answered, own, reports, again, is_own_more)


def _own(viewer: Actor, of: Round, kept: Answered) -> Select[int]:
    """Counts the unanswered comments that `is_own_of` is true of, MOST_COUNTED and one at most.

    They are found by the index of whose they are, or among the unanswered where these are few.
    """
    if kept.to_answer <= MOST_COUNTED:
        return select(func.count(Comment.id)).where(*within(of), ~Comment.is_answered, is_own_of(viewer))
    mine = or_(Organisation.id.in_(viewer.member_of), Organisation.parent_id.in_(viewer.member_of))
    bodies = select(Organisation.id).where(mine)
    is_hers = and_(Comment.author_id.is_not(None), Comment.author_id == viewer.person_id)
    ways = (is_hers, Comment.organisation_id.in_(bodies), Comment.unsigned_for_id.in_(bodies))
    waits = select(Comment.id).where(*counted_aside(of), ~Comment.is_answered).limit(MOST_COUNTED + 1)
    found = [waits.where(way).subquery() for way in ways]
    return select(func.count()).select_from(union(*(select(part.c.id) for part in found)).subquery())


def _item(viewer: Actor, consultation: Consultation, number: str, also: Sequence[str], filters: Filters) -> Item:
    comment = db.session.scalars(
        with_place(select(Comment))
        .options(
            joinedload(Comment.consultation), joinedload(Comment.round),
            selectinload(Comment.changes).joinedload(ProposedChange.clause),
        )
        .where(Comment.consultation_id == consultation.id, Comment.number == normalise(number), Comment.state != "held")
    ).first()  # fmt: skip
    if comment is None:
        raise Missing("There is no such comment in this consultation.")
    near, together = _beside(viewer, comment, [n for n in also if n != number])
    ids = [comment.id, *(row.id for row in near), *(row.id for row in together)]
    words = history_of(viewer=viewer, comment_ids=[comment.id])[::-1]
    history = _history(comment.id)
    barred = contested(viewer=viewer, comments=[comment]).get(comment.id, frozenset())
    return Item(
        comment=comment, links=_links(comment, filters), replies=_thread(comment.id), history=history, near=near, together=together,
        verdict=rules.may_decide(viewer, [comment]) and rules.may_answer(viewer, comment)
        and rules.may_answer_again(viewer, comment, barred),
        seen=_seen(ids), words=words, is_contested=_is_contested(words, history),
    )  # fmt: skip


def _is_contested(words: Sequence[Acknowledgement], history: Sequence[Disposition]) -> bool:
    """The same as `is_contested` of one whose rows one has, newest first."""
    return bool(words) and words[0].said == "not_satisfied" and words[0].disposition_id == history[0].id


def _links(comment: Comment, filters: Filters) -> Sequence[tuple[str, str, bool]]:
    """The clauses of a comment on several: meant is the one the list is narrowed to, else those that wait, else all."""
    clauses = [clause for clause in comment.links if clause is not None]
    became = {clause.id: comment.disposition_for(clause.id) for clause in clauses}
    narrowed = [clause for clause in clauses if filters.clause and is_within(clause.label, filters.clause)]
    meant = narrowed or [clause for clause in clauses if became[clause.id] == "unresolved"] or clauses
    return [
        (str(clause.id), f"{clause.short_name}, {lower_first(DISPOSITIONS[became[clause.id]])}", clause in meant)
        for clause in clauses
    ]


def _beside(viewer: Actor, comment: Comment, also: Sequence[str]) -> tuple[Sequence[Comment], Sequence[Comment]]:
    """Unanswered comments on the same clauses, and those that were picked, to answer together."""
    of, others = comment.round, (Comment.id != comment.id, not_(is_own_of(viewer)))
    together: Sequence[Comment] = []
    if also:
        picked = (Comment.consultation_id == of.consultation_id, Comment.number.in_(also), *counted_aside(of))
        together = db.session.scalars(with_place(select(Comment)).where(*picked, *others).order_by(Comment.id)).all()
    wanted = (~Comment.is_answered, *others, Comment.id.not_in([row.id for row in together]))
    near = select(Comment).where(Comment.id.in_(_on_the_same(comment, of, *wanted))).order_by(Comment.id)
    return db.session.scalars(with_place(near)).all(), together


def _on_the_same(comment: Comment, of: Round, *wanted: ColumnElement[bool]) -> Select[int]:
    """The first of those about a clause that this one is about. Few of these are gathered; of many some are soon met."""
    ids = [clause.id for clause in comment.clauses]
    if is_few(sum(clause.comment_count for clause in comment.clauses), of):
        placed = select(Anchor.comment_id).distinct().join(Comment, Comment.id == Anchor.comment_id)
        here = placed.where(Anchor.clause_id.in_(ids), *counted_aside(of), *wanted)
        return here.order_by(Anchor.comment_id).limit(NEAR)
    there = exists(select(Anchor.id).where(Anchor.comment_id == Comment.id, Anchor.clause_id.in_(ids)))
    return select(Comment.id).where(*within(of), *wanted, there).order_by(Comment.id).limit(NEAR)


def _thread(comment_id: int) -> Sequence[Reply]:
    return db.session.scalars(
        select(Reply)
        .options(joinedload(Reply.organisation))
        .where(Reply.comment_id == comment_id, Reply.state == "posted")
        .order_by(Reply.path)
        .limit(THREAD)
    ).all()


def _history(comment_id: int) -> Sequence[Disposition]:
    return db.session.scalars(
        select(Disposition)
        .options(
            joinedload(Disposition.decided_by), joinedload(Disposition.duplicate_of), joinedload(Disposition.clause)
        )
        .where(Disposition.comment_id == comment_id)
        .order_by(Disposition.id.desc())
    ).all()


def _seen(comment_ids: Sequence[int]) -> dict[int, int]:
    newest = (
        select(Disposition.comment_id, func.max(Disposition.id))
        .where(Disposition.comment_id.in_(comment_ids))
        .group_by(Disposition.comment_id)
    )
    return dict.fromkeys(comment_ids, 0) | dict(db.session.execute(newest).all())


def templates(*, viewer: Actor, consultation: Consultation) -> Sequence[AnswerTemplate]:
    """The words that moderators keep, by name; for those who work on the answers."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    of = (AnswerTemplate.consultation_id == consultation.id,)
    return db.session.scalars(select(AnswerTemplate).where(*of).order_by(AnswerTemplate.name)).all()


def _last(viewer: Actor, round_id: int) -> Sequence[Disposition]:
    """The viewer's last answers, given at once, as long as they still stand for all they were for."""
    mine = and_(Disposition.decided_by_id == viewer.person_id, Comment.round_id + 0 == round_id)
    newest = (
        select(Disposition.decided_at)
        .join(Comment, Comment.id == Disposition.comment_id)
        .where(mine)
        .order_by(Disposition.decided_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(Disposition)
        .join(Disposition.comment)
        .options(joinedload(Disposition.comment), joinedload(Disposition.clause), joinedload(Disposition.theme))
        .where(mine, Disposition.decided_at == newest, Disposition.code != "unresolved", is_untouched())
        .order_by(Disposition.id)
        .limit(MOST_UNDONE)
    ).all()
