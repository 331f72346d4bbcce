"""What became of it: a disposition for each comment, a summary whose every sentence has sources, adopted standards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from consult.accounts.models import CATEGORIES, Organisation, Person, one_of
from consult.consultations.models import Consultation, Position, Round
from consult.core import clock, ids
from consult.core.db import Base, link
from consult.debate.models import DISPOSITIONS, Comment
from consult.documents import frozen
from consult.documents.models import Clause, DraftVersion
from consult.learning.models import LICENCES

CHANGE_CLASSES = {
    "none": "No change",
    "editorial": "Editorial change",
    "clarification": "Clarification",
    "technical": "Technical change",
    "new_requirement": "New requirement",
}
SAID = ("satisfied", "not_satisfied")
ACKNOWLEDGEMENTS = {
    "pending": "Not said yet",
    "satisfied": "Satisfied",
    "not_satisfied": "Not satisfied",
    "timed_out": "Did not say",
    "no_account": "Came from outside",
}
REVIEWS = {"confirm": "Confirmed", "revise": "To be revised", "withdraw": "Withdrawn"}
SECTIONS = {"asked": "We asked", "said": "You said", "did": "We did", "not_done": "What did not change, and why"}
OWN = "own"  # a section with a heading of its own
ANSWERS_TO_OBJECTIONS = {"followed": "Followed", "partly": "Followed in part", "not_followed": "Not followed"}

DECISIONS = tuple(code for code in DISPOSITIONS if code not in ("unresolved", "withdrawn"))


def links_of(comment: Comment) -> list[int | None]:
    """What of a comment has an answer of its own: the ids of its clauses, or [None] with one place only."""
    return [clause.id if clause else None for clause in comment.links]


def mark(words: str) -> str:
    """What a form remembers of words it shows: another mark means that somebody changed them."""
    return ids.digest(words)[:16]


class Disposition(Base):
    """A decision on a comment, or on one of its clauses, with its observation. Never overwritten: a new row replaces an older one."""

    __tablename__ = "disposition"
    __table_args__ = (
        one_of("code", DISPOSITIONS),
        one_of("change_class", CHANGE_CLASSES),
        CheckConstraint("code IN ('accepted', 'withdrawn', 'unresolved') OR observation <> ''", name="has_reason"),
        CheckConstraint("code <> 'duplicate' OR duplicate_of_id IS NOT NULL", name="duplicate_names_target"),
        Index("ix_disposition_comment", "comment_id", "id"),
        Index("ix_disposition_theme", "theme_id", "decided_at"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)  # None: all of the comment
    code: Mapped[str]
    observation: Mapped[str] = mapped_column(default="")  # Markdown
    html: Mapped[str] = mapped_column(default="")
    change_class: Mapped[str] = mapped_column(default="none")
    change_note: Mapped[str] = mapped_column(default="")  # "Fixed in pull request 1108"
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: imported
    source_note: Mapped[str] = mapped_column(default="")
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))  # given to all comments of a theme at once
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    stands: Mapped[bool | None] = query_expression()  # nothing replaced it; only where a query asks for it

    comment: Mapped[Comment] = link(foreign_keys=[comment_id])
    theme: Mapped[Theme | None] = link()
    clause: Mapped[Clause | None] = link()
    duplicate_of: Mapped[Comment | None] = link(foreign_keys=[duplicate_of_id])
    decided_by: Mapped[Person | None] = link()


class Theme(Base):
    """What several comments of a round say, so that they are answered together."""

    __tablename__ = "theme"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("name <> ''", name="has_name"),
        Index("ix_theme_round", "round_id", "number"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]  # in its address, never used again
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")  # Markdown
    html: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    consultation: Mapped[Consultation] = link()
    round: Mapped[Round] = link()


class ThemeComment(Base):
    """A comment that is in a theme now: in one at most. What it was answered there stays in its history."""

    __tablename__ = "theme_comment"
    __table_args__ = (Index("ix_theme_comment_theme", "theme_id", "comment_id"),)

    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), unique=True)

    theme: Mapped[Theme] = link()


class AnswerTemplate(Base):
    """Words moderators give often. An answer takes a copy, so a later edit changes none that was given."""

    __tablename__ = "answer_template"
    __table_args__ = (
        UniqueConstraint("consultation_id", "name"),
        CheckConstraint("name <> '' AND text <> ''", name="says_something"),
        one_of("code", ("", *DECISIONS)),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    name: Mapped[str]
    code: Mapped[str] = mapped_column(default="")  # the decision it belongs to; "": any
    text: Mapped[str]  # Markdown, with the placeholders of `outcomes.placeholders`
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    edited_at: Mapped[datetime] = mapped_column(default=clock.now)

    consultation: Mapped[Consultation] = link()


class SavedView(Base):
    """Filters of the table under a name, for oneself or for the team."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("consultation_id", "person_id", "name"),
        CheckConstraint("name <> ''", name="has_name"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]  # as in an address: "show=open&clause=6.3"
    is_shared: Mapped[bool] = mapped_column(default=False)

    consultation: Mapped[Consultation] = link()
    person: Mapped[Person] = link()


class Assignment(Base):
    """One act: comments given to a colleague to answer, perhaps until a day. To nobody: what was given is given back."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR due_at IS NULL", name="nobody_has_no_day"),
        Index("ix_assignment_due", "reminded_at", "due_at"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_at: Mapped[datetime | None]
    size: Mapped[int]  # how many comments
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    taken_back_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    left: Mapped[int | None] = query_expression()  # of its comments, how many wait; only where a query asks for it

    consultation: Mapped[Consultation] = link()
    person: Mapped[Person | None] = link(foreign_keys=[person_id])
    made_by: Mapped[Person] = link(foreign_keys=[made_by_id])


class AssignedComment(Base):
    """A comment of an assignment; the current one of each comment says whose work it is."""

    __tablename__ = "assigned_comment"
    __table_args__ = (
        UniqueConstraint("assignment_id", "comment_id"),
        Index(
            "ix_assigned_comment_current", "comment_id", unique=True,
            sqlite_where=sql("is_current"), postgresql_where=sql("is_current"),
        ),
        Index("ix_assigned_comment_history", "comment_id", "assignment_id"),
    )  # fmt: skip

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    is_current: Mapped[bool] = mapped_column(default=True)

    assignment: Mapped[Assignment] = link()


class Acknowledgement(Base):
    """What a commenter says of the answer, during the review. Never overwritten: her newest word counts."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        one_of("said", SAID),
        CheckConstraint("said = 'satisfied' OR reason <> ''", name="has_reason"),
        Index("ix_acknowledgement_comment", "comment_id", "id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    disposition_id: Mapped[int] = mapped_column(ForeignKey("disposition.id"), index=True)  # the newest she could read
    said: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")  # Markdown
    html: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    is_open: Mapped[bool | None] = query_expression()  # whether it still counts; only where a query asks for it

    comment: Mapped[Comment] = link()


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
    person_name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    category: Mapped[str]
    text: Mapped[str]  # Markdown
    html: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
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
        return not self.decision and self.withdrawn_at is None


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
