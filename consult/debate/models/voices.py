"""Votes and names under the comments of others, and what somebody has only begun to write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import CATEGORIES, Organisation, one_of
from consult.consultations.naming import LEVELS
from consult.core import clock
from consult.core.db import Base, link
from consult.documents.models import DraftVersion

from .comments import Comment

CHOICES = ("agree", "disagree", "pass")


class Vote(Base):
    """Agree, disagree or pass; one per person and comment."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("comment_id", "person_id"),
        one_of("choice", CHOICES),
        one_of("category", CATEGORIES),
        Index("ix_vote_person", "person_id", "voted_at", "id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: erased, the vote still counts
    choice: Mapped[str]
    category: Mapped[str]  # of the person, or the organisation spoken for, at voting
    voted_at: Mapped[datetime] = mapped_column(default=clock.now)


class VoteTally(Base):
    """How many people of one interest category chose what, kept."""

    __tablename__ = "vote_tally"
    __table_args__ = (UniqueConstraint("comment_id", "category"), one_of("category", CATEGORIES))

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    category: Mapped[str]
    agree_count: Mapped[int] = mapped_column(default=0)
    disagree_count: Mapped[int] = mapped_column(default=0)
    pass_count: Mapped[int] = mapped_column(default=0)


class Cosignature(Base):
    """A name under somebody else's comment: a person's, or an organisation's; what it adds is a reply of its own."""

    __tablename__ = "cosignature"
    __table_args__ = (
        UniqueConstraint("comment_id", "person_id"),
        UniqueConstraint("comment_id", "organisation_id"),  # an organisation counts once, whoever signs for it
        one_of("category", CATEGORIES),
        one_of("named", LEVELS),
        Index("ix_cosignature_newest", "comment_id", "id"),
        Index("ix_cosignature_person", "person_id", "id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]  # what everybody reads: of the person, as it was when she signed, or what stands in its place
    named: Mapped[str] = mapped_column(default="name")  # how much of her name she shows, see `naming`
    named_at: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # signed for
    category: Mapped[str]
    edit_number: Mapped[int]  # of the comment, when it was signed: what was signed is known
    is_counted: Mapped[bool] = mapped_column(
        default=True
    )  # not, while another name is the same organisation by a merge
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), unique=True)  # what she added
    signed_at: Mapped[datetime] = mapped_column(default=clock.now)

    comment: Mapped[Comment] = link()
    organisation: Mapped[Organisation | None] = link()


class CosignatureTally(Base):
    """How many names of a category stand under a comment; kept, so that no page counts them."""

    __tablename__ = "cosignature_tally"
    __table_args__ = (UniqueConstraint("comment_id", "category"), one_of("category", CATEGORIES))

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    category: Mapped[str]
    count: Mapped[int] = mapped_column(default=0)


class CommentDraft(Base):
    """What somebody began to write at one place and has not posted; nobody else ever sees it."""

    __tablename__ = "comment_draft"
    __is_unseen__ = True
    __table_args__ = (
        UniqueConstraint("person_id", "version_id", "place"),
        Index("ix_comment_draft_newest", "person_id", "updated_at", "id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"), index=True)
    place: Mapped[str]  # the keys of its clauses, a blank between them; "": the whole draft
    sheet: Mapped[str]  # the form it was typed into last
    fields: Mapped[str]  # JSON: what was typed and chosen, by name
    edit_number: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    discarded_at: Mapped[datetime | None] = mapped_column(index=True)

    version: Mapped[DraftVersion] = link()
