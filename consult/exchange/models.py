"""What was brought in: each file once, and the fate of each of its rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person, one_of
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, link
from consult.debate.models import Comment

FATES = ("created", "updated", "duplicate", "error")


class ImportBatch(Base):
    """A file of comments that changed something when it was brought in."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_file", "consultation_id", "profile", "reference"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    profile: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")  # the draft it is about, as the file says
    source_name: Mapped[str]
    sha256: Mapped[str]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: the command line
    imported_at: Mapped[datetime] = mapped_column(default=clock.now)

    consultation: Mapped[Consultation] = link()
    imported_by: Mapped[Person | None] = link()
    rows: Mapped[list[ImportRow]] = link(back_populates="batch", order_by="ImportRow.line")


class ImportRow(Base):
    """One row of a file, and what became of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        one_of("fate", FATES),
        CheckConstraint("sentence <> ''", name="has_sentence"),
        CheckConstraint("fate = 'error' OR comment_id IS NOT NULL", name="leads_to_its_comment"),
        Index("ix_import_row_external", "external_id", "batch_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    external_id: Mapped[str] = mapped_column(default="")
    fate: Mapped[str]
    sentence: Mapped[str]
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)  # it is, or stands under
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)  # it is

    batch: Mapped[ImportBatch] = link(back_populates="rows")
    comment: Mapped[Comment | None] = link()
