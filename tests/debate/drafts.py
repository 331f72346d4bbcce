"""A draft that goes through several versions, with comments on words of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import has_app_context
from sqlalchemy import select, update

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.jobs import run_due
from consult.core.rules import SYSTEM
from consult.debate.models import Anchor, CarriedAnchor, Comment
from consult.documents import operations
from consult.documents.anchoring import CONTEXT
from consult.documents.importers import read
from consult.documents.models import Clause, Draft, DraftVersion
from tests.make import Make

RECORD = "Providers of models shall keep a record of every change for 30 days after it was made."
FREE = "Small providers and research institutes shall not pay any fee for the first year of registration."
SHOW = "On request of the authority they show that record without undue delay and free of charge."
FIRST = f"# 1 Scope\n\nThis applies to all providers.\n\n# 2 Duties\n\n{RECORD}\n\n{SHOW}\n\n# 3 Fees\n\n{FREE}\n"
# The record is kept longer, the request stays, the fees are gone, and the numbers have moved.
SECOND = (
    "# 1 Scope\n\nThis applies to all providers.\n\n# 2 Terms\n\nA model is what a provider offers to others.\n\n"
    f"# 3 Duties\n\n{RECORD.replace('30 days', '90 days')}\n\n{SHOW}\n"
)


class Drafts:
    """One consultation; `next` makes a text public as the next version."""

    def __init__(self, make: Make, text: str = FIRST) -> None:
        self.make = make
        self.consultation: Consultation = make.consultation("draft")
        self.slug = self.consultation.slug
        self.first = self._bring(text)
        self._set(state="published")
        self._freeze(self.first)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """An application context, if there is none."""
        if has_app_context():
            yield
            return
        with self.make.app.app_context():
            yield
            db.session.remove()

    def _set(self, **values: Any) -> None:
        with self.make.writing() as session:
            session.execute(update(Consultation).where(Consultation.id == self.consultation.id).values(**values))
        self.consultation.state = values.get("state", self.consultation.state)

    def _bring(self, text: str) -> DraftVersion:
        with self.inside():
            consultation = db.session.get_one(Consultation, self.consultation.id)
            return operations.import_version(
                actor=SYSTEM, consultation=consultation, parsed=read(text), source_name="d.md", source=text.encode()
            )

    def _freeze(self, version: DraftVersion) -> None:
        with self.inside():
            row = db.session.get_one(DraftVersion, version.id)
            row.draft = db.session.get_one(Draft, row.draft_id)
            row.draft.consultation = db.session.get_one(Consultation, self.consultation.id)
            operations.freeze_version(actor=SYSTEM, version=row)

    def next(self, text: str = SECOND, *, is_carried: bool = True) -> DraftVersion:
        """The next version, public; its job done, unless that is to wait."""
        version = self._bring(text)
        self._freeze(version)
        if is_carried:
            self.work()
        return version

    def work(self) -> None:
        """Do every job that is due."""
        with self.inside():
            while run_due():
                pass

    def clause(self, words: str, version: DraftVersion | None = None) -> Clause:
        """The clause of a version that says this."""
        return next(c for c in self.make.clauses(version or self.first) if words in c.text)

    def comment(self, clause_says: str, quote: str = "", author: Person | None = None, **values: Any) -> Comment:
        """A comment on words of a clause of the first version, or on the clause."""
        clause = self.clause(clause_says)
        comment = self.make.comment(self.consultation, None, author=author, place=clause.rank, **values)
        start = clause.text.index(quote) if quote else None
        end = start + len(quote) if start is not None else None
        with self.make.writing() as session:
            session.execute(Anchor.__table__.delete().where(Anchor.comment_id == comment.id))
            session.add(
                Anchor(
                    comment_id=comment.id, clause_id=clause.id, quote=quote, start=start, end=end,
                    prefix=clause.text[max(0, start - CONTEXT) : start] if start is not None else "",
                    suffix=clause.text[end : end + CONTEXT] if end is not None else "",
                )
            )  # fmt: skip
        return comment

    def carried(self, comment: Comment, version: DraftVersion) -> CarriedAnchor:
        """What became of a comment in a version."""
        there = (CarriedAnchor.comment_id == comment.id) & (CarriedAnchor.version_id == version.id)
        with self.inside():
            return db.session.scalars(
                select(CarriedAnchor).where(there).execution_options(populate_existing=True)
            ).one()

    def rows(self, model: Any = CarriedAnchor) -> list[dict[str, Any]]:
        """Every row of a table, as it is."""
        with self.inside():
            found = db.session.execute(model.__table__.select().order_by(model.id)).mappings()
            return [dict(row) for row in found]
