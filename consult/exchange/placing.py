"""Where suggestions of a review belong: the version of the draft that was current when they were made, and its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion

from . import suggestions
from .importers.table import CommentRow

NO_WORDS = ("table", "code", "figure")  # a suggestion's lines are not their words


class Found(Record):
    """The clause a suggestion rewrites, in its version, and what it would say then."""

    version: DraftVersion
    clause: Clause
    new_text: str


class Placer:
    """Finds the place of one suggestion after the other; reads a version when the first one needs it."""

    def __init__(self, viewer: Actor, consultation: Consultation, since: Mapping[int, datetime]) -> None:
        rows = documents.versions(viewer=viewer, consultation_id=consultation.id)
        public = [(since.get(row.number, row.frozen_at), row) for row in rows if row.frozen_at is not None]
        self.versions = sorted(((at, row) for at, row in public if at is not None), key=lambda one: one[0])
        self.read: dict[int, tuple[Sequence[Clause], list[suggestions.Unit]]] = {}

    def find(self, row: CommentRow) -> Found | None:
        """The place of a row's suggestion; None where nobody could be sure of it."""
        if not row.suggests or row.posted_at is None:
            return None
        current = [version for at, version in self.versions if at <= row.posted_at]
        if not current or (current[-1].round is not None and current[-1].round.is_over):
            return None
        clauses, units = self._units(current[-1])
        placed = suggestions.find(row.suggests, units)
        return Found(current[-1], clauses[placed.place], placed.new_text) if placed else None

    def _units(self, version: DraftVersion) -> tuple[Sequence[Clause], list[suggestions.Unit]]:
        if version.id not in self.read:
            clauses = db.session.scalars(
                select(Clause)
                .where(Clause.version_id == version.id, Clause.kind.not_in(NO_WORDS))
                .order_by(Clause.rank)
            ).all()
            lines = _lines(version)
            units = [suggestions.Unit(row.text, suggestions.edges(row.text, lines)) for row in clauses]
            self.read[version.id] = (clauses, units)
        return self.read[version.id]


def _lines(version: DraftVersion) -> list[str]:
    """The lines of the file a version came from, as the words of a unit; none where it is no text."""
    source = db.session.scalars(
        select(DraftVersion).options(undefer(DraftVersion.source)).where(DraftVersion.id == version.id)
    ).one().source  # fmt: skip
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return []
    return [words for line in text.split("\n") if (words := suggestions.words(line))]
