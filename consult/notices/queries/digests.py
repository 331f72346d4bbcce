"""What is to be mailed together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager

from consult.accounts.models import Person
from consult.core.db import db
from consult.core.rules import Actor

from ..models import Digest, Notice
from .inbox import visible_to
from .readers import reachable


def waiting_for(*, viewer: Actor, rhythm: str, due_at: datetime, limit: int) -> Sequence[int]:
    """Ids of people with something unread for the digest that was due at a moment, and who have not got that one."""
    has_it = exists().where(Digest.person_id == Notice.person_id, Digest.rhythm == rhythm, Digest.due_at == due_at)
    return db.session.scalars(
        select(Notice.person_id)
        .join(Notice.person)
        .where(Notice.awaits == rhythm, Notice.created_at < due_at, Notice.read_at.is_(None), ~has_it, reachable())
        .distinct()
        .order_by(Notice.person_id)
        .limit(limit)
    ).all()


def digest_of(*, viewer: Actor, digest_id: int) -> tuple[Digest, Person] | None:
    """A digest that is still to be sent, and to whom; None when it was sent or she cannot be reached."""
    row = db.session.execute(
        select(Digest, Person)
        .join(Person, Person.id == Digest.person_id)
        .where(Digest.id == digest_id, Digest.sent_at.is_(None), reachable())
    ).first()
    return (row[0], row[1]) if row else None


def in_digest(*, viewer: Actor, digest_id: int) -> Sequence[Notice]:
    """What of a digest its reader may still know, and has not read, by consultation, in the order it happened."""
    return db.session.scalars(
        select(Notice)
        .join(Notice.consultation)
        .options(contains_eager(Notice.consultation))
        .where(Notice.digest_id == digest_id, Notice.read_at.is_(None), visible_to(viewer))
        .order_by(Notice.consultation_id, Notice.id)
    ).all()
