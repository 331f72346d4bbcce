"""Names that people put under the comments of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from consult.accounts.bodies import of_body, standing
from consult.accounts.models import CATEGORIES
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Comment, Cosignature, CosignatureTally, Reply

from .naming import who_it_is
from .visibility import listed_for, visible_to

PAGE = 50
MINE = 20  # of one's own names on "My comments"


class Name(Record):
    """A name under a comment; `is_of_earlier_words`: what it was put under read differently."""

    who: str
    written_by: str
    is_organisation: bool
    organisation_slug: str
    author_id: int | None
    category: str
    signed_at: datetime
    is_of_earlier_words: bool
    reply_id: int | None  # what she added, while it is shown
    known_as: str  # who it is, where that is withheld: for moderators and for herself
    is_mine: bool


def names(*, viewer: Actor, comment: Comment, after: str | None = None) -> Listing[Name]:
    """The names under a comment (as find_shown gave it), the first that came first."""
    statement = (
        select(Cosignature, Reply.id)
        .outerjoin(Reply, and_(Reply.id == Cosignature.reply_id, Reply.state == "posted"))
        .options(joinedload(Cosignature.organisation))
        .where(Cosignature.comment_id == comment.id, Cosignature.is_counted)
        .order_by(Cosignature.id)
        .limit(PAGE + 1)
    )
    start = decode(after, 1)
    if start and isinstance(start[0], int):
        statement = statement.where(Cosignature.id > start[0])
    rows = db.session.execute(statement).all()
    cursor = encode([rows[PAGE - 1][0].id]) if len(rows) > PAGE else None
    known = who_it_is(viewer=viewer, things=[(comment.consultation_id, row) for row, _reply_id in rows])
    found = [_name(viewer, row, reply_id, comment.edit_number, known) for row, reply_id in rows[:PAGE]]
    return Listing(found, comment.cosignature_count, next_cursor=cursor)


def _name(
    viewer: Actor, row: Cosignature, reply_id: int | None, edit_number: int, known: Mapping[int, str]
) -> Name:  # fmt: skip
    of, is_named = row.organisation, row.named == "name"
    return Name(
        known_as="" if is_named else known.get(row.person_id, ""), is_mine=row.person_id == viewer.person_id,
        who=of.name if of else row.name, written_by=row.name if of and is_named else "", is_organisation=of is not None,
        organisation_slug=of.slug if of else "", author_id=row.person_id if is_named else None, category=CATEGORIES[row.category],
        signed_at=row.signed_at, is_of_earlier_words=row.edit_number < edit_number, reply_id=reply_id,
    )  # fmt: skip


def tallies(*, viewer: Actor, comments: Sequence[Comment]) -> Mapping[int, Sequence[tuple[str, int]]]:
    """How many names of each category stand under comments this viewer may read: the largest first."""
    ids = [comment.id for comment in comments if comment.cosignature_count]
    if not ids:
        return {}
    rows = db.session.execute(
        select(CosignatureTally.comment_id, CosignatureTally.category, CosignatureTally.count)
        .where(CosignatureTally.comment_id.in_(ids), CosignatureTally.count > 0)
        .order_by(CosignatureTally.count.desc(), CosignatureTally.category)
    )
    found = defaultdict[int, list[tuple[str, int]]](list)
    for comment_id, category, count in rows:
        found[comment_id].append((CATEGORIES[category], count))
    return found


def signed(*, viewer: Actor, comments: Sequence[Comment]) -> Collection[int]:
    """Ids of those of these comments that this viewer put her name under."""
    ids = [comment.id for comment in comments if comment.cosignature_count]
    if not ids or not viewer.is_authenticated:
        return ()
    mine = and_(Cosignature.person_id == viewer.person_id, Cosignature.comment_id.in_(ids))
    return set(db.session.scalars(select(Cosignature.comment_id).where(mine)))


def additions(*, viewer: Actor, comment: Comment, replies: Collection[int]) -> Collection[int]:
    """Those of these replies to a comment that came with a name under it."""
    here = and_(Cosignature.comment_id == comment.id, Cosignature.reply_id.in_(replies))
    return set(db.session.scalars(select(Cosignature.reply_id).where(here))) if comment.cosignature_count else ()


class Mine(Record):
    """A comment of somebody else that one put one's name under."""

    slug: str
    title: str
    number: str
    state: str
    state_reason: str
    html: str  # "" when it is not shown any more
    signed_for: str
    signed_at: datetime
    timezone: str
    is_of_earlier_words: bool


def my_names(*, viewer: Actor, after: str | None = None) -> Listing[Mine]:
    """The comments this viewer put her name under, newest first."""
    here = and_(Cosignature.person_id == viewer.person_id, listed_for(viewer))
    statement = (
        select(Cosignature, Comment, Consultation)
        .join(Cosignature.comment)
        .join(Comment.consultation)
        .options(joinedload(Cosignature.organisation))
        .where(here)
        .order_by(Cosignature.id.desc())
        .limit(MINE + 1)
    )
    start = decode(after, 1)
    if start and isinstance(start[0], int):
        statement = statement.where(Cosignature.id < start[0])
    rows = db.session.execute(statement).all()
    total = db.session.scalar(
        select(func.count()).select_from(Cosignature).join(Cosignature.comment).join(Comment.consultation).where(here)
    )
    cursor = encode([rows[MINE - 1][0].id]) if len(rows) > MINE else None
    return Listing([_mine(*row) for row in rows[:MINE]], total or 0, next_cursor=cursor)


def _mine(row: Cosignature, comment: Comment, consultation: Consultation) -> Mine:
    return Mine(
        slug=consultation.slug, title=consultation.title, number=comment.number, state=comment.state,
        state_reason=comment.state_reason, html=comment.html if comment.state == "posted" else "",
        signed_for=row.organisation.name if row.organisation else "", signed_at=row.signed_at,
        timezone=consultation.timezone, is_of_earlier_words=row.edit_number < comment.edit_number,
    )  # fmt: skip


def only_names(*, viewer: Actor, consultation: Consultation) -> Mapping[str, int]:
    """By category, the people and organisations who put a name under a shown comment and wrote none themselves."""
    other = aliased(Comment)
    wrote = exists().where(
        other.consultation_id == consultation.id,
        other.state == "posted",
        or_(
            and_(Cosignature.organisation_id.is_not(None), of_body(other.organisation_id, Cosignature.organisation_id)),
            and_(
                Cosignature.organisation_id.is_(None),
                other.organisation_id.is_(None),
                other.author_id == Cosignature.person_id,
            ),
        ),
    )
    # An organisation and a person never have the same voice: one is counted below zero.
    voice = func.coalesce(-standing(Cosignature.organisation_id), Cosignature.person_id)
    rows = db.session.execute(
        select(Cosignature.category, func.count(func.distinct(voice)))
        .join(Cosignature.comment)
        .join(Comment.consultation)
        .where(Comment.consultation_id == consultation.id, Comment.state == "posted", visible_to(viewer), ~wrote)
        .group_by(Cosignature.category)
    )
    return dict(rows.all())
