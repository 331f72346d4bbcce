"""Doors of comments: the whole debate, one comment, writing."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.core.errors import Missing
from consult.core.rules import anyone

from .room import room


@room.get("/c/<slug>/comments", permit=anyone)
def comments(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/comments/new", permit=anyone)
def write(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/comments/<number>", permit=anyone)
def comment(slug: str, number: str) -> ResponseReturnValue:
    raise Missing
