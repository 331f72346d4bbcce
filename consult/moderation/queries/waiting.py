"""Everything that waits for a moderator: counted by kind, listed oldest first, with who looks at what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

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

from ..models import RULES, Appeal, Campaign, Correction, ModerationAct, Report
from .claims import taken

NO_NUMBER, NO_WORDS = cast(null(), BigInteger), cast(null(), Text)
IDS = bindparam("ids", type_=BigInteger, expanding=True)
HOW_IT_GOES = ("Asked", "The time is over", "Corrected")
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
    scalars = {name: _size(statement(consultation)) for name, statement in _LISTS.items()}
    hidden = _in_state(consultation, "hidden")
    oldest = select(func.min(Report.reported_at)).where(_open_reports(consultation)).scalar_subquery()
    row = db.session.execute(select(*scalars.values(), hidden, oldest)).one()
    numbers = dict(zip(scalars, row, strict=False)) | {"objections": objections}
    return Counts({"all": sum(numbers.values()), **numbers}, row[-1], row[-2])


def lines(
    *, viewer: Actor, consultation: Consultation, shown: str, objections: Sequence[Waiting] = ()
) -> Sequence[Waiting]:  # fmt: skip
    """The lines of one list, or of all together, the longest waiting first; what somebody else has is marked.

    Four statements, whatever waits. `objections`: the lines of these, which are of a room above.
    """
    names = [name for name in _LISTS if shown in ("all", name)]
    found = _found(consultation, names)
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


def _waits(
    since: Any, *, comment: Any = NO_NUMBER, reply: Any = NO_NUMBER, of: Any = NO_NUMBER, many: Any = NO_NUMBER,
    words: Any = NO_WORDS,
) -> Select[Any]:  # fmt: skip
    """The columns of every list, so that all lists come in one statement. What `of`, `many` and `words` are differs."""
    return select(
        comment.label("comment_id"), reply.label("reply_id"), since.label("since"), of.label("of"), many.label("many"),
        words.label("words"),
    )  # fmt: skip


def _held(consultation: Consultation, *, is_suspected: bool) -> Select[Any]:
    """What waits for a look; `words`: why."""

    def here(thing: type[Comment | Reply]) -> ColumnElement[bool]:
        why = thing.held_for.in_(SUSPECTED) if is_suspected else thing.held_for.not_in(SUSPECTED)
        if thing is Comment:
            return and_(UNSHOWN, Comment.state == "held", why, Comment.consultation_id == consultation.id)
        # "+ 0": SQLite must begin with the few replies and not with all comments.
        return and_(UNSHOWN_REPLY, Reply.state == "held", why, Comment.consultation_id + 0 == consultation.id)

    comments = _waits(Comment.posted_at, comment=Comment.id, words=Comment.held_for).where(here(Comment))
    replies = _waits(Reply.posted_at, reply=Reply.id, words=Reply.held_for).join(Reply.comment).where(here(Reply))
    both = comments.union_all(replies).subquery()
    return select(both).order_by(both.c.since)


def _to_look_at(consultation: Consultation) -> Select[Any]:
    return _held(consultation, is_suspected=False)


def _suspected(consultation: Consultation) -> Select[Any]:
    return _held(consultation, is_suspected=True)


def _reported(consultation: Consultation) -> Select[Any]:
    """One row for each reported contribution; `many`: reports."""
    since = func.min(Report.reported_at)
    found = _waits(since, comment=Report.comment_id, reply=Report.reply_id, many=func.count(Report.id))
    found = found.where(_open_reports(consultation)).group_by(Report.comment_id, Report.reply_id)
    return found.order_by(since, func.min(Report.id))


def _unplaced(consultation: Consultation) -> Select[Any]:
    is_unplaced = and_(Comment.consultation_id == consultation.id, UNPLACED, Comment.state == "posted")
    return _waits(Comment.posted_at, comment=Comment.id).where(is_unplaced).order_by(Comment.posted_at, Comment.id)


def _proposed_campaigns(consultation: Consultation) -> Select[Any]:
    """`of`, `many`, `words`: its id, number and name."""
    return (
        _waits(Campaign.found_at, of=Campaign.id, many=Campaign.number, words=Campaign.name)
        .where(Campaign.consultation_id == consultation.id, Campaign.state == "proposed")
        .order_by(Campaign.found_at, Campaign.id)
    )


def _anchors_to_check(consultation: Consultation) -> Select[Any]:
    """Places of comments that were not found for sure in the version nothing has followed yet; `of`: their ids."""
    mine = select(DraftVersion.id).join(DraftVersion.draft).where(Draft.consultation_id == consultation.id)
    later = aliased(DraftVersion)
    newer = select(later.id).where(later.supersedes_id == DraftVersion.id, later.frozen_at.is_not(None))
    return (
        _waits(Comment.posted_at, comment=Comment.id, of=CarriedAnchor.id)
        .select_from(CarriedAnchor)
        .join(CarriedAnchor.comment)
        .join(CarriedAnchor.version)
        .where(CarriedAnchor.version_id.in_(mine), Comment.state == "posted", TO_CHECK, ~newer.exists())
        .order_by(Comment.posted_at, CarriedAnchor.id)
    )


def _open_reports(consultation: Consultation) -> ColumnElement[bool]:
    return (Report.consultation_id == consultation.id) & Report.closed_at.is_(None)


def _open_appeals(consultation: Consultation) -> Select[Any]:
    """`words`: the rule."""
    return (
        _of_act(Appeal.made_at)
        .select_from(Appeal)
        .join(Appeal.act)
        .where(ModerationAct.consultation_id == consultation.id, Appeal.outcome == "")
        .order_by(Appeal.id)
    )


def _requests(consultation: Consultation) -> Select[Any]:
    """Authors who were asked to change something that is on show; first those who did. `many`: place in HOW_IT_GOES."""
    how = case((ModerationAct.corrected_at.is_not(None), 2), (ModerationAct.until < clock.now(), 1), else_=0)
    return (
        _of_act(func.coalesce(ModerationAct.corrected_at, ModerationAct.at), how)
        .outerjoin(Comment, Comment.id == ModerationAct.comment_id)
        .outerjoin(Reply, Reply.id == ModerationAct.reply_id)
        .where(
            ModerationAct.consultation_id == consultation.id, ModerationAct.is_waiting,
            func.coalesce(Reply.state, Comment.state) == "posted",
        )
        .order_by(ModerationAct.corrected_at.is_(None), ModerationAct.corrected_at, ModerationAct.until, ModerationAct.id)
    )  # fmt: skip


def _again(consultation: Consultation) -> Select[Any]:
    """Better words that authors handed in; `words`: the rule."""
    return (
        _of_act(Correction.made_at)
        .select_from(Correction)
        .join(Correction.act)
        .where(ModerationAct.consultation_id == consultation.id, Correction.outcome == "")
        .order_by(Correction.id)
    )


def _of_act(since: Any, many: Any = NO_NUMBER) -> Select[Any]:
    act = ModerationAct
    return _waits(since, comment=act.comment_id, reply=act.reply_id, many=many, words=act.rule)


def _found(consultation: Consultation, names: Sequence[str]) -> list[Waiting]:
    """The lines of these lists, one list after the other; three statements."""
    if not names:
        return []
    parts = []
    for at, name in enumerate(names):
        longest = _LISTS[name](consultation).limit(LONGEST_LIST).subquery()
        parts.append(select(literal(at).label("at"), func.row_number().over().label("place"), *longest.c))
    rows = db.session.execute(union_all(*parts).order_by("at", "place")).all()
    comments = _by_id(_COMMENTS, [row.comment_id for row in rows if row.comment_id])
    replies = _by_id(_REPLIES, [row.reply_id for row in rows if row.reply_id])
    return [_line(names[row.at], row, comments, replies) for row in rows]


_COMMENTS = select(Comment.id, Comment.number, Comment.author_name, Comment.html).where(Comment.id.in_(IDS))
_REPLIES = select(Reply.id, Comment.number, Reply.author_name, Reply.html).join(Reply.comment).where(Reply.id.in_(IDS))


def _by_id(statement: Any, ids: list[int]) -> Mapping[int, Any]:
    return {row.id: row for row in db.session.execute(statement, {"ids": ids})} if ids else {}


def _line(name: str, row: Any, comments: Mapping[int, Any], replies: Mapping[int, Any]) -> Waiting:
    """`row`: of the list called `name`."""
    if name == "campaigns":
        return Waiting(
            ("campaign", row.of), "campaigns", str(row.many), row.words or "A text that several share", f"Shared text {row.many}", "",
            row.since, ["Suspected campaign"],
        )  # fmt: skip
    is_comment = row.comment_id is not None
    thing = comments[row.comment_id] if is_comment else replies[row.reply_id]
    kind, key = ("comments", thing.number) if is_comment else ("replies", str(thing.id))
    if name == "anchors":
        kind, key = "anchors", str(row.of)
    return Waiting(
        thing=("comment" if is_comment else "reply", thing.id), kind=kind, key=key, who=thing.author_name,
        number=thing.number if is_comment else f"Reply to {thing.number}", begins=excerpt(plain(thing.html), 80),
        since=row.since, signs=[_SIGNS[name](row)],
    )  # fmt: skip


_LISTS: Mapping[str, Callable[[Consultation], Select[Any]]] = {
    "held": _to_look_at, "spam": _suspected, "reports": _reported, "appeals": _open_appeals, "asked": _requests,
    "again": _again, "unplaced": _unplaced, "campaigns": _proposed_campaigns, "anchors": _anchors_to_check,
}  # fmt: skip
_SIGNS: Mapping[str, Callable[[Any], str]] = {
    "held": lambda row: HOLDS[row.words],
    "spam": lambda row: HOLDS[row.words],
    "reports": lambda row: f"{row.many} report{'' if row.many == 1 else 's'}",
    "appeals": lambda row: f"Appeal: {RULES[row.words]}",
    "asked": lambda row: f"{HOW_IT_GOES[row.many]}: {RULES[row.words]}",
    "again": lambda row: f"Better words: {RULES[row.words]}",
    "unplaced": lambda _row: "No position yet",
    "anchors": lambda _row: "Where is it in the new draft?",
}
