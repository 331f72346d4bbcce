"""Traces of what somebody new posted, kept for an hour: they tell a flood from a debate, and hold no words and no address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base


class Trail(Base):
    """One contribution of a person who had nothing on show yet. Nothing leads from it to her or to it."""

    __tablename__ = "trail"
    __is_unseen__ = True
    __table_args__ = (Index("ix_trail_origin", "origin", "at"), Index("ix_trail_words", "words", "at"))

    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    origin: Mapped[str]  # digest of the address range it came from; "": not known
    words: Mapped[str]  # digest of its words
