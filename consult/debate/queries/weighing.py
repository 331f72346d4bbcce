"""Weighing in: one comment at a time, the one on which a vote says most."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate import rules
from consult.debate.models import Comment, Vote

from .cards import Card, card
from .visibility import visible_to

WINDOW = 200  # comments among which ties are broken; what a choice costs does not grow with the debate
BY_LOT = 10  # every tenth comment is drawn by lot, so that a rate can be checked against an unchosen one


class Weighing(Record):
    """How far somebody has come, what comes next, and the comment that is open."""

    may: Verdict
    cast: int  # comments weighed so far
    total: int  # comments of others there are
    last: tuple[str, str] | None  # the last vote: number, choice
    next_number: str  # "": nothing is left
    card: Card | None

    @property
    def is_done(self) -> bool:
        return bool(self.may) and not self.next_number


def weighing(*, viewer: Actor, consultation: Consultation, comment: Comment | None = None) -> Weighing:
    """The state of weighing in for this viewer. The consultation comes with its rounds; `comment` as `find_shown` gave it."""
    may = rules.may_weigh_in(viewer, consultation)
    number = next_to_weigh(viewer=viewer, consultation=consultation, but=comment.id if comment else 0) if may else None
    return Weighing(
        may=may,
        cast=_cast(viewer, consultation) if may else 0,
        total=consultation.round.comment_count - (_own(viewer, consultation) if may else 0),
        last=_last(viewer, consultation) if may else None,
        next_number=number or "",
        card=card(viewer=viewer, comment=comment) if comment else None,
    )


def next_to_weigh(*, viewer: Actor, consultation: Consultation, but: int = 0) -> str | None:
    """The number of the comment this person should vote on next; `but` is left out. The same until a vote changes it.

    The one with the highest `vote_worth`, see `agreement.worth`; ties, and every tenth choice, are decided by lot.
    """
    left = _left(viewer, consultation).where(Comment.id != but)
    cast = _cast(viewer, consultation)
    if cast % BY_LOT == BY_LOT - 1:
        return _by_lot(left, viewer, consultation, cast)
    found = db.session.execute(left.order_by(Comment.vote_worth.desc(), Comment.id.desc()).limit(WINDOW)).all()
    return _drawn([row.number for row in found if row.vote_worth == found[0].vote_worth], viewer, cast)


def _left(viewer: Actor, consultation: Consultation) -> Select[str, int]:
    """Shown comments of others in the newest round, without a vote of this person."""
    voted = select(Vote.id).where(Vote.comment_id == Comment.id, Vote.person_id == viewer.person_id).exists()
    statement = (
        select(Comment.number, Comment.vote_worth)
        .join(Comment.consultation)
        .where(
            Comment.consultation_id == consultation.id, Comment.round_id == consultation.round.id,
            Comment.state == "posted", visible_to(viewer), ~voted,
            or_(Comment.author_id.is_(None), Comment.author_id != viewer.person_id),
        )
    )  # fmt: skip
    if viewer.acting_for_id is None:
        return statement
    theirs = (Comment.organisation_id, Comment.unsigned_for_id)
    return statement.where(*(or_(body.is_(None), body.not_in(viewer.acts_as)) for body in theirs))


def _by_lot(left: Select[str, int], viewer: Actor, consultation: Consultation, cast: int) -> str | None:
    """Some comment, whatever its votes: from a moment of the round on that the lot decides, else from its beginning."""
    now = clock.now()
    opened: datetime = consultation.round.opened_at or now
    moment = opened + (now - opened) * (_lot(viewer, cast) / 2**32)
    ordered = left.order_by(Comment.posted_at, Comment.id).limit(WINDOW)
    found = db.session.scalars(ordered.where(Comment.posted_at >= moment)).all() or db.session.scalars(ordered).all()
    return _drawn(found, viewer, cast)


def _drawn(numbers: Sequence[str], viewer: Actor, cast: int) -> str | None:
    return numbers[_lot(viewer, cast) % len(numbers)] if numbers else None


def _lot(viewer: Actor, cast: int) -> int:
    """32 bits that are the same for the same person at the same vote."""
    return int.from_bytes(hashlib.sha256(f"{viewer.person_id} {cast}".encode()).digest()[:4])


def _cast(viewer: Actor, consultation: Consultation) -> int:
    return db.session.scalar(_votes(viewer, consultation).with_only_columns(func.count())) or 0


def _votes(viewer: Actor, consultation: Consultation) -> Select[str, str]:
    return (
        select(Comment.number, Vote.choice)
        .select_from(Vote)
        .join(Comment, Comment.id == Vote.comment_id)
        .join(Comment.consultation)
        .where(
            # "+ 0": a database must begin with this person's votes and not with all comments of the round.
            Vote.person_id == viewer.person_id, Comment.round_id + 0 == consultation.round.id, Comment.state == "posted",
            visible_to(viewer),
        )
    )  # fmt: skip


def _last(viewer: Actor, consultation: Consultation) -> tuple[str, str] | None:
    newest = _votes(viewer, consultation).order_by(Vote.voted_at.desc(), Vote.id.desc()).limit(1)
    row = db.session.execute(newest).first()
    return None if row is None else (row.number, row.choice)


def _own(viewer: Actor, consultation: Consultation) -> int:
    """Comments of this round that this person cannot vote on."""
    mine = [Comment.author_id == viewer.person_id]
    if viewer.acting_for_id is not None:
        mine += [body.in_(viewer.acts_as) for body in (Comment.organisation_id, Comment.unsigned_for_id)]
    own = select(func.count()).select_from(Comment).where(Comment.round_id + 0 == consultation.round.id, or_(*mine))
    return db.session.scalar(own.where(Comment.state == "posted")) or 0
