"""Answers to comments: dispositions, how they are made ready together, and what commenters say to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from consult.accounts.models import Person, one_of
from consult.consultations.models import Consultation, Round
from consult.core import clock, ids
from consult.core.db import Base, link
from consult.debate.models import DISPOSITIONS, Comment
from consult.documents.models import Clause

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

DECISIONS = tuple(code for code in DISPOSITIONS if code not in ("unresolved", "withdrawn"))
ACCEPTED = ("accepted", "accepted_modified")


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
        Index("ix_disposition_decider", "decided_by_id", "decided_at"),
        Index(
            "ix_disposition_changing", "comment_id", "id",
            sqlite_where=sql("change_class <> 'none'"), postgresql_where=sql("change_class <> 'none'"),
        ),
    )  # fmt: skip

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)  # None: all of the comment
    code: Mapped[str]
    observation: Mapped[str] = mapped_column(default="")  # Markdown
    html: Mapped[str] = mapped_column(default="")
    change_class: Mapped[str] = mapped_column(default="none")
    change_note: Mapped[str] = mapped_column(default="")  # "Fixed in pull request 1108"
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: imported
    source_note: Mapped[str] = mapped_column(default="")
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))  # given to all comments of a theme at once
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    stands: Mapped[bool | None] = query_expression()  # nothing replaced it; only where a query asks for it

    comment: Mapped[Comment] = link(foreign_keys=[comment_id])
    theme: Mapped[Theme | None] = link()
    clause: Mapped[Clause | None] = link()
    duplicate_of: Mapped[Comment | None] = link(foreign_keys=[duplicate_of_id])
    decided_by: Mapped[Person | None] = link()


CHANGING = Disposition.change_class != literal_column("'none'")  # in the words of its index


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
        Index(
            "ix_acknowledgement_against", "comment_id", "id",
            sqlite_where=sql("said = 'not_satisfied'"), postgresql_where=sql("said = 'not_satisfied'"),
        ),
    )  # fmt: skip

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    disposition_id: Mapped[int] = mapped_column(ForeignKey("disposition.id"), index=True)  # the newest she could read
    said: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")  # Markdown
    html: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    is_open: Mapped[bool | None] = query_expression()  # whether it still counts; only where a query asks for it

    comment: Mapped[Comment] = link()


AGAINST = Acknowledgement.said == literal_column("'not_satisfied'")  # in the words of its index
