"""Lists of this room: narrowed by words as they are typed, the newest first, a page at a time by id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from consult.core import paging
from consult.core.db import db
from consult.core.paging import Listing
from consult.core.rules import Actor, administrators

PAGE = 50


def fits(text: str, *columns: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    """That each of the words typed stands somewhere in one of the columns."""
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in text.split()[:8]]


def by_id(
    viewer: Actor,
    model: Any,
    where: Sequence[ColumnElement[bool]],
    after: str | None,
    before: str | None,
    *options: Any,
) -> Listing[Any]:
    """A page of rows, newest first; nothing for whoever does not run the site."""
    if not administrators(viewer):
        return Listing([], 0)
    total = db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0
    is_back, keys = before is not None and after is None, paging.decode(after or before, 1)
    edge = keys[0] if keys and isinstance(keys[0], int) else None
    is_back = is_back and edge is not None
    beyond = () if edge is None else (model.id > edge,) if is_back else (model.id < edge,)
    order = model.id.asc() if is_back else model.id.desc()
    found = list(
        db.session.scalars(select(model).options(*options).where(*where, *beyond).order_by(order).limit(PAGE + 1))
    )
    has_more, rows = len(found) > PAGE, found[:PAGE]
    rows = rows[::-1] if is_back else rows
    return Listing(
        rows, total,
        paging.encode([rows[-1].id]) if rows and (has_more or is_back) else None,
        paging.encode([rows[0].id]) if rows and (has_more if is_back else edge is not None) else None,
    )  # fmt: skip
