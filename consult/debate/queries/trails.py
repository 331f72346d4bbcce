"""Traces of people with nothing on show yet."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with nothing on show, where posts are public at once."""

    is_unproven: bool  # registered as a program would


def newcomer(*, viewer: Actor, consultation: Consultation) -> Newcomer | None:
    """What a viewer who is new here has to know before she posts; None for all others, and where a rule makes things wait."""
    if not viewer.is_authenticated or consultation.pre_moderation != "off" or not holding.is_new(viewer, consultation):
        return None
    return Newcomer(not holding.is_taken_for_a_person(viewer))
