"""The moderators' desk: what waits, oldest first, and the one item being looked at with all its context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.rules import Actor, Verdict
from consult.core.text import excerpt, plain
from consult.debate.models import Comment, CommentPosition, Reply
from consult.debate.rules import takes_words

from .. import rules
from ..models import RULES, Appeal, Correction, ModerationAct, Report
from ..rules import Contribution
from . import corrections
from .things import act_parts, find

LONGEST_LIST = 50  # what waits longest; the rest comes up as these are done
LONGEST_THREAD = 40
LISTS = {
    "reports": "Reports",
    "appeals": "Appeals",
    "unplaced": "Not placed",
    "asked": "Asked to change",
    "again": "Handed in again",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list."""

    kind: str
    key: str
    who: str
    number: str
    begins: str
    since: datetime
    signs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers at the top; all of them can go to zero."""

    reports: int
    appeals: int
    asked: int
    unplaced: int
    again: int
    oldest_at: datetime | None
    hidden: int


@dataclass(frozen=True, slots=True)
class Item:
    """One contribution with everything a decision needs."""

    thing: Contribution
    kind: str
    key: str
    comment: Comment
    thread: Sequence[Reply]
    reports: Sequence[Report]
    acts: Sequence[ModerationAct]
    appeal: Appeal | None
    verbs: Sequence[str]
    verdict: Verdict
    appeal_verdict: Verdict | None
    pair: corrections.Pair | None  # the old and the new words, where its author changed them
    in_force: Sequence[ModerationAct]  # that can be taken back one by one

    @property
    def newest_act_id(self) -> int:
        return self.acts[0].id if self.acts else 0

    @property
    def number(self) -> str:
        """'ORG1-003', 'reply to ORG1-003'."""
        return self.comment.number if self.kind == "comments" else f"reply to {self.comment.number}"


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole page: counts, one list, one item."""

    counts: Counts
    shown: str
    waiting: Sequence[Waiting]
    item: Item | None


