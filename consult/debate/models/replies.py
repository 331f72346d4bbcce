"""Replies, what quotes what, and who has read until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Organisation, one_of
from consult.consultations.models import Position
from consult.consultations.naming import LEVELS
from consult.core import clock
from consult.core.db import Base, link

from .comments import HOLDS, SOURCES, STATES, Comment


class Reply(Base):
    """Debate under a comment; read in the order of `path`, which `branching` explains."""

    __tablename__ = "reply"
    __locked_after__ = "comment"  # which all counters of the thread wait for, so that no two acts wait for each other
    __table_args__ = (
        UniqueConstraint("comment_id", "fingerprint"),
        one_of("state", STATES),
        one_of("source", SOURCES),
        one_of("held_for", HOLDS),
        one_of("named", LEVELS),
        CheckConstraint("state <> 'held' OR (held_for <> '' AND place = 0)", name="held_has_reason_and_no_place"),
        CheckConstraint("author_id IS NOT NULL OR source <> 'web'", name="has_author_or_source"),
        Index("ix_reply_thread", "comment_id", "path"),
        Index("ix_reply_level", "comment_id", "depth", "place"),
        Index("ix_reply_parent", "parent_id", "place"),
        Index("ix_reply_new", "comment_id", "posted_at"),
        Index(
            "ix_reply_unshown",
            "state",
            "comment_id",
            sqlite_where=sql("state <> 'posted'"),
            postgresql_where=sql("state <> 'posted'"),
        ),
        Index("ix_reply_author", "author_id", "id"),
        Index("ix_reply_organisation", "organisation_id", "posted_at", "id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    path: Mapped[str]  # "000001000004": sorts into display order; "" while it waits for a look
    depth: Mapped[int] = mapped_column(default=1)
    place: Mapped[int] = mapped_column(
        default=1
    )  # among those that answer the same; without gaps, for ever; 0: none yet
    answer_count: Mapped[int] = mapped_column(default=0)  # that answer it directly, tombstones too
    below_count: Mapped[int] = mapped_column(default=0)  # shown ones at any depth below
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: from outside
    author_name: Mapped[str]  # what everybody reads; from outside: as the source has it
    named: Mapped[str] = mapped_column(default="name")  # how much of her name its author shows, see `naming`
    named_at: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    category: Mapped[str]
    source: Mapped[str] = mapped_column(default="web")
    source_url: Mapped[str] = mapped_column(default="")
    fingerprint: Mapped[str | None]  # of an imported row: the same file twice changes nothing
    language: Mapped[str] = mapped_column(default="en")
    body: Mapped[str]
    html: Mapped[str]
    state: Mapped[str] = mapped_column(default="posted")
    state_reason: Mapped[str] = mapped_column(default="")
    held_for: Mapped[str] = mapped_column(default="")  # why it waited for a look, or waits
    released_at: Mapped[datetime | None]
    posted_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    edit_number: Mapped[int] = mapped_column(default=0)

    comment: Mapped[Comment] = link()
    organisation: Mapped[Organisation | None] = link()
    positions: Mapped[list[ReplyPosition]] = link(order_by="ReplyPosition.id")


UNSHOWN_REPLY = Reply.state != literal_column("'posted'")  # see UNSHOWN


class ReplyPosition(Base):
    """A position a reply argues from."""

    __tablename__ = "reply_position"
    __table_args__ = (UniqueConstraint("reply_id", "position_id"),)

    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)

    position: Mapped[Position] = link()


class Quotation(Base):
    """Who quotes what: when the source is not shown any more, its words go there, too."""

    __tablename__ = "quotation"
    __table_args__ = (
        CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name="in_one_thing"),
        CheckConstraint("(of_comment_id IS NULL) <> (of_reply_id IS NULL)", name="of_one_thing"),
    )

    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    of_comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    of_reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    held: Mapped[str] = mapped_column(default="[]")  # JSON: quotations put away while the source is not shown


class Visit(Base):
    """When somebody was in a consultation: until when before this visit, and the last sign of life."""

    __tablename__ = "visit"
    __is_unseen__ = True
    __table_args__ = (UniqueConstraint("consultation_id", "person_id"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    before_at: Mapped[datetime]
    latest_at: Mapped[datetime]
