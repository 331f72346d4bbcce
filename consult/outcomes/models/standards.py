"""Adopted standards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person, one_of
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, link
from consult.documents import frozen
from consult.documents.models import DraftVersion
from consult.learning.models import LICENCES

REVIEWS = {"confirm": "Confirmed", "revise": "To be revised", "withdraw": "Withdrawn"}


# What a citation leads to never changes; a correction is another version.
frozen.guard(
    Base.metadata, [("standard_version", "standard_version_stays", "UPDATE", "TRUE")],
    "an adopted version of a standard never changes",
)  # fmt: skip


class Standard(Base):
    """An adopted draft in the library, across its versions. Its address never changes, also after it was withdrawn."""

    __tablename__ = "standard"
    __table_args__ = (
        CheckConstraint("withdrawn_at IS NOT NULL OR review_at IS NOT NULL", name="reviewed_or_withdrawn"),
        Index("ix_standard_review", "review_at", "id"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    latest: Mapped[int] = mapped_column(default=1)  # number of its newest version
    review_at: Mapped[datetime | None]  # when its owner looks at it again; none once it is withdrawn
    reminded_days: Mapped[int | None]  # the last reminder of that day: so many days before
    withdrawn_at: Mapped[datetime | None]

    versions: Mapped[list[StandardVersion]] = link(back_populates="standard", order_by="StandardVersion.number.desc()")
    reviews: Mapped[list[StandardReview]] = link(order_by="StandardReview.id.desc()")


class StandardVersion(Base):
    """A text as it was adopted, by whom, and how it is cited. Never changes."""

    __tablename__ = "standard_version"
    __table_args__ = (UniqueConstraint("standard_id", "number"), one_of("licence", LICENCES))

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    number: Mapped[int]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    draft_version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"), unique=True)
    title: Mapped[str]
    designation: Mapped[str] = mapped_column(default="")  # as the bodies call it: "IEEE 7000"
    bodies: Mapped[str]  # one name a line
    editors: Mapped[str] = mapped_column(default="")  # one name a line
    licence: Mapped[str] = mapped_column(default="unknown")
    licence_words: Mapped[str] = mapped_column(default="")  # of another one
    language: Mapped[str]
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    adopted_at: Mapped[datetime] = mapped_column(default=clock.now)

    standard: Mapped[Standard] = link(back_populates="versions")
    consultation: Mapped[Consultation] = link()
    text: Mapped[DraftVersion] = link()

    @property
    def licence_name(self) -> str:
        """The licence as people read it."""
        return self.licence_words if self.licence == "other" else LICENCES[self.licence]


class StandardPdf(Base):
    """The PDF of a version, made once by a job and kept."""

    __tablename__ = "standard_pdf"

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), unique=True)
    data: Mapped[bytes] = mapped_column(deferred=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class StandardReview(Base):
    """What its owner decided when a standard was looked at again, with the public reason."""

    __tablename__ = "standard_review"
    __table_args__ = (
        one_of("decision", REVIEWS),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_standard_review_standard", "standard_id", "id"),
    )

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    number: Mapped[int]  # of the version that was looked at
    decision: Mapped[str]
    reason: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person | None] = link()
