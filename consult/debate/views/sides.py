"""Door of the positions side by side."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me
from consult.core.freshness import show_unless_kept
from consult.core.rules import anyone
from consult.debate import queries, reading

from .room import room


@room.get("/c/<slug>/v<int:version>/clauses/<key>/positions", permit=anyone)
def positions(slug: str, version: int, key: str) -> ResponseReturnValue:
    """What each position says about one clause, and where different ones propose the same change."""
    header = consultations.header(viewer=me(), slug=slug)
    row = header.consultation
    target = queries.writing(viewer=me(), slug=slug, version=version, keys=[key])
    page = queries.sides(viewer=me(), consultation=row, clause=target.clauses[0])
    return show_unless_kept(
        "debate/positions.html", slug=slug, header=header, target=target, clause=target.clauses[0], page=page,
        closed_because=reading.closed_because(row, target.version),
    )  # fmt: skip
