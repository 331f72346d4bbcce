"""What became of comments in later versions: for who checks it, for readers, and on a comment's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Position
from consult.core import text
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import VISITOR, Actor, Verdict
from consult.debate import rules
from consult.debate.carrying import FOUND, Found
from consult.debate.models import DISPOSITIONS, Anchor, CarriedAnchor, Comment, CommentPosition
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion

from .carrying import Progress, as_before, is_on_its_way, progress, road_to
from .visibility import visible_to

PAGE = 20
AROUND = 160  # characters shown before and after the words
BESIDE = 50  # lines of earlier comments beside a clause
SHOWS = {
    "check": "To be checked",
    "review": "Perhaps found",
    "orphan": "Gone",
    "found": "Found again",
    "done": "Decided",
    "all": "All",
}
TO_CHECK = and_(CarriedAnchor.status.in_(("review", "orphan")), CarriedAnchor.checked_as == "")
WHICH: Mapping[str, ColumnElement[bool]] = {
    "check": TO_CHECK,
    "review": CarriedAnchor.status == "review",
    "orphan": CarriedAnchor.status == "orphan",
    "found": CarriedAnchor.status.in_(FOUND),
    "done": CarriedAnchor.checked_as != "",
    "all": true(),
}


def _words(link: object) -> _AbstractLoad:
    return joinedload(link).load_only(  # type: ignore[arg-type]
        Clause.key, Clause.label, Clause.title, Clause.text, Clause.version_id, Clause.lineage_id
    )


WITH_BOTH = (
    contains_eager(CarriedAnchor.comment).options(
        contains_eager(Comment.consultation),
        joinedload(Comment.organisation),
        joinedload(Comment.unsigned_for),
        selectinload(Comment.positions).joinedload(CommentPosition.position),
    ),
    joinedload(CarriedAnchor.anchor).options(
        _words(Anchor.clause), joinedload(Anchor.clause).joinedload(Clause.version).load_only(DraftVersion.number)
    ),
    _words(CarriedAnchor.clause),
    joinedload(CarriedAnchor.version).load_only(DraftVersion.number),
    joinedload(CarriedAnchor.checked_by),
)


class Side(Record):
    """A clause of one version, with the words a comment is about; no words: the whole clause."""

    version: int
    key: str
    name: str
    before: str
    quote: str
    after: str


class Line(Record):
    """One comment with its old words and what was found of them. `new` is None when they are gone."""

    id: int
    slug: str
    number: str
    who: str
    positions: Sequence[Position]
    excerpt: str
    is_hidden: bool
    old: Side
    new: Side | None
    version: int
    status: str
    why: str
    checked_as: str
    checked_by: str
    checked_at: datetime | None
    may_check: Verdict
    may_give_up: Verdict


class CarriedPage(Record):
    """What became of the comments in one version; no version: there is one draft so far."""

    version: DraftVersion | None
    versions: Sequence[DraftVersion]
    show: str
    counts: Mapping[str, int]  # for each of SHOWS
    lines: Listing[Line]
    progress: Progress | None  # only for the list of all
    is_on_its_way: bool = False


def carried_page(
    *, viewer: Actor, consultation: Consultation, number: int | None = None, show: str = "", after: str | None = None,
    kept: int = 0, is_mine: bool = False,
) -> CarriedPage:  # fmt: skip
    """The comments carried to version `number` (none: the newest public one); `kept`: this one stays in the list.

    `is_mine`: only those of the viewer.
    """
    public = documents.versions(viewer=viewer, consultation_id=consultation.id)
    public = [row for row in public if row.frozen_at is not None and row.supersedes_id is not None]
    version = next((row for row in public if number in (None, row.number)), None)
    if version is None and number is not None:
        raise Missing("No comments were carried to such a version.")
    show = show if show in SHOWS else "check"
    if version is None:
        return CarriedPage(None, (), show, dict.fromkeys(SHOWS, 0), Listing([], 0), None)
    mine = Comment.author_id == viewer.person_id if is_mine else true()
    there = and_(CarriedAnchor.version_id == version.id, visible_to(viewer), mine)
    counts = _counts(there)
    return CarriedPage(
        version, public, show, counts, _lines(viewer, there, show, counts[show], after, kept),
        None if is_mine else progress(viewer=viewer, version=version),
        is_on_its_way(viewer=viewer, consultation_id=consultation.id),
    )  # fmt: skip


def _counts(there: ColumnElement[bool]) -> dict[str, int]:
    columns = [func.count().filter(which) for which in WHICH.values()]
    statement = select(*columns).select_from(CarriedAnchor).join(CarriedAnchor.comment).join(Comment.consultation)
    return dict(zip(SHOWS, db.session.execute(statement.where(there)).one(), strict=True))


def _rows() -> Select[CarriedAnchor]:
    return select(CarriedAnchor).join(CarriedAnchor.comment).join(Comment.consultation).options(*WITH_BOTH)


def _lines(
    viewer: Actor, there: ColumnElement[bool], show: str, total: int, after: str | None, kept: int
) -> Listing[Line]:
    start = decode(after, 1)
    further = CarriedAnchor.id > start[0] if start and isinstance(start[0], int) else true()
    rows = db.session.scalars(
        _rows()
        .where(there, or_(WHICH[show], CarriedAnchor.id == kept), further)
        .order_by(CarriedAnchor.id)
        .limit(PAGE + 1)
    ).all()
    cursor = encode([rows[PAGE - 1].id]) if len(rows) > PAGE else None
    return Listing([_line(viewer, row) for row in rows[:PAGE]], total, next_cursor=cursor)


def _line(viewer: Actor, row: CarriedAnchor) -> Line:
    comment = row.comment
    assert row.anchor.clause is not None, "the whole draft needs no carrying"
    old = _side(row.anchor.clause, row.anchor.clause.version.number, row.anchor)
    return Line(
        id=row.id, slug=comment.consultation.slug, number=comment.number, who=_who(comment),
        positions=_argued(comment), excerpt=text.excerpt(text.plain(comment.html), 220),
        is_hidden=comment.state == "hidden", old=old,
        new=_side(row.clause, row.version.number, row) if row.clause else None, version=row.version.number,
        status=row.status, why=_why(row), checked_as=row.checked_as,
        checked_by=_said_by(viewer, row), checked_at=row.checked_at,
        may_check=rules.may_check_anchor(viewer, row), may_give_up=rules.may_give_up(viewer, row),
    )  # fmt: skip


def _side(clause: Clause, version: int, at: Anchor | CarriedAnchor) -> Side:
    if at.start is None or at.end is None:
        return Side(version, clause.key, clause.name, text.excerpt(clause.text, 3 * AROUND), "", "")
    before, after = clause.text[: at.start], clause.text[at.end :]
    if len(before) > AROUND:
        before = f"… {before[-AROUND:].partition(' ')[2]}"
    return Side(version, clause.key, clause.name, before, clause.text[at.start : at.end], text.excerpt(after, AROUND))


def _who(comment: Comment) -> str:
    return comment.organisation.name if comment.organisation else comment.author_name


def _argued(comment: Comment) -> Sequence[Position]:
    return [p.position for p in comment.positions if not p.is_cost]


def _said_by(viewer: Actor, row: CarriedAnchor) -> str:
    """Who judged it; moderators are named among the staff only."""
    if row.checked_by_id == row.comment.author_id:
        return "its author"
    is_staff = viewer.is_staff_of(row.comment.consultation_id)
    return row.checked_by.name if is_staff and row.checked_by else "a moderator"


def _why(row: CarriedAnchor) -> str:
    """What was found, and why that is not sure, in plain words."""
    quote = row.anchor.quote
    if row.status == "orphan":
        return "These words are gone, and nothing stands surely in their place."
    if row.status != "review":
        return _claim(row)
    if not row.quote:
        return "The words are not here any more." if quote else "It is not sure that this is the same clause."
    if row.quote == quote:
        return "The same words stand here, but they may be others: look at the clause around them."
    return "Something like the words stands here. It may be something else."


def _claim(row: CarriedAnchor) -> str:
    if row.status == "moved":
        return "The same words, moved to another clause."
    if row.status == "exact":
        return "The same words." if row.quote else "The clause has the same words."
    return "Nearly the same words." if row.quote else "The clause has changed."


def find_carried(*, viewer: Actor, slug: str, carried_id: int) -> CarriedAnchor:
    """One carried anchor with what its rules ask for; Missing when it is not there for this viewer."""
    row = db.session.scalars(
        select(CarriedAnchor)
        .join(CarriedAnchor.comment)
        .join(Comment.consultation)
        .options(
            contains_eager(CarriedAnchor.comment).options(
                contains_eager(Comment.consultation), joinedload(Comment.organisation), joinedload(Comment.unsigned_for)
            )
        )
        .where(CarriedAnchor.id == carried_id, Consultation.slug == slug, visible_to(viewer))
    ).first()
    if row is None:
        raise Missing("There is no such comment here, or it is not shown any more.")
    return row


def clause_called(*, viewer: Actor, carried: CarriedAnchor, name: str) -> Clause | None:
    """The clause of the version one was carried to by its number as printed, or its key; None when there is none."""
    version = db.session.get_one(DraftVersion, carried.version_id)
    return next(iter(documents.named(viewer=viewer, version=version, names=[name])), None)


def found_for(*, viewer: Actor, carried: CarriedAnchor) -> Found:
    """What comparing the texts says of a carried anchor, whatever people said since."""
    if carried.checked_as == "still_applies" and not carried.quote:  # it may have been put there by hand
        version = db.session.get_one(DraftVersion, carried.version_id)
        before = as_before(viewer=viewer, version=version, anchor_id=carried.anchor_id)
        return road_to(viewer=viewer, version=version).carry(before)
    return Found(
        carried.anchor_id, carried.comment_id, carried.clause_id, carried.quote, carried.start, carried.end,
        carried.status,
    )  # fmt: skip


class Earlier(Record):
    """A comment from an earlier draft, as a line beside the clause it is about now."""

    slug: str
    number: str
    who: str
    positions: Sequence[Position]
    excerpt: str
    quote: str
    answer: str  # "" until it may be read
    is_sure: bool
    is_elsewhere: bool  # the clause it was written on is another one than this
    was_on: str  # the clause it was written on
    was_on_key: str
    version: int  # of the draft it was written on


def earlier(*, viewer: Actor, version: DraftVersion, clause: Clause) -> Listing[Earlier]:
    """Comments from earlier drafts that are about this clause; two statements, and none for a first draft."""
    if version.supersedes_id is None:
        return Listing([], 0)
    is_meant = CarriedAnchor.checked_as.in_(("", "still_applies"))
    found = db.session.execute(
        _rows()
        .add_columns(func.count().over())
        .options(contains_eager(CarriedAnchor.comment).joinedload(Comment.round))
        .where(CarriedAnchor.clause_id == clause.id, is_meant, Comment.state == "posted", visible_to(viewer))
        .order_by(CarriedAnchor.anchor_id)
        .limit(BESIDE)
    ).all()
    return Listing([_earlier(viewer, row) for row, _ in found], found[0][1] if found else 0)


def _earlier(viewer: Actor, row: CarriedAnchor) -> Earlier:
    comment, was_on, here = row.comment, row.anchor.clause, row.clause
    assert was_on is not None, "the whole draft needs no carrying"
    assert here is not None, "what is gone stands beside no clause"
    is_told = rules.may_read_answers(viewer, comment.consultation, comment.round)
    answer = comment.disposition_for(was_on.id) if is_told else "unresolved"
    return Earlier(
        slug=comment.consultation.slug, number=comment.number, who=_who(comment), positions=_argued(comment),
        excerpt=text.excerpt(text.plain(comment.html), 160), quote=row.quote,
        answer="" if answer == "unresolved" else DISPOSITIONS[answer],
        is_sure=row.status in FOUND or row.checked_as == "still_applies",
        is_elsewhere=was_on.lineage_id != here.lineage_id, was_on=was_on.name, was_on_key=was_on.key, version=was_on.version.number,
    )  # fmt: skip


class Fate(Record):
    """What became of one place of a comment in a later version."""

    version: int
    was_on: str
    key: str  # of the clause it is about now; "" when the words are gone
    name: str
    status: str
    has_words: bool
    checked_as: str
    checked_by: str


def fates(*, viewer: Actor, comment: Comment) -> Sequence[Fate]:
    """What became of a comment, as find_comment gave it to this viewer, in later versions; no words of it."""
    rows = db.session.scalars(
        select(CarriedAnchor)
        .join(CarriedAnchor.version)
        .options(
            contains_eager(CarriedAnchor.version).load_only(DraftVersion.number),
            joinedload(CarriedAnchor.anchor).options(_words(Anchor.clause)),
            _words(CarriedAnchor.clause),
            joinedload(CarriedAnchor.comment),
        )
        .where(CarriedAnchor.comment_id == comment.id)
        .order_by(DraftVersion.number, CarriedAnchor.anchor_id)
    ).all()
    return [_fate(row) for row in rows]


def _fate(row: CarriedAnchor) -> Fate:
    return Fate(
        version=row.version.number, was_on=row.anchor.clause.name if row.anchor.clause else "",
        key=row.clause.key if row.clause else "", name=row.clause.name if row.clause else "", status=row.status,
        has_words=bool(row.quote), checked_as=row.checked_as, checked_by=_said_by(VISITOR, row),
    )  # fmt: skip


class ToCheck(Record):
    """How many comments of one person wait for her word in the newest version of a draft."""

    slug: str
    title: str
    version: int
    count: int


def to_check(*, viewer: Actor, person_id: int | None, consultation_id: int | None = None) -> Sequence[ToCheck]:
    """For each consultation (or for one) the comments of a person that nobody has checked in its newest draft."""
    later = aliased(DraftVersion)
    newer = select(later.id).where(later.supersedes_id == CarriedAnchor.version_id, later.frozen_at.is_not(None))
    here = true() if consultation_id is None else Comment.consultation_id == consultation_id
    rows = db.session.execute(
        select(
            Consultation.slug, Consultation.title, DraftVersion.number, func.count(CarriedAnchor.comment_id.distinct())
        )
        .select_from(CarriedAnchor)
        .join(CarriedAnchor.comment)
        .join(Comment.consultation)
        .join(CarriedAnchor.version)
        .where(Comment.author_id == person_id, Comment.state == "posted", consultations.visible_to(viewer), TO_CHECK)
        .where(here, ~newer.exists())
        .group_by(Consultation.slug, Consultation.title, DraftVersion.number)
        .order_by(Consultation.title)
    ).all()
    return [ToCheck(*row) for row in rows]
