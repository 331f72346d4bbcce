"""The debate under a comment: two levels at a time, a page at a time, each deeper part as a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote as escaped

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from consult.core import text
from consult.core.db import db
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import branching, references
from consult.debate.branching import PAGE, SHOWN
from consult.debate.models import Comment, Reply

from .cards import WITH_REPLY, Card, ReplyCard, card, reply_card
from .naming import who_it_is
from .visibility import may_read
from .visits import new_since

PARENTS = 2  # replies quoted above a thread of its own; the others are a link away


class Branch(Record):
    """A reply with the first ones that answer it."""

    reply: ReplyCard
    answers: Sequence[ReplyCard]

    @property
    def is_cut(self) -> bool:
        """Whether more answer it than are shown here."""
        return self.reply.answer_count > sum(bool(answer.place) for answer in self.answers)


class Parent(Record):
    """What a thread of its own hangs from, as a short quotation; no words when they are not shown."""

    reply_id: int
    who: str
    words: str


class Conversation(Record):
    """A reply with what it answers and what answers it."""

    card: Card  # of the comment
    parents: Sequence[Parent]  # the nearest ones, from the top
    further: int  # levels between the comment and these
    root: ReplyCard
    replies: Listing[Branch]


def conversation(*, viewer: Actor, comment: Comment, reply: Reply, after: int = 0) -> Conversation:
    """A thread of its own: `comment` and `reply` as `find_comment` and `find_reply` gave them."""
    over = branching.above(reply.path)
    since = new_since(viewer=viewer, consultation_id=comment.consultation_id)
    return Conversation(
        card=card(viewer=viewer, comment=comment, since=since),
        parents=_parents(viewer, comment, over[-PARENTS:]),
        further=max(0, len(over) - PARENTS),
        root=reply_card(
            viewer, reply, comment.consultation_id, _known(viewer, comment.consultation_id, [reply]), since=since
        ),
        replies=branches(viewer, comment, reply, after, since),
    )


def _known(viewer: Actor, consultation_id: int, rows: Sequence[Reply]) -> Mapping[int, str]:
    return who_it_is(viewer=viewer, things=[(consultation_id, row) for row in rows])


def _parents(viewer: Actor, comment: Comment, paths: Sequence[str]) -> Sequence[Parent]:
    if not paths:
        return ()
    rows = db.session.scalars(
        select(Reply)
        .options(joinedload(Reply.organisation))
        .where(Reply.comment_id == comment.id, Reply.path.in_(paths))
        .order_by(Reply.path)
    )
    return [_parent(viewer, row, comment.consultation_id) for row in rows]


def _parent(viewer: Actor, row: Reply, consultation_id: int) -> Parent:
    if not may_read(viewer, row, consultation_id):
        return Parent(row.id, "", "")
    who = row.organisation.name if row.organisation else row.author_name
    return Parent(row.id, who, text.excerpt(text.plain(row.html), 160))


def branches(
    viewer: Actor, comment: Comment, root: Reply | None, after: int, since: datetime | None = None
) -> Listing[Branch]:
    """The page of replies to a comment (or to `root`) behind the first `after`, each with the first that answer it.

    What the viewer wrote and waits for a look comes last, on every page. Places have no gaps, so a page keeps its replies and its address for ever. Cursors are values of `after`.
    """
    after = min(max(0, after), 10**branching.DIGITS)
    here = and_(Reply.comment_id == comment.id, Reply.depth == 1) if root is None else Reply.parent_id == root.id
    ids = db.session.scalars(
        select(Reply.id).where(here, Reply.place > after).order_by(Reply.place).limit(PAGE + 1)
    ).all()  # fmt: skip
    shown = ids[:PAGE]
    mine = and_(Reply.comment_id == comment.id, Reply.state == "held", Reply.author_id == viewer.person_id)
    rows = (
        db.session.scalars(
            select(Reply)
            .options(*WITH_REPLY)
            .where(or_(Reply.id.in_(shown), and_(Reply.parent_id.in_(shown), Reply.place.between(1, SHOWN)), mine))
            .order_by(Reply.path == "", Reply.path, Reply.id)
        )
        .unique()
        .all()
    )
    level = None if root is None else root.id
    first = {row.id for row in rows if row.parent_id == level}
    return Listing(
        _grouped(viewer, rows, root, comment.consultation_id, first, since),
        comment.reply_count if root is None else root.below_count,
        next_cursor=str(after + PAGE) if len(ids) > PAGE else None,
        previous_cursor=str(max(0, after - PAGE)) if after else None,
    )


def _grouped(
    viewer: Actor,
    rows: Sequence[Reply],
    root: Reply | None,
    consultation_id: int,
    shown: set[int],
    since: datetime | None,
) -> list[Branch]:
    named = "" if root is None else _parent(viewer, root, consultation_id).who
    known = _known(viewer, consultation_id, rows)
    firsts = {row.id: reply_card(viewer, row, consultation_id, known, named, since) for row in rows if row.id in shown}
    answers: dict[int, list[ReplyCard]] = {key: [] for key in firsts}
    for row in rows:
        if row.parent_id in firsts:
            over = firsts[row.parent_id]
            named = over.who if over.html else ""
            answers[over.id].append(reply_card(viewer, row, consultation_id, known, named, since))
    return [Branch(first, answers[key]) for key, first in firsts.items()]


def where_shown(reply: Reply) -> tuple[int | None, int]:
    """On which page one sees a reply among the others: the reply whose thread that is (None: the comment), and `after`."""
    if not reply.place:  # it waits for a look, and its author sees it last
        return reply.parent_id, 0
    places = branching.places(reply.path)
    is_above = len(places) == 1 or (len(places) == 2 and places[1] <= SHOWN)
    return (
        (None, branching.page_before(places[0])) if is_above else (reply.parent_id, branching.page_before(places[-1]))
    )


def quoted(*, viewer: Actor, card: Card, thing: Comment | Reply, words: str = "") -> str:
    """What was said as a quotation in Markdown: these words of it, or all of it; "" when it is not shown to everybody.

    `card` is that of the comment. Words that are not in it count for nothing: the server quotes what is stored.
    """
    if thing.state != "posted":
        return ""
    said = text.plain(thing.html)
    chosen = words if words and references.is_said(words, said) else said
    who = thing.organisation.name if thing.organisation else thing.author_name
    address = f"/c/{escaped(card.slug)}/comments/{escaped(card.number)}"
    if isinstance(thing, Reply):
        address += f"/replies/{thing.id}"
    return references.quote(address, f"{who}, {card.number}", chosen)
