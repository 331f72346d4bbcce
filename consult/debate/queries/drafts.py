"""What one began to write. Only its author ever sees it: no role does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock, text
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate import rules
from consult.debate.models import CommentDraft
from consult.documents.models import Clause, Draft, DraftVersion

PAGE = 20
PUT_BACK = timedelta(days=30)  # for so long a discarded draft can be put back


class Begun(Record):
    """A draft as its author sees it."""

    id: int
    edit_number: int
    sheet: str
    updated_at: datetime
    fields: dict[str, Any]

    @property
    def passages(self) -> Sequence[str]:
        """The words it quotes, by their names."""
        return [str(name) for name in self.fields.get("passages", ())]

    @property
    def body(self) -> str:
        return str(self.fields.get("body", ""))


def begun(*, viewer: Actor, version: DraftVersion, place: str) -> Begun | None:
    """What this viewer began to write at this place (Writing.place) of a version and has not put away."""
    if not viewer.is_authenticated:
        return None
    row = db.session.scalars(
        select(CommentDraft).where(
            _mine(viewer), CommentDraft.version_id == version.id, CommentDraft.place == place,
            CommentDraft.discarded_at.is_(None),
        )
    ).first()  # fmt: skip
    return _begun(row) if row else None


def _mine(viewer: Actor) -> ColumnElement[bool]:
    return CommentDraft.person_id == viewer.person_id


def _begun(row: CommentDraft) -> Begun:
    return Begun(row.id, row.edit_number, row.sheet, row.updated_at, json.loads(row.fields))


def find_draft(*, viewer: Actor, draft_id: int) -> CommentDraft:
    """One of the viewer's own drafts, discarded or not; anybody else's is Missing."""
    row = db.session.scalars(select(CommentDraft).where(_mine(viewer), CommentDraft.id == draft_id)).first()
    if row is None or not viewer.is_authenticated:
        raise Missing("You have no such draft. Perhaps it was posted.")
    return row


class DraftLine(Record):
    """A draft in the list of one's drafts."""

    id: int
    slug: str
    title: str
    timezone: str
    version: int
    keys: Sequence[str]
    name: str  # of its clauses
    begins: str
    body: str
    new_text: str
    updated_at: datetime
    is_discarded: bool
    may_go_on: Verdict


def my_drafts(*, viewer: Actor, after: str | None = None) -> Listing[DraftLine]:
    """What this viewer began, the newest first; what was put away is among it until it is forgotten."""
    statement = (
        select(CommentDraft, Consultation)
        .join(CommentDraft.version)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .options(joinedload(CommentDraft.version).joinedload(DraftVersion.round))
        .where(_mine(viewer), consultations.visible_to(viewer))
        .order_by(CommentDraft.updated_at.desc(), CommentDraft.id.desc())
        .limit(PAGE + 1)
    )
    total = db.session.scalar(statement.with_only_columns(func.count()).order_by(None).limit(None)) or 0
    start = decode(after, 2)
    if start and all(isinstance(part, str) for part in start):
        moment, last = _moment(str(start[0])), int(start[1]) if str(start[1]).isdecimal() else 0
        same = (CommentDraft.updated_at == moment) & (CommentDraft.id < last)
        statement = statement.where((CommentDraft.updated_at < moment) | same)
    rows = db.session.execute(statement).all()
    names = _names([row for row, _of in rows[:PAGE]])
    last_row = rows[PAGE - 1][0] if len(rows) > PAGE else None
    cursor = encode([last_row.updated_at.isoformat(), str(last_row.id)]) if last_row else None
    return Listing([_line(viewer, row, of, names) for row, of in rows[:PAGE]], total, next_cursor=cursor)


def _moment(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return clock.now()


def _names(rows: Sequence[CommentDraft]) -> dict[tuple[int, str], str]:
    """What the clauses are called that these are about."""
    versions, keys = {row.version_id for row in rows}, {key for row in rows for key in row.place.split()}
    found = db.session.scalars(select(Clause).where(Clause.version_id.in_(versions), Clause.key.in_(keys)))
    return {(clause.version_id, clause.key): clause.name for clause in found}


def _line(viewer: Actor, row: CommentDraft, of: Consultation, names: dict[tuple[int, str], str]) -> DraftLine:
    fields, keys = json.loads(row.fields), row.place.split()
    body = str(fields.get("body", ""))
    return DraftLine(
        id=row.id, slug=of.slug, title=of.title, timezone=of.timezone, version=row.version.number, keys=keys,
        name=", ".join(names.get((row.version_id, key), key) for key in keys) or "The draft as a whole",
        begins=text.excerpt(" ".join(body.split()), 160), body=body, new_text=str(fields.get("new_text") or ""),
        updated_at=row.updated_at, is_discarded=row.discarded_at is not None,
        may_go_on=rules.may_keep_draft(viewer, of) and rules.is_up(row.version),
    )  # fmt: skip


def has_discarded_before(*, viewer: Actor, moment: datetime) -> bool:
    """Whether drafts wait to be forgotten."""
    return bool(db.session.scalar(select(exists().where(CommentDraft.discarded_at < moment))))
