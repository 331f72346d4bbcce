"""Doors of the consultations room."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.core.doors import Room
from consult.core.errors import Missing
from consult.core.rules import anyone

room = Room("consultations")


@room.get("/consultations", permit=anyone)
def index() -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>", permit=anyone)
def overview(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/manage", permit=anyone)
def manage(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/history", permit=anyone)
def history(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/consultations/new", permit=anyone)
def new() -> ResponseReturnValue:
    raise Missing
