"""Doors of the moderation room."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.core.doors import Room
from consult.core.errors import Missing
from consult.core.rules import anyone

room = Room("moderation")


@room.get("/moderation", permit=anyone)
def public_log() -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/moderation", permit=anyone)
def consultation_log(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/comments/<number>/report", permit=anyone)
def report(slug: str, number: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/manage/moderation", permit=anyone)
def queue(slug: str) -> ResponseReturnValue:
    raise Missing
