"""Doors of the reading room: the draft, with what people say about it beside it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.core.errors import Missing
from consult.core.rules import anyone

from .room import room


@room.get("/c/<slug>/draft", permit=anyone)
def reading_room(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/v<int:version>/<page_key>", permit=anyone)
def reading_page(slug: str, version: int, page_key: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/v<int:version>/clauses/<key>", permit=anyone)
def clause(slug: str, version: int, key: str) -> ResponseReturnValue:
    raise Missing
