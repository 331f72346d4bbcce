"""Doors of the documents room."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.core.doors import Room
from consult.core.errors import Missing
from consult.core.rules import anyone

room = Room("documents")


@room.get("/c/<slug>/manage/draft", permit=anyone)
def manage_draft(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/v<int:version>/print", permit=anyone)
def print_view(slug: str, version: int) -> ResponseReturnValue:
    raise Missing