def desk(
    *, viewer: Actor, consultation: Consultation, shown: str = "", kind: str = "", key: str = "", first: bool = False
) -> Desk:
    """The desk with the list called `shown` (without it: the first that is not empty) and one item (`first`: the top one).

    Refused for who does not moderate here.
    """
    verdict = rules.may_see_queue(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    counts = _counts(consultation)
    if shown not in LISTS:
        shown = next((name for name in LISTS if getattr(counts, name)), "reports")
    waiting = {"reports": _reported, "appeals": _appealed, "asked": _asked, "unplaced": _unplaced, "again": _again}[
        shown
    ](consultation)
    if first and waiting:
        kind, key = waiting[0].kind, waiting[0].key
    item = _item(viewer, find(viewer=viewer, slug=consultation.slug, kind=kind, key=key), kind, key) if kind else None
    return Desk(counts=counts, shown=shown, waiting=waiting, item=item)


def _open_reports(consultation: Consultation) -> ColumnElement[bool]:
    return (Report.consultation_id == consultation.id) & Report.closed_at.is_(None)


def _open_appeals(consultation: Consultation) -> Select[Any]:
    return (
        select(Appeal)
        .join(Appeal.act)
        .where(ModerationAct.consultation_id == consultation.id, Appeal.outcome == "")
        .order_by(Appeal.id)
    )


def _requests(consultation: Consultation) -> Select[Any]:
    """Authors who were asked to change something that is on show; first those who did."""
    return (
        select(ModerationAct)
        .outerjoin(Comment, Comment.id == ModerationAct.comment_id)
        .outerjoin(Reply, Reply.id == ModerationAct.reply_id)
        .where(
            ModerationAct.consultation_id == consultation.id, ModerationAct.is_waiting,
            func.coalesce(Reply.state, Comment.state) == "posted",
        )
        .order_by(ModerationAct.corrected_at.is_(None), ModerationAct.corrected_at, ModerationAct.until, ModerationAct.id)
    )  # fmt: skip


def _is_unplaced(consultation: Consultation) -> ColumnElement[bool]:
    placed = exists().where(CommentPosition.comment_id == Comment.id, CommentPosition.is_cost.is_(False))
    return (Comment.consultation_id == consultation.id) & (Comment.state == "posted") & ~placed


def _counts(consultation: Consultation) -> Counts:
    reports, oldest = db.session.execute(
        select(func.count(func.distinct(func.coalesce(-Report.reply_id, Report.comment_id))), func.min(Report.reported_at))
        .where(_open_reports(consultation))
    ).one()  # fmt: skip
    appeals = db.session.scalar(select(func.count()).select_from(_open_appeals(consultation).subquery())) or 0
    unplaced = db.session.scalar(select(func.count(Comment.id)).where(_is_unplaced(consultation))) or 0
    hidden = db.session.scalar(
        select(
            select(func.count(Comment.id))
            .where(Comment.consultation_id == consultation.id, Comment.state == "hidden")
            .scalar_subquery()
            + select(func.count(Reply.id))
            .join(Reply.comment)
            .where(Comment.consultation_id == consultation.id, Reply.state == "hidden")
            .scalar_subquery()
        )
    )
    asked, again = db.session.execute(
        select(
            *(
                select(func.count()).select_from(found(consultation).subquery()).scalar_subquery()
                for found in (_requests, corrections.open_ones)
            )
        )
    ).one()
    return Counts(
        reports=reports, appeals=appeals, asked=asked, again=again, unplaced=unplaced, oldest_at=oldest, hidden=hidden or 0
    )  # fmt: skip


def _reported(consultation: Consultation) -> Sequence[Waiting]:
    """One line for each reported contribution, the longest waiting first."""
    rows = db.session.execute(
        select(Report.comment_id, Report.reply_id, func.count(Report.id), func.min(Report.reported_at).label("since"))
        .where(_open_reports(consultation))
        .group_by(Report.comment_id, Report.reply_id)
        .order_by(func.min(Report.reported_at), func.min(Report.id))
        .limit(LONGEST_LIST)
    ).all()
    comments = _by_id(Comment, [row.comment_id for row in rows if row.comment_id])
    replies = _by_id(Reply, [row.reply_id for row in rows if row.reply_id])
    lines = []
    for comment_id, reply_id, count, since in rows:
        thing = replies[reply_id] if reply_id is not None else comments[comment_id or 0]
        lines.append(_line(thing, since, [f"{count} report{'' if count == 1 else 's'}"]))
    return lines


def _appealed(consultation: Consultation) -> Sequence[Waiting]:
    appeals = db.session.scalars(
        _open_appeals(consultation).options(joinedload(Appeal.act).options(*act_parts())).limit(LONGEST_LIST)
    )
    return [_line(rules.thing_of(a.act), a.made_at, [f"Appeal: {RULES[a.act.rule]}"]) for a in appeals]


def _asked(consultation: Consultation) -> Sequence[Waiting]:
    acts = db.session.scalars(_requests(consultation).options(*act_parts()).limit(LONGEST_LIST))
    return [_line(rules.thing_of(act), act.corrected_at or act.at, [_how_it_goes(act)]) for act in acts]


def _how_it_goes(act: ModerationAct) -> str:
    if act.corrected_at is not None:
        return f"Corrected: {RULES[act.rule]}"
    return f"{'The time is over' if act.until and act.until < clock.now() else 'Asked'}: {RULES[act.rule]}"


def _again(consultation: Consultation) -> Sequence[Waiting]:
    found = corrections.open_ones(consultation).options(joinedload(Correction.act).options(*act_parts()))
    rows = db.session.scalars(found.limit(LONGEST_LIST))
    return [_line(rules.thing_of(row.act), row.made_at, [f"Better words: {RULES[row.act.rule]}"]) for row in rows]


def _unplaced(consultation: Consultation) -> Sequence[Waiting]:
    comments = db.session.scalars(
        select(Comment).where(_is_unplaced(consultation)).order_by(Comment.posted_at, Comment.id).limit(LONGEST_LIST)
    )
    return [_line(comment, comment.posted_at, ["No position yet"]) for comment in comments]


def _by_id(model: type[Comment] | type[Reply], ids: list[int]) -> dict[int, Any]:
    statement = select(model).where(model.id.in_(ids))
    if model is Reply:
        statement = statement.options(joinedload(Reply.comment))
    return {row.id: row for row in db.session.scalars(statement)}


def _line(thing: Contribution, since: datetime, signs: Sequence[str]) -> Waiting:
    is_comment = isinstance(thing, Comment)
    number = thing.number if isinstance(thing, Comment) else thing.comment.number
    return Waiting(
        kind="comments" if is_comment else "replies",
        key=number if is_comment else str(thing.id),
        who=thing.author_name,
        number=number if is_comment else f"Reply to {number}",
        begins=excerpt(plain(thing.html), 80),
        since=since,
        signs=signs,
    )


def _item(viewer: Actor, thing: Contribution, kind: str, key: str) -> Item:
    comment = thing if isinstance(thing, Comment) else thing.comment
    acts = db.session.scalars(
        select(ModerationAct)
        .options(joinedload(ModerationAct.moderator))
        .where(_about(ModerationAct, thing))
        .order_by(ModerationAct.id.desc())
    ).all()
    appeal = db.session.scalars(
        select(Appeal)
        .join(Appeal.act)
        .options(joinedload(Appeal.act).options(*act_parts()))
        .where(_about(ModerationAct, thing))
        .order_by(Appeal.outcome != "", Appeal.id.desc())  # one that waits before one that is answered
        .limit(1)
    ).first()
    reports = db.session.scalars(
        select(Report)
        .options(joinedload(Report.reporter))
        .where(_about(Report, thing), Report.closed_at.is_(None))
        .order_by(Report.id)
        .limit(LONGEST_LIST)
    ).all()
    waits = appeal is not None and appeal.outcome == ""
    return Item(
        thing=thing, kind=kind, key=key, comment=comment, thread=_thread(comment), reports=reports, acts=acts,
        appeal=appeal, verbs=_verbs(thing, comment, bool(reports) or any(act.is_waiting for act in acts)), verdict=rules.may_decide(viewer, thing),
        appeal_verdict=rules.may_decide_appeal(viewer, appeal) if appeal is not None and waits else None,
        pair=corrections.pair(viewer=viewer, thing=thing, acts=acts), in_force=corrections.in_force(acts),
    )  # fmt: skip


def _about(model: type[ModerationAct] | type[Report], thing: Contribution) -> ColumnElement[bool]:
    column = model.comment_id if isinstance(thing, Comment) else model.reply_id
    return column == thing.id


def _thread(comment: Comment) -> Sequence[Reply]:
    return db.session.scalars(
        select(Reply).where(Reply.comment_id == comment.id).order_by(Reply.path).limit(LONGEST_THREAD)
    ).all()


def _verbs(thing: Contribution, comment: Comment, waits: bool) -> Sequence[str]:
    """What can be decided now, the mildest first."""
    has_author = ("suspend",) if thing.author_id is not None else ()
    if thing.state == "hidden":
        return ("restore", *has_author)
    kept = ("keep",) if waits else ()
    if thing.state != "posted":
        return kept
    asked = ("ask",) if thing.author_id is not None and takes_words(comment) else ()
    return (*kept, *asked, "redact", *(() if has_author else ("withhold",)), "hide", *has_author)
