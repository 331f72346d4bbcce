"""One comment with its thread, the letters of a clause, and who spoke."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import CATEGORIES
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Position, Round
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate import rules
from consult.debate.models import Anchor, ArgumentTally, Comment, Reply, Revision, RoundTally, VoiceTally, Vote
from consult.debate.passages import Span
from consult.documents.models import Clause

from .cards import WITH_CARD, WITH_REPLY, Card, card, cards
from .names import additions, only_names
from .threads import Branch, branches
from .visibility import listed_for, may_read, replies_listed_for, visible_to
from .visits import here_before
from .whole_letters import PlaceInLetter, place_in_letter

FIRST = "000001"  # the path of the first reply to a comment
BESIDE = 3  # clauses whose words stand beside a comment
LETTERS = 20  # letters beside a clause; the rest is a page away
WITH_WORDS = tuple(  # of the clauses it is about, as they stand in the draft
    selectinload(Comment.anchors).joinedload(Anchor.clause).undefer(column)
    for column in (Clause.html, Clause.own_label, Clause.comment_count)
)

__all__ = [
    "balance", "counted", "find_comment", "find_reply", "letters", "listed_for", "thread", "visible_to",
]  # fmt: skip


def find_comment(*, viewer: Actor, slug: str, number: str) -> Comment:
    """One comment with what its card needs, tombstones included; Missing when it is not there for this viewer."""
    row = (
        db.session.scalars(
            select(Comment)
            .join(Comment.consultation)
            .options(*WITH_CARD, joinedload(Comment.piece), *WITH_WORDS)
            .where(Consultation.slug == slug, Comment.number == number, listed_for(viewer))
        )
        .unique()
        .first()
    )
    if row is None:
        raise Missing("There is no comment with this number here.")
    return row


def find_shown(*, viewer: Actor, slug: str, number: str) -> Comment:
    """The same for a comment whose words anybody may read: a tombstone is Missing."""
    row = find_comment(viewer=viewer, slug=slug, number=number)
    if row.state != "posted":
        raise Missing("This comment is not shown any more.")
    return row


def reply_count(*, viewer: Actor, slug: str, number: str) -> int:
    """How many replies a comment shows; Missing when it is not there for this viewer."""
    count = db.session.scalar(
        select(Comment.reply_count)
        .join(Comment.consultation)
        .where(Consultation.slug == slug, Comment.number == number, listed_for(viewer))
    )
    if count is None:
        raise Missing("There is no such comment.")
    return count


def find_reply(*, viewer: Actor, slug: str, number: str, reply_id: int) -> Reply:
    """One reply with its comment and consultation; Missing when it is not there for this viewer."""
    row = (
        db.session.scalars(
            select(Reply)
            .join(Reply.comment)
            .join(Comment.consultation)
            .options(
                joinedload(Reply.comment).options(joinedload(Comment.consultation), joinedload(Comment.round)),
                *WITH_REPLY,
            )
            .where(
                Reply.id == reply_id, Consultation.slug == slug, Comment.number == number, replies_listed_for(viewer)
            )
        )
        .unique()
        .first()
    )
    if row is None:
        raise Missing("There is no such reply under this comment.")
    return row


class Thread(Record):
    """One comment with its replies in display order and what it said before."""

    card: Card
    clauses: Sequence[Clause]  # the words it is about, the first few
    replies: Listing[Branch]
    additions: Collection[int]  # replies that came with a name under the comment
    revisions: Sequence[Revision]
    may_edit: Verdict
    may_withdraw: Verdict
    may_place: Verdict
    letter: PlaceInLetter | None  # it was cut from


def thread(*, viewer: Actor, comment: Comment, after: int = 0) -> Thread:
    """The page of one comment as `find_comment` gave it; replies behind the first `after`."""
    before = here_before(viewer=viewer, comment=comment)
    replies = branches(viewer, comment, None, after, before.since)
    return Thread(
        card=card(
            viewer=viewer,
            comment=comment,
            since=before.since,
            votes={comment.id: before.vote},
            fresh={comment.id: before.new_replies},
        ),
        clauses=sorted(comment.clauses[:BESIDE], key=lambda clause: clause.rank),
        replies=replies,
        additions=additions(viewer=viewer, comment=comment, replies=[branch.reply.id for branch in replies.rows]),
        revisions=_revisions(viewer, comment),
        may_edit=rules.may_edit_comment(viewer, comment),
        may_withdraw=rules.may_withdraw_comment(viewer, comment),
        may_place=rules.may_place_comment(viewer, comment),
        letter=place_in_letter(viewer=viewer, comment=comment) if comment.piece else None,
    )


def _revisions(viewer: Actor, comment: Comment) -> Sequence[Revision]:
    if not comment.edit_number or not may_read(viewer, comment, comment.consultation_id):
        return ()
    return db.session.scalars(
        select(Revision).where(Revision.comment_id == comment.id).order_by(Revision.number.desc()).limit(50)
    ).all()


def letters(
    *, viewer: Actor, clause: Clause, sort: str = "text", on: Span | None = None, limit: int = LETTERS
) -> Listing[Card]:
    """The letters beside a clause, each with its first reply; sort "text" (first come), "newest" or "discussed".

    `on`: only those that quote some of these words.
    """
    here, who = Anchor.clause_id == clause.id, listed_for(viewer)
    if on is not None:  # what a tombstone quoted is not told
        here, who = and_(here, Anchor.start < on.end, Anchor.end > on.start), visible_to(viewer)
    found = select(Comment).join(Comment.consultation)
    found = found.where(Comment.id.in_(select(Anchor.comment_id).where(here)), who)
    if sort in ("newest", "discussed"):
        keys = Comment.id, Comment.posted_at, Comment.reply_count
        first: Any = found.with_only_columns(*keys).order_by(*_in_order(sort, Comment))
    else:  # along the index of anchors, which ends with the page however many there are
        first = select(Anchor.comment_id.label("id")).join(Anchor.comment).join(Comment.consultation).where(here, who)
        first = first.group_by(Anchor.comment_id).order_by(Anchor.comment_id)
    page = first.limit(limit).subquery()
    wanted: Any = select(Comment, Vote.choice if viewer.is_authenticated else literal(""), Reply)
    # From the page, and in its own order: else either database may go through all comments instead.
    wanted = wanted.select_from(page).join(Comment, Comment.id == page.c.id).order_by(*_in_order(sort, page.c))
    wanted = wanted.outerjoin(Reply, and_(Reply.comment_id == Comment.id, Reply.path == FIRST))
    if viewer.is_authenticated:  # the votes of whoever was erased are nobody's, too
        wanted = wanted.outerjoin(Vote, and_(Vote.comment_id == Comment.id, Vote.person_id == viewer.person_id))
    wanted = wanted.options(*WITH_CARD, *WITH_REPLY)
    rows = db.session.execute(wanted).unique().all()
    shown = cards(
        viewer=viewer, comments=[comment for comment, *_ in rows],
        votes={comment.id: choice or "" for comment, choice, _reply in rows},
        replies=[reply for *_, reply in rows if reply],
    )  # fmt: skip
    total = clause.comment_count if on is None else db.session.scalar(found.with_only_columns(func.count())) or 0
    return Listing(shown, total)


def _in_order(sort: str, of: Any) -> Sequence[ColumnElement[Any]]:
    """The keys of an order of letters, of the table or of a selection of it."""
    if sort == "newest":
        return of.posted_at.desc(), of.id.desc()
    return (of.reply_count.desc(), of.id.desc()) if sort == "discussed" else (of.id,)


def counted(*, viewer: Actor) -> Sequence[Consultation]:
    """Every consultation whose debate is counted, for this viewer."""
    return db.session.scalars(
        select(Consultation).where(consultations.visible_to(viewer)).order_by(Consultation.id)
    ).all()


class Share(Record):
    """What one interest category said."""

    category: str
    name: str
    comments: int
    organisations: int
    people: int
    names: int  # people and organisations who put a name under a comment of somebody else, and wrote none
    counts: Sequence[tuple[Position, int]]


def balance(*, viewer: Actor, consultation: Consultation) -> Sequence[Share]:
    """Who has spoken so far and from which positions, for every category, also those that are still silent."""
    of = (consultations.visible_to(viewer), Consultation.id == consultation.id)
    rows = db.session.execute(
        union_all(
            select(literal("comments"), RoundTally.category, literal(0), func.sum(RoundTally.count))
            .join(Round, Round.id == RoundTally.round_id)
            .join(Consultation, Consultation.id == Round.consultation_id)
            .where(*of)
            .group_by(RoundTally.category),
            select(
                case((VoiceTally.is_organisation, "organisations"), else_="people"),
                VoiceTally.category,
                literal(0),
                VoiceTally.count,
            )
            .join(Consultation, Consultation.id == VoiceTally.consultation_id)
            .where(*of),
            select(literal("argued"), ArgumentTally.category, ArgumentTally.position_id, ArgumentTally.count)
            .join(Position, Position.id == ArgumentTally.position_id)
            .join(Consultation, Consultation.id == Position.consultation_id)
            .where(*of),
        )
    )
    counts = {(what, category, position): int(n) for what, category, position, n in rows}
    names = only_names(viewer=viewer, consultation=consultation)
    return [_share(key, names.get(key, 0), counts, consultation.positions) for key in CATEGORIES]


def _share(
    key: str, names: int, counts: Mapping[tuple[str, str, int], int], positions: Sequence[Position]
) -> Share:  # fmt: skip
    comments, organisations, people = (
        counts.get((what, key, 0), 0) for what in ("comments", "organisations", "people")
    )
    by_position = [(position, counts.get(("argued", key, position.id), 0)) for position in positions]
    return Share(key, CATEGORIES[key], comments, organisations, people, names, by_position)
