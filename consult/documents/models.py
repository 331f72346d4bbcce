"""Drafts, their immutable versions, and the numbered units people comment on.

That a published version never changes is the database's own rule: see frozen.py.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import one_of
from consult.consultations.models import Consultation, Position, Round
from consult.core import clock
from consult.core.db import Base, link
from consult.core.text import excerpt

from . import frozen

frozen.guard(Base.metadata)


class Draft(Base):
    """The document being consulted, across its versions."""

    __tablename__ = "draft"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    title: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    consultation: Mapped[Consultation] = link()
    versions: Mapped[list[DraftVersion]] = link(back_populates="draft", order_by="DraftVersion.number")


class DraftVersion(Base):
    """One text of a draft. Frozen (with its SHA-256) when announced; from then on it never changes."""

    __tablename__ = "draft_version"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(default="")  # as the body calls it: "csd01"
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), unique=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("draft_version.id"), index=True)
    source_name: Mapped[str]
    source_format: Mapped[str]
    source: Mapped[bytes] = mapped_column(deferred=True)  # the file as it arrived
    sha256: Mapped[str]  # of `source`
    warnings: Mapped[str] = mapped_column(default="[]")  # JSON list of sentences
    change_note: Mapped[str] = mapped_column(default="")
    edits: Mapped[str] = mapped_column(default="[]")  # JSON: what an editor corrected in the structure that was found
    lines_tool: Mapped[int] = mapped_column(default=1)  # by which way of breaking lines they are numbered
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    frozen_at: Mapped[datetime | None]

    draft: Mapped[Draft] = link(back_populates="versions")
    round: Mapped[Round | None] = link()
    pages: Mapped[list[ReadingPage]] = link(back_populates="version", order_by="ReadingPage.rank")


class ReadingPage(Base):
    """A stretch of a version that is read on one page."""

    __tablename__ = "reading_page"
    __table_args__ = (UniqueConstraint("version_id", "key"), Index("ix_reading_page_rank", "version_id", "rank"))

    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"))
    key: Mapped[str]
    rank: Mapped[int]
    label: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    crumbs: Mapped[str] = mapped_column(default="")  # titles of the headings above, joined by " · "
    comment_count: Mapped[int] = mapped_column(default=0)  # kept by debate

    version: Mapped[DraftVersion] = link(back_populates="pages")


class Clause(Base):
    """One addressable unit of a version: heading, paragraph, point, table …"""

    __tablename__ = "clause"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        UniqueConstraint("lineage_id", "version_id"),  # a lineage once in a version
        Index("ix_clause_rank", "version_id", "rank"),
        Index("ix_clause_page", "page_id", "rank"),
        Index("ix_clause_heading", "version_id", "is_heading", "rank", "depth"),
        Index("ix_clause_label", "version_id", "label"),
        Index("ix_clause_line", "version_id", "line"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("reading_page.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    lineage_id: Mapped[str]  # permanent across versions
    key: Mapped[str]  # its address within the version: "article-53-2-a"
    kind: Mapped[str]
    label: Mapped[str] = mapped_column(default="")  # as one cites it: "53(2)(a)"
    own_label: Mapped[str] = mapped_column(default="")  # as it hangs in the margin: "(a)"
    title: Mapped[str] = mapped_column(default="")
    text: Mapped[str]  # normalised plain text; quotes and offsets refer to it
    html: Mapped[str]  # cleaned when imported
    rank: Mapped[int]
    depth: Mapped[int]
    is_heading: Mapped[bool] = mapped_column(default=False)
    line: Mapped[int] = mapped_column(default=1)  # of the version with line numbers: its first
    comment_count: Mapped[int] = mapped_column(default=0)  # kept by debate
    total_count: Mapped[int] = mapped_column(default=0)  # comments on it or on anything below it; kept by debate

    version: Mapped[DraftVersion] = link()
    page: Mapped[ReadingPage] = link()

    @property
    def name(self) -> str:
        """What people call it: its label, else its title, else the start of its text."""
        return self.label or self.title or self.text[:60]

    @property
    def short_name(self) -> str:
        """What it is called within a sentence."""
        return excerpt(self.name, 40)


class ClauseTally(Base):
    """How many comments on a clause argue from a position; kept by debate."""

    __tablename__ = "clause_tally"
    __table_args__ = (UniqueConstraint("clause_id", "position_id"),)

    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    count: Mapped[int] = mapped_column(default=0)

    position: Mapped[Position] = link()


class PassageTally(Base):
    """How many comments on these very words of a clause argue from a position; kept by debate."""

    __tablename__ = "passage_tally"
    __table_args__ = (UniqueConstraint("clause_id", "start", "end", "position_id"),)

    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    start: Mapped[int]  # code points in the clause's text, half open
    end: Mapped[int]
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    count: Mapped[int] = mapped_column(default=0)

    position: Mapped[Position] = link()


class ClausePair(Base):
    """A clause that may be, or be part of, one of the version before: for an editor to confirm. Sure ones share a lineage."""

    __tablename__ = "clause_pair"
    __table_args__ = (
        UniqueConstraint("old_id", "new_id"),
        one_of("kind", ("pair", "split", "merged", "sure", "hand")),
        one_of("decided", ("", "same", "different")),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"), index=True)  # the newer of the two
    old_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    new_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), index=True)
    # split: one of several new clauses; merged: one of several old ones; sure: taken for sure until an editor said
    # otherwise; hand: linked by an editor
    kind: Mapped[str]
    similarity: Mapped[int] = mapped_column(default=0)  # of the words, per cent
    decided: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]


class Picture(Base):
    """A picture of a version, made anew from the one in the file."""

    __tablename__ = "picture"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"))
    name: Mapped[str]  # the beginning of its SHA-256
    media_type: Mapped[str]
    data: Mapped[bytes] = mapped_column(deferred=True)


class StagedDraft(Base):
    """A text somebody has uploaded and looks at before it becomes the draft; one per person and consultation."""

    __tablename__ = "staged_draft"
    __table_args__ = (UniqueConstraint("consultation_id", "person_id"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    source_name: Mapped[str]
    source: Mapped[bytes] = mapped_column(deferred=True)  # the file as it arrived
    parsed: Mapped[bytes] = mapped_column(deferred=True)  # what was found in it, as parsed.to_json writes it
    sha256: Mapped[str]
    edits: Mapped[str] = mapped_column(default="[]")  # JSON: corrections of the structure, in their order
    preview: Mapped[str]  # JSON of the corrected text, see preview.py
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def mark(self) -> str:
        """Which file with which corrections this is; forms carry it, so that none is used on another."""
        return hashlib.sha256(f"{self.sha256} {self.edits}".encode()).hexdigest()[:16]
