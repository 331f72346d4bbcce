"""What a moderator removed stays out."""

from __future__ import annotations

from sqlalchemy import select

from consult.core.errors import Invalid
from consult.core.operations import session

from . import redaction
from .models import Comment, Removal, Reply


def stays_out(thing: Comment | Reply, body: str) -> None:
    """An edit does not bring back what a moderator removed; Invalid when it would."""
    here = Removal.comment_id == thing.id if isinstance(thing, Comment) else Removal.reply_id == thing.id
    passages = session().scalars(
        select(Removal.passage).where(here, Removal.put_back_at.is_(None), Removal.is_name.is_(False))
    )
    if any(redaction.holds(body, passage) for passage in passages):
        raise Invalid(
            "The words that a moderator removed are in it again. Say it without them, or ask for a second look at that"
            " decision; the moderation log leads there.",
            "body",
        )
