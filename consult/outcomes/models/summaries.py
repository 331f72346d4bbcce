"""The summary: its sentences and their sources, who approved it, what is said against it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import CATEGORIES, Organisation, Person, one_of
from consult.consultations.models import Consultation, Position, Round
from consult.consultations.naming import LEVELS
from consult.core import clock
from consult.core.db import Base, link
from consult.debate.models import Comment
from consult.documents.models import Clause

from .answers import mark

SECTIONS = {"asked": "We asked", "said": "You said", "did": "We did", "not_done": "What did not change, and why"}
OWN = "own"  # a section with a heading of its own
ANSWERS_TO_OBJECTIONS = {"followed": "Followed", "partly": "Followed in part", "not_followed": "Not followed"}


class OutcomeSummary(Base):
    """A version of the account of a round: we asked, you said, we did. A published one never changes; a later one corrects it."""

    __tablename__ = "outcome_summary"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("number = 1 OR reason <> ''", name="correction_has_reason"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="")  # what the version before got wrong
    headline: Mapped[str] = mapped_column(default="")
    edit_number: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = link()
    round: Mapped[Round] = link()
    statements: Mapped[list[Statement]] = link(back_populates="summary", order_by="Statement.rank")


class SummaryWriter(Base):
    """Somebody who changed anything in a version of a summary, and so does not approve it."""

    __tablename__ = "summary_writer"
    __table_args__ = (UniqueConstraint("summary_id", "person_id"),)

    summary_id: Mapped[int] = mapped_column(ForeignKey("outcome_summary.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Approval(Base):
    """A second person's yes to exactly these words. It stands until the summary has another edit number."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("summary_id", "edit_number"),)

    summary_id: Mapped[int] = mapped_column(ForeignKey("outcome_summary.id"))
    edit_number: Mapped[int]
    digest: Mapped[str]  # SHA-256 of what was read, see `seal`
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    approved_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = link()


class Statement(Base):
    """One sentence of the summary."""

    __tablename__ = "statement"
    __table_args__ = (
        one_of("section", (*SECTIONS, OWN)),
        CheckConstraint("(section = 'own') = (heading <> '')", name="own_section_has_heading"),
        Index("ix_statement_rank", "summary_id", "rank"),
    )

    summary_id: Mapped[int] = mapped_column(ForeignKey("outcome_summary.id"))
    section: Mapped[str]
    heading: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    html: Mapped[str]
    rank: Mapped[int]
    is_minority: Mapped[bool] = mapped_column(default=False)

    summary: Mapped[OutcomeSummary] = link(back_populates="statements")
    citations: Mapped[list[Citation]] = link(back_populates="statement", order_by="Citation.id")

    @property
    def mark(self) -> str:
        return mark(f"{self.section} {self.heading} {self.is_minority} {self.text}")


class Citation(Base):
    """A comment that a statement rests on."""

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("statement_id", "comment_id"),
        Index("ix_citation_comment", "comment_id"),
    )

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))

    statement: Mapped[Statement] = link(back_populates="citations")
    comment: Mapped[Comment] = link()


class Omission(Base):
    """Why a view that few argue has no sentence. No clause: the view of few in the round as a whole."""

    __tablename__ = "omission"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_omission_summary", "summary_id", "id"),
    )

    summary_id: Mapped[int] = mapped_column(ForeignKey("outcome_summary.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    reason: Mapped[str]

    position: Mapped[Position] = link()
    clause: Mapped[Clause | None] = link()


class Objection(Base):
    """What somebody objects to in a summary under review, and the answer everybody reads."""

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        one_of("category", CATEGORIES),
        one_of("named", LEVELS),
        one_of("decision", ("", *ANSWERS_TO_OBJECTIONS)),
        CheckConstraint("(decision = '') = (answered_at IS NULL)", name="answered_at_some_time"),
        CheckConstraint("decision = '' OR answer <> ''", name="answer_has_reason"),
        CheckConstraint("withdrawn_at IS NULL OR decision = ''", name="withdrawn_or_answered"),
        Index("ix_objection_statement", "statement_id", "id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"))  # None: the whole, or it was removed
    quote: Mapped[str] = mapped_column(default="")  # the sentence as it was then; "": the summary as a whole
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_name: Mapped[str]  # what everybody reads
    named: Mapped[str] = mapped_column(default="name")  # how much of her name she shows, see `naming`
    named_at: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    category: Mapped[str]
    text: Mapped[str]  # Markdown
    html: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]  # by a moderator, as the newest `ObjectionAct` says
    decision: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")  # Markdown
    answer_html: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = link()
    round: Mapped[Round] = link()
    organisation: Mapped[Organisation | None] = link()

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return not self.decision and self.withdrawn_at is None and self.hidden_at is None


class Immateriality(Base):
    """Why the changes of a round are not material, so that its draft may be adopted without another round. Only added."""

    __tablename__ = "immateriality"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_immateriality_round", "round_id", "id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    last_answer_id: Mapped[int] = mapped_column(ForeignKey("disposition.id"), index=True)  # the newest it was said of
    reason: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = link()
