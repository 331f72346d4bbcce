"""All an organisation said, in every consultation: comments in its name, and replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.bodies import of_body
from consult.accounts.models import Organisation
from consult.core.db import db
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Comment, Cosignature, Reply

from .cards import WITH_CARD, WITH_REPLY, Card, ReplyCard, cards, reply_card
from .naming import who_it_is
from .visibility import listed_for, replies_listed_for

PAGE = 20
KINDS = ("comment", "reply")  # at the same moment comments come first


class Utterance(Record):
    """A comment, or a reply with the number of the comment it stands under."""

    posted_at: datetime
    title: str  # of the consultation
    slug: str
    timezone: str
    comment: Card | None = None
    reply: ReplyCard | None = None
    under: str = ""


class Said(Record):
    """What an organisation said, a page at a time, and how much that is."""

    page: Listing[Utterance]
    comments: int
    replies: int
    names: int  # under the comments of others
    consultations: int


def said(*, viewer: Actor, organisation: Organisation, after: str | None = None, limit: int = PAGE) -> Said:
    """All it said that this viewer may know of, the newest first; tombstones keep their place."""
    comments = select(Comment).join(Comment.consultation).where(of_body(Comment.organisation_id, organisation.id))
    comments = comments.where(listed_for(viewer))
    replies = select(Reply).join(Reply.comment).join(Comment.consultation)
    replies = replies.where(of_body(Reply.organisation_id, organisation.id), replies_listed_for(viewer))
    found = _newest(comments, replies, _start(after), limit)
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    cursor = encode([last.posted_at.isoformat(), _rank(last), last.id]) if last else None
    spoken = db.session.execute(
        comments.with_only_columns(func.count(), func.count(func.distinct(Comment.consultation_id)))
    ).one()
    answers = db.session.scalar(replies.with_only_columns(func.count())) or 0
    return Said(
        Listing(_utterances(viewer, shown), spoken[0] + answers, next_cursor=cursor), spoken[0], answers,
        _names(viewer, organisation), spoken[1],
    )  # fmt: skip


def _names(viewer: Actor, organisation: Organisation) -> int:
    names = select(func.count()).select_from(Cosignature).join(Cosignature.comment).join(Comment.consultation)
    shown = (
        of_body(Cosignature.organisation_id, organisation.id),
        Cosignature.is_counted,
        Comment.state == "posted",
        listed_for(viewer),
    )
    return db.session.scalar(names.where(*shown)) or 0


def _rank(row: Comment | Reply) -> int:
    return KINDS.index(type(row).__tablename__)


def _start(after: str | None) -> tuple[datetime, int, int] | None:
    """Where the page before ended: moment, kind, id; None when it is not a place in this list."""
    keys = decode(after, 3)
    if keys is None or not all(isinstance(key, int) for key in keys[1:]):
        return None
    try:
        return datetime.fromisoformat(str(keys[0])), keys[1], keys[2]
    except ValueError:
        return None


def _newest(
    comments: Select[Comment], replies: Select[Reply], start: tuple[datetime, int, int] | None, limit: int
) -> list[Comment | Reply]:
    rows: list[Comment | Reply] = [
        *db.session.scalars(_after(comments.options(*WITH_CARD), Comment, 0, start, limit)).unique(),
        *db.session.scalars(
            _after(
                replies.options(*WITH_REPLY, joinedload(Reply.comment).joinedload(Comment.consultation)),
                Reply, 1, start, limit,
            )
        ).unique(),
    ]  # fmt: skip
    rows.sort(key=lambda row: (row.posted_at, -_rank(row), row.id), reverse=True)
    return rows[: limit + 1]


def _after(
    statement: Select[Any], table: type[Comment | Reply], rank: int, start: tuple[datetime, int, int] | None, limit: int
) -> Select[Any]:
    if start is not None:
        moment, kind, last = start
        same: Any = table.posted_at == moment
        if rank < kind:  # at that moment all of these were shown
            same = table.id < 0
        elif rank == kind:
            same = and_(same, table.id < last)
        statement = statement.where(or_(table.posted_at < moment, same))
    return statement.order_by(table.posted_at.desc(), table.id.desc()).limit(limit + 1)


def _utterances(viewer: Actor, rows: Sequence[Comment | Reply]) -> list[Utterance]:
    comments = [row for row in rows if isinstance(row, Comment)]
    made = {card.id: card for card in cards(viewer=viewer, comments=comments)}
    replies = [(row.comment.consultation_id, row) for row in rows if isinstance(row, Reply)]
    known = who_it_is(viewer=viewer, things=replies)
    return [_utterance(viewer, row, made, known) for row in rows]


def _utterance(
    viewer: Actor, row: Comment | Reply, made: dict[int, Card], known: Mapping[int, str]
) -> Utterance:  # fmt: skip
    if isinstance(row, Comment):
        of = row.consultation
        return Utterance(row.posted_at, of.title, of.slug, of.timezone, comment=made[row.id])
    of = row.comment.consultation
    card = reply_card(viewer, row, of.id, known)
    return Utterance(row.posted_at, of.title, of.slug, of.timezone, reply=card, under=row.comment.number)
