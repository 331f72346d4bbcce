"""What somebody asked for about her own data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base


class Erasure(Base):
    """Somebody asked to be erased: carried out on a day, unless she takes it back. The row stays as the proof."""

    __tablename__ = "erasure"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    words_go: Mapped[bool]  # what she said in public goes, too
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class DataCopy(Base):
    """A copy of what is kept about a person: asked for, being made, ready for some days. One for each person."""

    __tablename__ = "data_copy"
    __table_args__ = (CheckConstraint("(ready_at IS NULL) = (name = '')", name="ready_has_a_file"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    total: Mapped[int] = mapped_column(default=0)  # kinds of rows to look through; 0: not begun
    done: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(default="")  # of the file, which nobody guesses
    size: Mapped[int] = mapped_column(default=0)  # bytes
    ready_at: Mapped[datetime | None] = mapped_column(index=True)
