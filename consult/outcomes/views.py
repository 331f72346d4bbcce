"""Doors of the outcomes room."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.core.doors import Room
from consult.core.errors import Missing
from consult.core.rules import anyone

room = Room("outcomes")


@room.get("/me", permit=anyone)
def mine() -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/outcome", permit=anyone)
def show_outcome(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/manage/answers", permit=anyone)
def workbench(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/manage/summary", permit=anyone)
def summary(slug: str) -> ResponseReturnValue:
    raise Missing
