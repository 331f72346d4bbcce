"""Doors of the lobby."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.core.doors import Room
from consult.core.errors import Missing
from consult.core.rules import anyone

room = Room("lobby")


@room.get("/", permit=anyone)
def home() -> ResponseReturnValue:
    raise Missing


@room.get("/about", permit=anyone)
def about() -> ResponseReturnValue:
    raise Missing


@room.get("/accessibility", permit=anyone)
def accessibility() -> ResponseReturnValue:
    raise Missing


@room.get("/privacy", permit=anyone)
def privacy() -> ResponseReturnValue:
    raise Missing


@room.get("/appearance", permit=anyone)
def appearance() -> ResponseReturnValue:
    raise Missing


@room.get("/style-guide", permit=anyone)
def style_guide() -> ResponseReturnValue:
    raise Missing
