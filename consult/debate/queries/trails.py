"""Traces of people with nothing on show yet."""

from __future__ import annotations

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate import holding
from consult.debate.holding import WINDOW
from consult.debate.models import Trail


def has_old_trails(*, viewer: Actor) -> bool:
    """Whether some are too old to tell a flood."""
    return db.session.scalar(select(Trail.id).where(Trail.at < clock.now() - WINDOW).limit(1)) is not None


def is_new(*, viewer: Actor, consultation: Consultation) -> bool:
    """Whether the viewer is new here, and what is posted here is public at once as far as nothing is against it."""
    return viewer.is_authenticated and consultation.pre_moderation == "off" and holding.is_new(viewer, consultation)
