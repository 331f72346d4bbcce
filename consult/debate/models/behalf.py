"""What the members of an organisation write together before it is said in its name. Nobody else ever sees it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Organisation, Person, one_of
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, link
from consult.documents.models import DraftVersion

from .comments import Comment

STAGES = ("open", "proposed", "posted", "dropped")
ACTS = ("note", "proposed", "sent_back", "posted", "dropped", "taken_up")


class OrganisationDraft(Base):
    """A comment that members write together; it is said when a signatory signs it, or one of them posts it as her own."""

    __tablename__ = "organisation_draft"
    __table_args__ = (
        one_of("stage", STAGES),
        CheckConstraint("(stage = 'posted') = (comment_id IS NOT NULL)", name="posted_as_a_comment"),
        CheckConstraint("(stage = 'proposed') = (proposed_at IS NOT NULL)", name="proposed_at_some_time"),
        Index("ix_organisation_draft_newest", "organisation_id", "stage", "updated_at", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"), index=True)
    place: Mapped[str]  # the keys of its clauses, a blank between them; "": the whole draft
    fields: Mapped[str]  # JSON: what was typed and chosen, by name
    stage: Mapped[str] = mapped_column(default="open")
    edit_number: Mapped[int] = mapped_column(default=1)
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    proposed_at: Mapped[datetime | None]
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), unique=True)

    organisation: Mapped[Organisation] = link()
    consultation: Mapped[Consultation] = link()
    version: Mapped[DraftVersion] = link()
    begun_by: Mapped[Person] = link(foreign_keys=[begun_by_id])
    updated_by: Mapped[Person] = link(foreign_keys=[updated_by_id])
    comment: Mapped[Comment | None] = link()


class OrganisationRevision(Base):
    """What a shared draft said, from the first wording to the last, and who wrote it."""

    __tablename__ = "organisation_revision"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("organisation_draft.id"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    fields: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = link()


class OrganisationNote(Base):
    """What members say to each other about a shared draft, and what they did with it."""

    __tablename__ = "organisation_note"
    __table_args__ = (one_of("act", ACTS), Index("ix_organisation_note_thread", "draft_id", "id"))

    draft_id: Mapped[int] = mapped_column(ForeignKey("organisation_draft.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    act: Mapped[str] = mapped_column(default="note")
    body: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = link()
