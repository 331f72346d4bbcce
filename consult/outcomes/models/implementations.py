"""What became of an accepted change in a later draft: an axis of its own, only ever added to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person, one_of
from consult.core import clock
from consult.core.db import Base, link
from consult.documents.models import Clause, DraftVersion

from .answers import Disposition

IMPLEMENTATIONS = {"not_needed": "Nothing to change", "to_do": "To do", "applied": "Applied", "verified": "Verified"}
NOTED = ("to_do", "applied", "verified")


class Implementation(Base):
    """Somebody applied an answer in a version, somebody else verified it, or it is to be done again. The newest counts."""

    __tablename__ = "implementation"
    __table_args__ = (
        one_of("state", NOTED),
        CheckConstraint("(state = 'to_do') = (version_id IS NULL)", name="names_version"),
        CheckConstraint("state <> 'to_do' OR (note <> '' AND clause_id IS NULL)", name="again_for_a_reason"),
        CheckConstraint(
            "(state = 'verified') = (applied_by_id IS NOT NULL) AND (state <> 'verified' OR applied_by_id <> by_id)",
            name="verified_by_somebody_else",
        ),
        Index("ix_implementation_disposition", "disposition_id", "id"),
    )

    disposition_id: Mapped[int] = mapped_column(ForeignKey("disposition.id"))
    state: Mapped[str]  # without a row an answer that changes the draft is to do
    version_id: Mapped[int | None] = mapped_column(ForeignKey("draft_version.id"), index=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)  # of that version
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # whose work was verified
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)

    disposition: Mapped[Disposition] = link()
    version: Mapped[DraftVersion | None] = link()
    clause: Mapped[Clause | None] = link()
    by: Mapped[Person] = link(foreign_keys=[by_id])
