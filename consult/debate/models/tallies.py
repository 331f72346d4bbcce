"""Counts of shown comments, kept so that no page has to count them; see `counters`.

Only what everybody who reads the consultation sees is in them: nothing that is held, hidden or withdrawn.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import CATEGORIES, one_of
from consult.core.db import Base

from .comments import DISPOSITIONS, STANCES, TYPES


class RoundTally(Base):
    """How many comments of a round come from this category, with this stance, of this type, with this answer."""

    __tablename__ = "round_tally"
    __table_args__ = (
        UniqueConstraint("round_id", "category", "stance", "type", "disposition"),
        one_of("category", CATEGORIES),
        one_of("stance", STANCES),
        one_of("type", TYPES),
        one_of("disposition", DISPOSITIONS),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    category: Mapped[str]
    stance: Mapped[str]
    type: Mapped[str]
    disposition: Mapped[str]
    count: Mapped[int] = mapped_column(default=0)


class ArgumentTally(Base):
    """How many comments of a category argue from a position."""

    __tablename__ = "argument_tally"
    __table_args__ = (UniqueConstraint("position_id", "category"), one_of("category", CATEGORIES))

    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    category: Mapped[str]
    count: Mapped[int] = mapped_column(default=0)


class VoiceTally(Base):
    """How many organisations, or people with an account who speak for themselves, commented in a category."""

    __tablename__ = "voice_tally"
    __table_args__ = (
        UniqueConstraint("consultation_id", "category", "is_organisation"), one_of("category", CATEGORIES),
    )  # fmt: skip

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    category: Mapped[str]
    is_organisation: Mapped[bool]
    count: Mapped[int] = mapped_column(default=0)


class BodyTally(Base):
    """How many comments of a round were made for an organisation, under the name it had then."""

    __tablename__ = "body_tally"
    __table_args__ = (
        UniqueConstraint("round_id", "organisation_id"),
        Index("ix_body_tally_most", "round_id", "count", "id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    count: Mapped[int] = mapped_column(default=0)
