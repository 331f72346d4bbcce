"""A consultation whose comments are being answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.db import Base, db
from consult.core.rules import SYSTEM
from consult.debate.models import Anchor, Comment
from consult.documents.models import Clause
from consult.outcomes import operations, queries
from tests.make import Make


class World:
    """A closed consultation with a moderator, two clauses, and as many comments as one asks for."""

    def __init__(self, make: Make, state: str = "analysis", **values: Any) -> None:
        self.make = make
        self.consultation: Consultation = make.consultation(state, **values)
        self.slug = self.consultation.slug
        self.moderator: Person = make.staff(self.consultation, "moderator", "Mia Moderator")
        self.clauses: list[Clause] = make.clauses(make.version(self.consultation))

    def comment(self, clause: int = 1, **values: Any) -> Comment:
        return self.make.comment(self.consultation, self.clauses[clause], **values)

    def on(self, *clauses: int, **values: Any) -> Comment:
        """A comment on several clauses."""
        row = self.comment(clauses[0], **values)
        for clause in clauses[1:]:
            self.make.row(Anchor(comment_id=row.id, clause_id=self.clauses[clause].id, status="exact"))
        return row

    def comments(self, count: int, **values: Any) -> list[Comment]:
        return [self.comment(**values) for _ in range(count)]

    def found(self) -> Consultation:
        """The consultation as pages load it."""
        return consultations.find(viewer=SYSTEM, slug=self.slug)

    def approve(self, second: Person | None = None) -> Person:
        """A second person approves the summary as it is now."""
        second = second or self.make.staff(self.consultation, "organiser", "Olga Organiser")
        found = self.found()
        seen = queries.account(viewer=SYSTEM, consultation=found, of=found.round, is_draft=True).digest
        operations.approve_summary(actor=self.make.actor(second), consultation=self.consultation, seen=seen)
        return second

    def set(self, row: Base, **values: Any) -> None:
        """Change columns of a row behind everybody's back."""
        with self.make.writing() as session:
            session.execute(update(type(row)).where(type(row).id == row.id).values(**values))

    def row(self, comment: Comment) -> Comment:
        """A comment as operations want it, with its consultation and its organisation."""
        return db.session.scalars(
            select(Comment)
            .options(joinedload(Comment.consultation), joinedload(Comment.round), joinedload(Comment.organisation))
            .where(Comment.id == comment.id)
        ).one()


NAUGHTY = (
    "\x00", "a\x00b", "' OR 1=1 --", "<script>alert(1)</script>", "\u202etfel ot thgir", "👩‍👩‍👧",
    "=cmd|' /C calc'!A0", "../../etc/passwd", "\ufeff", "-1", "9" * 30, "\\", "A" * 5_000,
)  # fmt: skip
