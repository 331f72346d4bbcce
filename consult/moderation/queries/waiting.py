"""Everything that waits for a moderator: counted by kind, listed oldest first, with who looks at what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased, joinedload

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.records import Record, replace
from consult.core.rules import Actor
from consult.core.text import excerpt, plain
from consult.debate.models import (
    HOLDS,
    SUSPECTED,
    UNPLACED,
    UNSHOWN,
    UNSHOWN_REPLY,
    CarriedAnchor,
    Comment,
    Reply,
)
from consult.debate.queries.carried import TO_CHECK
from consult.documents.models import Draft, DraftVersion

from .. import rules
from ..models import RULES, Appeal, Campaign, Correction, ModerationAct, Report
from ..rules import Contribution
from .claims import taken
from .corrections import open_ones
from .things import act_parts

LONGEST_LIST = 50  # what waits longest; the rest comes up as these are done
LISTS = {
    "all": "Everything", "held": "To look at first", "spam": "Suspected spam", "reports": "Reports", "appeals": "Appeals",
    "asked": "Asked to change", "again": "Handed in again", "unplaced": "Not placed", "campaigns": "Shared texts", "objections": "Objections", "anchors": "To find in the new draft",
}  # fmt: skip


class Waiting(Record):
    """One line of the list. `kind`: comments, replies, campaigns, objections or anchors; `thing`: table and id of what can be claimed."""

    thing: tuple[str, int]
    kind: str
    key: str
    who: str
    number: str
    begins: str
    since: datetime
    signs: Sequence[str]
    is_taken: bool = False  # somebody else looks at it
    round: int | None = None  # of an objection


class Elsewhere(Record):
    """What waits in a room above this one: how much, and the lines of what waits longest."""

    count: int = 0
    lines: Sequence[Waiting] = ()


class Counts(Record):
    """The numbers at the top, by list; all of them can go to zero."""

    of: Mapping[str, int]
    oldest_at: datetime | None  # of the reports
    hidden: int


def counts(*, viewer: Actor, consultation: Consultation, objections: int = 0) -> Counts:
    """How much waits, of each kind; one statement. `objections`: how many of these."""
    scalars = {name: _size(statement(consultation)) for name, statement in _ONE_BY_ONE.items()}
    hidden = _in_state(consultation, "hidden")
    oldest = select(func.min(Report.reported_at)).where(_open_reports(consultation)).scalar_subquery()
    row = db.session.execute(select(*scalars.values(), hidden, oldest)).one()
    numbers = dict(zip(scalars, row, strict=False)) | {"objections": objections}
    return Counts({"all": sum(numbers.values()), **numbers}, row[-1], row[-2])


def lines(
    *, viewer: Actor, consultation: Consultation, shown: str, objections: Sequence[Waiting] = ()
) -> Sequence[Waiting]:  # fmt: skip
    """The lines of one list, or of all together, the longest waiting first; what somebody else has is marked.

    `objections`: the lines of these, which are of a room above.
    """
    names = [name for name in _LINES if shown in ("all", name)]
    found = [line for name in names for line in _LINES[name](consultation)]
    found += objections if shown in ("all", "objections") else ()
    if shown == "all":
        found.sort(key=lambda line: line.since)
    others = taken(viewer=viewer, consultation=consultation)
    return [
        replace(line, is_taken=True, signs=[f"{others[line.thing]} looks at it", *line.signs])
        if line.thing in others
        else line
        for line in found[:LONGEST_LIST]
    ]


def _size(statement: Select[Any]) -> Any:
    return select(func.count()).select_from(statement.order_by(None).subquery()).scalar_subquery()


def _in_state(consultation: Consultation, state: str) -> Any:
    here = (Comment.consultation_id == consultation.id, UNSHOWN, Comment.state == state)
    comments = select(func.count(Comment.id)).where(*here)
    replies = select(func.count(Reply.id)).join(Reply.comment)
    replies = replies.where(Comment.consultation_id + 0 == consultation.id, UNSHOWN_REPLY, Reply.state == state)
    return comments.scalar_subquery() + replies.scalar_subquery()


def _held(consultation: Consultation, *, is_suspected: bool) -> Select[Any]:
    """Ids of what waits for a look: (comment, reply, since)."""

    def here(thing: type[Comment | Reply]) -> ColumnElement[bool]:
        why = thing.held_for.in_(SUSPECTED) if is_suspected else thing.held_for.not_in(SUSPECTED)
        if thing is Comment:
            return and_(UNSHOWN, Comment.state == "held", why, Comment.consultation_id == consultation.id)
        # "+ 0": SQLite must begin with the few replies and not with all comments.
        return and_(UNSHOWN_REPLY, Reply.state == "held", why, Comment.consultation_id + 0 == consultation.id)

    comments = select(Comment.id, (Comment.id * 0).label("reply"), Comment.posted_at.label("since")).where(
        here(Comment)
    )
    replies = select(Comment.id * 0, Reply.id, Reply.posted_at).join(Reply.comment).where(here(Reply))
    both = comments.union_all(replies).subquery()
    return select(both).order_by(both.c.since)


def _to_look_at(consultation: Consultation) -> Select[Any]:
    return _held(consultation, is_suspected=False)


def _suspected(consultation: Consultation) -> Select[Any]:
    return _held(consultation, is_suspected=True)


def _reported_things(consultation: Consultation) -> Select[Any]:
    found: Select[*tuple[Any, ...]] = (
        select(Report.comment_id, Report.reply_id, func.count(Report.id), func.min(Report.reported_at).label("since"))
        .where(_open_reports(consultation))
        .group_by(Report.comment_id, Report.reply_id)
        .order_by(func.min(Report.reported_at), func.min(Report.id))
    )
    return found


def _unplaced_comments(consultation: Consultation) -> Select[Any]:
    return select(Comment).where(_is_unplaced(consultation)).order_by(Comment.posted_at, Comment.id)


def _proposed_campaigns(consultation: Consultation) -> Select[Any]:
    return (
        select(Campaign)
        .where(Campaign.consultation_id == consultation.id, Campaign.state == "proposed")
        .order_by(Campaign.found_at, Campaign.id)
    )


def _anchors_to_check(consultation: Consultation) -> Select[Any]:
    """Places of comments that were not found for sure in the version nothing has followed yet."""
    mine = select(DraftVersion.id).join(DraftVersion.draft).where(Draft.consultation_id == consultation.id)
    later = aliased(DraftVersion)
    newer = select(later.id).where(later.supersedes_id == DraftVersion.id, later.frozen_at.is_not(None))
    return (
        select(CarriedAnchor)
        .join(CarriedAnchor.comment)
        .join(CarriedAnchor.version)
        .where(CarriedAnchor.version_id.in_(mine), Comment.state == "posted", TO_CHECK, ~newer.exists())
        .order_by(Comment.posted_at, CarriedAnchor.id)
    )


def _lines_of_held(statement: Select[Any]) -> list[Waiting]:
    rows = db.session.execute(statement.limit(LONGEST_LIST)).all()
    comments = _by_id(Comment, [row[0] for row in rows if row[0]])
    replies = _by_id(Reply, [row[1] for row in rows if row[1]])
    things = [comments[row[0]] if row[0] else replies[row[1]] for row in rows]
    return [_line(thing, thing.posted_at, [HOLDS[thing.held_for]]) for thing in things]


def _lines_of_campaigns(consultation: Consultation) -> list[Waiting]:
    rows = db.session.scalars(_proposed_campaigns(consultation).limit(LONGEST_LIST))
    return [
        Waiting(
            ("campaign", row.id), "campaigns", str(row.number), row.name or "A text that several share", f"Shared text {row.number}", "",
            row.found_at, ["Suspected campaign"],
        )
        for row in rows
    ]  # fmt: skip


def _lines_of_anchors(consultation: Consultation) -> list[Waiting]:
    rows = db.session.scalars(
        _anchors_to_check(consultation).options(joinedload(CarriedAnchor.comment)).limit(LONGEST_LIST)
    )
    return [
        replace(
            _line(row.comment, row.comment.posted_at, ["Where is it in the new draft?"]),
            kind="anchors",
            key=str(row.id),
        )
        for row in rows
    ]


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
    return and_(Comment.consultation_id == consultation.id, UNPLACED, Comment.state == "posted")


def _reported(consultation: Consultation) -> Sequence[Waiting]:
    """One line for each reported contribution, the longest waiting first."""
    rows = db.session.execute(_reported_things(consultation).limit(LONGEST_LIST)).all()
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
    found = open_ones(consultation).options(joinedload(Correction.act).options(*act_parts()))
    rows = db.session.scalars(found.limit(LONGEST_LIST))
    return [_line(rules.thing_of(row.act), row.made_at, [f"Better words: {RULES[row.act.rule]}"]) for row in rows]


def _unplaced(consultation: Consultation) -> Sequence[Waiting]:
    comments = db.session.scalars(_unplaced_comments(consultation).limit(LONGEST_LIST))
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
        thing=(thing.__tablename__, thing.id),
        kind="comments" if is_comment else "replies",
        key=number if is_comment else str(thing.id),
        who=thing.author_name,
        number=number if is_comment else f"Reply to {number}",
        begins=excerpt(plain(thing.html), 80),
        since=since,
        signs=signs,
    )


_ONE_BY_ONE: Mapping[str, Callable[[Consultation], Select[Any]]] = {
    "held": _to_look_at, "spam": _suspected, "reports": _reported_things, "appeals": _open_appeals, "asked": _requests,
    "again": open_ones, "unplaced": _unplaced_comments, "campaigns": _proposed_campaigns, "anchors": _anchors_to_check,
}  # fmt: skip
_LINES: Mapping[str, Callable[[Consultation], Sequence[Waiting]]] = {
    "held": lambda consultation: _lines_of_held(_to_look_at(consultation)),
    "spam": lambda consultation: _lines_of_held(_suspected(consultation)),
    "reports": _reported,
    "appeals": _appealed,
    "asked": _asked,
    "again": _again,
    "unplaced": _unplaced,
    "campaigns": _lines_of_campaigns,
    "anchors": _lines_of_anchors,
}
