"""What comes by mail, on paper and at meetings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import CATEGORIES, Person, one_of
from consult.consultations.models import Consultation, StoredFile
from consult.consultations.naming import LEVELS
from consult.core import clock
from consult.core.db import Base, link
from consult.debate.models import STANCES, TYPES, Comment

INTAKE_SOURCES = {"email": "E-mail", "paper": "Paper", "meeting": "Meeting"}
INTAKE_STATES = {
    "begun": "To be completed", "entered": "Waits for a second person", "posted": "In the debate", "set_aside": "Set aside",
}  # fmt: skip


class IntakeEntry(Base):
    """What came by mail, on paper or in a meeting: entered by one, compared by another, and only then in the debate.

    Who sent it is known to the staff alone, unless there is consent.
    """

    __tablename__ = "intake_entry"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        one_of("source", INTAKE_SOURCES),
        one_of("state", INTAKE_STATES),
        one_of("category", CATEGORIES),
        one_of("stance", STANCES),
        one_of("type", TYPES),
        one_of("named", LEVELS),
        CheckConstraint("(state = 'posted') = (comment_id IS NOT NULL)", name="posted_as_a_comment"),
        CheckConstraint("(state = 'posted') = (checked_at IS NOT NULL)", name="posted_when_checked"),
        CheckConstraint("checked_by_id <> entered_by_id", name="checked_by_another"),
        CheckConstraint("state <> 'set_aside' OR reason <> ''", name="set_aside_for_a_reason"),
        CheckConstraint("(claimed_by_id IS NULL) = (claimed_at IS NULL)", name="claimed_at_some_time"),
        CheckConstraint("claimed_at IS NULL OR comment_id IS NOT NULL", name="claimed_as_a_comment"),
        Index("ix_intake_entry_state", "consultation_id", "state", "id"),
        Index(
            "uq_intake_entry_message", "consultation_id", "message_id", unique=True,
            sqlite_where=sql("message_id <> ''"), postgresql_where=sql("message_id <> ''"),
        ),
    )  # fmt: skip

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]  # in its consultation, from 1
    state: Mapped[str] = mapped_column(default="begun")
    source: Mapped[str]
    received_on: Mapped[date]  # in the consultation's zone
    sender: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")  # in the sender's words; nobody signed for it
    category: Mapped[str] = mapped_column(default="individual")
    country: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")  # to send a receipt on paper
    language: Mapped[str] = mapped_column(default="en")
    named: Mapped[str] = mapped_column(default="nobody")  # how much of the name may be public, see `naming`
    are_scans_public: Mapped[bool] = mapped_column(default=False)
    positions: Mapped[str] = mapped_column(default="")  # keys, with blanks between
    stance: Mapped[str] = mapped_column(default="")
    type: Mapped[str] = mapped_column(default="general")
    clauses: Mapped[str] = mapped_column(default="")  # their numbers as printed, with commas between
    body: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")  # for colleagues
    message_id: Mapped[str] = mapped_column(default="")
    headers: Mapped[str] = mapped_column(default="")  # of the mail, those that matter
    reason: Mapped[str] = mapped_column(default="")  # why it was set aside
    corrections: Mapped[str] = mapped_column(default="")  # what the second person corrected: names of fields
    edit_number: Mapped[int] = mapped_column(default=0)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: the command line
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    checked_at: Mapped[datetime | None]
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), unique=True)
    code_count: Mapped[int] = mapped_column(default=1)  # codes made for it; only the last one is good
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    claimed_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = link()
    entered_by: Mapped[Person | None] = link(foreign_keys=[entered_by_id])
    checked_by: Mapped[Person | None] = link(foreign_keys=[checked_by_id])
    claimed_by: Mapped[Person | None] = link(foreign_keys=[claimed_by_id])
    comment: Mapped[Comment | None] = link()
    enclosed: Mapped[list[IntakeFile]] = link(order_by="IntakeFile.id")

    @property
    def is_late(self) -> bool:
        """Whether it came after the day on which comments closed."""
        closes_at = self.consultation.closes_at
        return closes_at is not None and self.received_on > clock.day_in(self.consultation.timezone, closes_at)


class IntakeFile(Base):
    """A scan, a mail or an attachment of a contribution."""

    __tablename__ = "intake_file"

    entry_id: Mapped[int] = mapped_column(ForeignKey("intake_entry.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)

    file: Mapped[StoredFile] = link()
