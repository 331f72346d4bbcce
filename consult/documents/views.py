"""Doors of the documents room."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import Room, me
from consult.core.errors import Missing
from consult.core.freshness import show_unless_kept
from consult.core.rules import anyone

from . import queries, reading

room = Room("documents")


@room.get("/c/<slug>/manage/draft", permit=anyone)
def manage_draft(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/c/<slug>/v<int:version>/print", permit=anyone)
def print_view(slug: str, version: int) -> ResponseReturnValue:
    """A whole version on one sheet, for paper and for searching in."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.version(viewer=me(), consultation_id=header.consultation.id, number=version)
    clauses = reading.text(viewer=me(), version=row)
    lines = list(zip(clauses, reading.levels(clauses), strict=True))
    return show_unless_kept("documents/print.html", slug=slug, header=header, version=row, lines=lines)
