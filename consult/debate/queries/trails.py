"""Traces of people with nothing on show yet."""

from __future__ import annotations

from sqlalchemy import select

from consult.core import clock
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.holding import WINDOW
from consult.debate.models import Trail


def has_old_trails(*, viewer: Actor) -> bool:
    """Whether some are too old to tell a flood."""
    return db.session.scalar(select(Trail.id).where(Trail.at < clock.now() - WINDOW).limit(1)) is not None
