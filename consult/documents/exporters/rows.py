"""Stored clauses as the units they were made of. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import unquote

from markupsafe import escape

from ..parsed import Unit


class Row(Protocol):
    """A clause as it is stored: links in its HTML lead to pages."""

    id: int
    parent_id: int | None
    key: str
    kind: str
    label: str
    own_label: str
    title: str
    text: str
    html: str
    depth: int
    is_heading: bool


def units_of(rows: Sequence[Row], version: int) -> list[Unit]:
    """All clauses of the version with this number, in order, as units."""
    places = {row.id: place for place, row in enumerate(rows)}
    link = re.compile(rf'(?<=<a href=")/c/[^/"]+/v{version}/clauses/([^"]*)')
    return [
        Unit(
            key=row.key, kind=row.kind, html=link.sub(_inner, row.html), text=row.text, label=row.label,
            own_label=row.own_label, title=row.title, parent=None if row.parent_id is None else places[row.parent_id],
            depth=row.depth, is_heading=row.is_heading,
        )
        for row in rows
    ]  # fmt: skip


def _inner(match: re.Match[str]) -> str:
    return f"#{escape(unquote(html.unescape(match[1])))}"
