"""Everything that waits for a moderator: counted by kind, listed oldest first, with who looks at what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
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
from consult.core.db import read_rows
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
from .claims import Claims

NO_NUMBER, NO_WORDS = cast(null(), BigInteger), cast(null(), Text)
NO_MOMENT = cast(null(), Report.reported_at.type)
HERE, NOW = bindparam("here", type_=BigInteger), bindparam("now", type_=Report.reported_at.type)
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


NOTHING = Elsewhere()


class Counts(Record):
    """The numbers at the top, by list; all of them can go to zero."""

    of: Mapping[str, int]
    oldest_at: datetime | None  # of the reports
    hidden: int


class Queue(Record):
    """The lines of one list, or of all together, and how much waits in each."""

    lines: Sequence[Waiting]
    counts: Counts


def queue(
    *, viewer: Actor, consultation: Consultation, shown: str, claims: Claims, objections: Elsewhere = NOTHING
) -> Queue:
    """What waits: the longest waiting first, what somebody else has is marked, with the numbers of all lists; one statement.

    `claims`: those in force here. `objections`: these are of a room above.
    """
    rows = _read(consultation, _with_sizes(shown))
    sizes = {_NAMES[row.at]: row for row in rows if row.place == 0}
    found = [_line(row) for row in rows if row.place > 0]
    found += objections.lines if shown in ("all", "objections") else ()
    numbers = {name: sizes[name].many for name in _LISTS} | {"objections": objections.count}
    counts = Counts({"all": sum(numbers.values()), **numbers}, sizes["reports"].since, sizes["hidden"].many)
    return Queue(_marked(viewer, found, shown, claims), counts)


def lines(*, viewer: Actor, consultation: Consultation, shown: str, claims: Claims) -> Sequence[Waiting]:
    """The same lines without the numbers; one statement."""
    rows = _read(consultation, _lines_only(shown)) if shown in ("all", *_LISTS) else ()
    return _marked(viewer, [_line(row) for row in rows], shown, claims)


def _read(consultation: Consultation, statement: Select[Any]) -> Sequence[Any]:
    return read_rows(statement, {"here": consultation.id, "now": clock.now()}).all()


# Each is built once: building one costs more than asking it.


@cache
def _with_sizes(shown: str) -> Select[Any]:
    return _together([*_sizes(), *_longest(shown)])


@cache
def _lines_only(shown: str) -> Select[Any]:
    return _together(_longest(shown))


def _marked(viewer: Actor, found: list[Waiting], shown: str, claims: Claims) -> Sequence[Waiting]:
    if shown == "all":
        found.sort(key=lambda line: line.since)
    others = {thing: claim.person.name for thing, claim in claims.items() if claim.person_id != viewer.person_id}
    return [
        replace(line, is_taken=True, signs=[f"{others[line.thing]} looks at it", *line.signs])
        if line.thing in others
        else line
        for line in found[:LONGEST_LIST]
    ]


def _size(statement: Select[Any]) -> Any:
    return select(func.count()).select_from(statement.order_by(None).subquery()).scalar_subquery()


def _in_state(state: str) -> Any:
    here = (Comment.consultation_id == HERE, UNSHOWN, Comment.state == state)
    comments = select(func.count(Comment.id)).where(*here)
    replies = select(func.count(Reply.id)).join(Reply.comment)
    replies = replies.where(Comment.consultation_id + 0 == HERE, UNSHOWN_REPLY, Reply.state == state)
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


def _held(*, is_suspected: bool) -> Select[Any]:
    """What waits for a look; `words`: why."""

    def here(thing: type[Comment | Reply]) -> ColumnElement[bool]:
        why = thing.held_for.in_(SUSPECTED) if is_suspected else thing.held_for.not_in(SUSPECTED)
        if thing is Comment:
            return and_(UNSHOWN, Comment.state == "held", why, Comment.consultation_id == HERE)
        # "+ 0": SQLite must begin with the few replies and not with all comments.
        return and_(UNSHOWN_REPLY, Reply.state == "held", why, Comment.consultation_id + 0 == HERE)

    # SQLite must find the few, and not take all comments in the order of a column.
    since = func.coalesce(Comment.posted_at, Comment.posted_at)
    comments = _waits(since, comment=Comment.id, words=Comment.held_for).where(here(Comment))
    replies = _waits(Reply.posted_at, reply=Reply.id, words=Reply.held_for).join(Reply.comment).where(here(Reply))
    both = comments.union_all(replies).subquery()
    return select(both).order_by(both.c.since)


def _to_look_at() -> Select[Any]:
    return _held(is_suspected=False)


def _suspected() -> Select[Any]:
    return _held(is_suspected=True)


def _reported() -> Select[Any]:
    """One row for each reported contribution; `many`: reports."""
    since = func.min(Report.reported_at)
    found = _waits(since, comment=Report.comment_id, reply=Report.reply_id, many=func.count(Report.id))
    found = found.where(_open_reports()).group_by(Report.comment_id, Report.reply_id)
    return found.order_by(since, func.min(Report.id))


def _unplaced() -> Select[Any]:
    is_unplaced = and_(Comment.consultation_id == HERE, UNPLACED, Comment.state == "posted")
    return _waits(Comment.posted_at, comment=Comment.id).where(is_unplaced).order_by(Comment.posted_at, Comment.id)


def _proposed_campaigns() -> Select[Any]:
    """`of`, `many`, `words`: its id, number and name."""
    return (
        _waits(Campaign.found_at, of=Campaign.id, many=Campaign.number, words=Campaign.name)
        .where(Campaign.consultation_id == HERE, Campaign.state == "proposed")
        .order_by(Campaign.found_at, Campaign.id)
    )


def _anchors_to_check() -> Select[Any]:
    """Places of comments that were not found for sure in the version nothing has followed yet; `of`: their ids."""
    mine = select(DraftVersion.id).join(DraftVersion.draft).where(Draft.consultation_id == HERE)
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


def _open_reports() -> ColumnElement[bool]:
    return (Report.consultation_id == HERE) & Report.closed_at.is_(None)


def _open_appeals() -> Select[Any]:
    """`words`: the rule."""
    return (
        _of_act(Appeal.made_at)
        .select_from(Appeal)
        .join(Appeal.act)
        .where(ModerationAct.consultation_id == HERE, Appeal.outcome == "")
        .order_by(Appeal.id)
    )


def _requests() -> Select[Any]:
    """Authors who were asked to change something that is on show; first those who did. `many`: place in HOW_IT_GOES."""
    how = case((ModerationAct.corrected_at.is_not(None), 2), (ModerationAct.until < NOW, 1), else_=0)
    return (
        _of_act(func.coalesce(ModerationAct.corrected_at, ModerationAct.at), how)
        .outerjoin(Comment, Comment.id == ModerationAct.comment_id)
        .outerjoin(Reply, Reply.id == ModerationAct.reply_id)
        .where(
            ModerationAct.consultation_id == HERE, ModerationAct.is_waiting,
            func.coalesce(Reply.state, Comment.state) == "posted",
        )
        .order_by(ModerationAct.corrected_at.is_(None), ModerationAct.corrected_at, ModerationAct.until, ModerationAct.id)
    )  # fmt: skip


def _again() -> Select[Any]:
    """Better words that authors handed in; `words`: the rule."""
    return (
        _of_act(Correction.made_at)
        .select_from(Correction)
        .join(Correction.act)
        .where(ModerationAct.consultation_id == HERE, Correction.outcome == "")
        .order_by(Correction.id)
    )


def _of_act(since: Any, many: Any = NO_NUMBER) -> Select[Any]:
    act = ModerationAct
    return _waits(since, comment=act.comment_id, reply=act.reply_id, many=many, words=act.rule)


def _sizes() -> list[Select[Any]]:
    """How much waits in each list, and how much is hidden, as place 0; `since` of reports: of the oldest."""
    oldest = select(func.min(Report.reported_at)).where(_open_reports()).scalar_subquery()
    sizes = {name: _size(statement()) for name, statement in _LISTS.items()}
    sizes["hidden"] = _in_state("hidden")
    return [
        _waits(oldest if name == "reports" else NO_MOMENT, many=many).add_columns(*_at(name, literal(0)))
        for name, many in sizes.items()
    ]


def _longest(shown: str) -> list[Select[Any]]:
    """The top of each list that is shown, with its places from 1."""
    tops = {
        name: statement().limit(LONGEST_LIST).subquery() for name, statement in _LISTS.items() if shown in ("all", name)
    }
    return [select(*top.c, *_at(name, func.row_number().over())) for name, top in tops.items()]


def _at(name: str, place: Any) -> tuple[ColumnElement[Any], ...]:
    return literal(_NAMES.index(name)).label("at"), place.label("place")


def _together(parts: Sequence[Select[Any]]) -> Select[Any]:
    """These parts in one statement, each row with what its contribution is called, who wrote it and what it says."""
    found = union_all(*parts).subquery()
    is_reply = found.c.reply_id.is_not(None)
    return (
        select(
            *found.c,
            Comment.number,
            case((is_reply, Reply.author_name), else_=Comment.author_name).label("who"),
            case((is_reply, Reply.html), else_=Comment.html).label("html"),
        )
        .outerjoin(Reply, Reply.id == found.c.reply_id)
        .outerjoin(Comment, Comment.id == func.coalesce(found.c.comment_id, Reply.comment_id))
        .order_by(found.c.at, found.c.place)
    )


def _line(row: Any) -> Waiting:
    name = _NAMES[row.at]
    if name == "campaigns":
        return Waiting(
            ("campaign", row.of), "campaigns", str(row.many), row.words or "A text that several share", f"Shared text {row.many}", "",
            row.since, ["Suspected campaign"],
        )  # fmt: skip
    is_comment = row.comment_id is not None
    kind, key = ("comments", row.number) if is_comment else ("replies", str(row.reply_id))
    if name == "anchors":
        kind, key = "anchors", str(row.of)
    return Waiting(
        thing=("comment", row.comment_id) if is_comment else ("reply", row.reply_id), kind=kind, key=key, who=row.who,
        number=row.number if is_comment else f"Reply to {row.number}", begins=excerpt(plain(row.html), 80),
        since=row.since, signs=[_SIGNS[name](row)],
    )  # fmt: skip


_LISTS: Mapping[str, Callable[[], Select[Any]]] = {
    "held": _to_look_at, "spam": _suspected, "reports": _reported, "appeals": _open_appeals, "asked": _requests,
    "again": _again, "unplaced": _unplaced, "campaigns": _proposed_campaigns, "anchors": _anchors_to_check,
}  # fmt: skip
_NAMES = (*_LISTS, "hidden")  # in this order in the statement; what is hidden is counted only
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
