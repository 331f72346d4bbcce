"""A consultation whose comments are being answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate.models import Comment
from consult.documents.models import Clause
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

    def comments(self, count: int, **values: Any) -> list[Comment]:
        return [self.comment(**values) for _ in range(count)]

    def found(self) -> Consultation:
        """The consultation as pages load it."""
        return consultations.find(viewer=SYSTEM, slug=self.slug)

    def row(self, comment: Comment) -> Comment:
        """A comment as operations want it, with its consultation and its organisation."""
        return db.session.scalars(
            select(Comment)
            .options(joinedload(Comment.consultation), joinedload(Comment.organisation))
            .where(Comment.id == comment.id)
        ).one()
