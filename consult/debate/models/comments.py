"""Comments on clauses: where they point, what they argue from, proposed words, and what was said before an edit."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, literal_column
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, validates

from consult.accounts.models import CATEGORIES, Organisation, Person, one_of
from consult.consultations.models import Consultation, Position, Round
from consult.consultations.naming import LEVELS
from consult.core import clock
from consult.core.db import Base, link
from consult.documents import frozen
from consult.documents.models import Clause, DraftVersion

from .. import became
from ..agreement import worth

if TYPE_CHECKING:
    from .letters import LetterPiece

STANCES = {
    "support": "Supports",
    "support_with_changes": "Supports with changes",
    "object": "Objects",
    "neutral": "Neutral",
    "question": "Asks",
    "": "",  # from outside, not stated
}
TYPES = {"general": "General", "technical": "Technical", "editorial": "Editorial"}
STATES = ("posted", "withdrawn", "hidden", "held")
# Why a contribution waits for a look before it is on show, in words its author and the moderators read.
HOLDS = {
    "": "",
    "first": "First contribution of somebody new",
    "all": "Everything is looked at first",
    "address": "Many new people from one address range",
    "burst": "Very many new people at once",
    "text": "The same text again and again",
    "links": "Many links from somebody new",
    "unproven": "Somebody new, and nothing yet tells a person from a program",
}
SUSPECTED = ("address", "burst", "text", "links")  # as spam; the others wait by a rule of the consultation
SOURCES = ("web", "email", "paper", "meeting", "docx", "xlsx", "csv", "api", "log")
DISPOSITIONS = {
    "unresolved": "Not answered yet",
    "accepted": "Accepted",
    "accepted_modified": "Accepted with changes",
    "rejected": "Not accepted",
    "noted": "Noted",
    "deferred": "Deferred",
    "duplicate": "Duplicate",
    "out_of_scope": "Out of scope",
    "withdrawn": "Withdrawn",
}
JUDGEMENTS = {"still_applies": "Still applies", "solved": "Solved", "withdrawn": "Withdrawn by its author"}

CIRCLE = 2**31 - 1  # places of the random order; as a bound it still fits the column


def drawn() -> int:
    """A place on the circle that nobody can foresee."""
    return secrets.randbelow(CIRCLE)


frozen.guard(Base.metadata, [("anchor", "anchor_stays", "UPDATE", "TRUE")], "where a comment points never changes")


class Comment(Base):
    """One remark, placed by position, stance and type; its state and its disposition are separate axes."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        UniqueConstraint("consultation_id", "fingerprint"),
        one_of("stance", STANCES),
        one_of("type", TYPES),
        one_of("state", STATES),
        one_of("source", SOURCES),
        one_of("disposition", DISPOSITIONS),
        one_of("category", CATEGORIES),
        one_of("held_for", HOLDS),
        one_of("named", LEVELS),
        one_of("signer_named", LEVELS),
        CheckConstraint("state <> 'held' OR held_for <> ''", name="held_for_a_reason"),
        CheckConstraint("NOT must_be_satisfied OR type = 'technical'", name="must_be_satisfied_is_technical"),
        CheckConstraint("organisation_id IS NULL OR unsigned_for_id IS NULL", name="signed_or_not"),
        CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name="signed_by_somebody"),
        CheckConstraint("signed_at IS NULL OR organisation_id IS NOT NULL", name="signed_for_an_organisation"),
        Index("ix_comment_newest", "consultation_id", "posted_at", "id"),
        Index("ix_comment_active", "consultation_id", "active_at", "id"),
        Index("ix_comment_place", "consultation_id", "place", "id"),
        Index("ix_comment_discussed", "consultation_id", "reply_count", "id"),
        Index("ix_comment_answered", "consultation_id", "disposition", "id"),
        Index("ix_comment_waiting", "consultation_id", "is_answered", "id"),
        Index("ix_comment_ground", "consultation_id", "common_ground", "id"),
        Index("ix_comment_worth", "consultation_id", "vote_worth", "id"),
        Index("ix_comment_cosigned", "consultation_id", "cosignature_count", "id"),
        Index("ix_comment_random", "consultation_id", "shuffle", "id"),
        Index(
            "ix_comment_unshown",
            "consultation_id",
            "state",
            "id",
            sqlite_where=sql("state <> 'posted'"),
            postgresql_where=sql("state <> 'posted'"),
        ),
        Index(
            "ix_comment_unplaced",
            "consultation_id",
            "posted_at",
            "id",
            sqlite_where=sql("NOT is_placed"),
            postgresql_where=sql("NOT is_placed"),
        ),
        Index(
            "ix_comment_apart",
            "consultation_id",
            "state",
            "id",
            sqlite_where=sql("answers_apart <> ''"),
            postgresql_where=sql("answers_apart <> ''"),
        ),
        Index("ix_comment_author", "author_id", "id"),
        Index("ix_comment_author_here", "author_id", "consultation_id", "posted_at", "id", "organisation_id"),
        Index("ix_comment_organisation", "organisation_id", "posted_at", "id"),
        Index("ix_comment_organisation_place", "organisation_id", "place", "id"),
        Index("ix_comment_unsigned", "unsigned_for_id", "id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[str]  # ACME-012; of people P-012, which tells nobody who it is
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: from outside
    author_name: Mapped[str]  # what everybody reads: the name as it was then, or what stands in its place
    named: Mapped[str] = mapped_column(default="name")  # how much of her name its author shows, see `naming`
    signer_named: Mapped[str] = mapped_column(default="name")  # the same of who signed it
    named_at: Mapped[datetime | None]  # when that was changed last
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # in whose name it stands
    unsigned_for_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # a member wrote it for this one
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # from outside: nobody here
    signed_at: Mapped[datetime | None]
    category: Mapped[str]  # of the organisation or the person, at posting or signing
    source: Mapped[str] = mapped_column(default="web")
    source_note: Mapped[str] = mapped_column(default="")  # "OASIS resolution log, item 12"
    source_url: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str] = mapped_column(default="")
    fingerprint: Mapped[str | None]  # of an imported row: the same file twice changes nothing
    stance: Mapped[str]
    type: Mapped[str]
    must_be_satisfied: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str]  # Markdown as typed
    html: Mapped[str]  # rendered once, when written
    language: Mapped[str] = mapped_column(default="en")
    state: Mapped[str] = mapped_column(default="posted")
    state_reason: Mapped[str] = mapped_column(default="")  # shown on the tombstone
    held_for: Mapped[str] = mapped_column(default="")  # why it waited for a look, or waits
    released_at: Mapped[datetime | None]  # when it came on show after that
    disposition: Mapped[str] = mapped_column(
        default="unresolved"
    )  # copy of the current one; outcomes keeps the history
    is_answered: Mapped[bool] = mapped_column(default=False)  # it has one; follows `disposition`
    is_placed: Mapped[bool] = mapped_column(default=False)  # it argues from a position; follows its rows of these
    answers_apart: Mapped[str] = mapped_column(default="")  # JSON, where its clauses differ: {clause id: disposition}
    place: Mapped[int] = mapped_column(default=0)  # rank of its first clause; whole draft: 0
    posted_at: Mapped[datetime] = mapped_column(default=clock.now)
    active_at: Mapped[datetime] = mapped_column(default=clock.now)  # posted or last replied to
    edited_at: Mapped[datetime | None]
    edit_number: Mapped[int] = mapped_column(default=0)
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who gave it its positions
    placed_at: Mapped[datetime | None]
    reply_count: Mapped[int] = mapped_column(default=0)
    agree_count: Mapped[int] = mapped_column(default=0)
    disagree_count: Mapped[int] = mapped_column(default=0)
    pass_count: Mapped[int] = mapped_column(default=0)
    common_ground: Mapped[int] = mapped_column(default=0)  # thousandths, see `agreement`; 0: too few votes
    group_ground: Mapped[int] = mapped_column(default=0)  # the same across opinion groups; 0: no groups were found
    vote_worth: Mapped[int] = mapped_column(default=worth(0, 0, 0))  # millionths, see `agreement`
    cosignature_count: Mapped[int] = mapped_column(default=0)
    shuffle: Mapped[int] = mapped_column(default=drawn)  # its place on the circle of the random order; never changes

    consultation: Mapped[Consultation] = link()
    round: Mapped[Round] = link()
    author: Mapped[Person | None] = link(foreign_keys=[author_id])
    organisation: Mapped[Organisation | None] = link(foreign_keys=[organisation_id])
    unsigned_for: Mapped[Organisation | None] = link(foreign_keys=[unsigned_for_id])
    signed_by: Mapped[Person | None] = link(foreign_keys=[signed_by_id])
    placed_by: Mapped[Person | None] = link(foreign_keys=[placed_by_id])
    anchors: Mapped[list[Anchor]] = link(back_populates="comment", order_by="Anchor.id")
    positions: Mapped[list[CommentPosition]] = link(back_populates="comment", order_by="CommentPosition.id")
    changes: Mapped[list[ProposedChange]] = link(back_populates="comment", order_by="ProposedChange.id")
    piece: Mapped[LetterPiece | None] = link(back_populates="comment")  # of the letter it was cut from

    @validates("disposition")
    def _follow(self, _name: str, disposition: str) -> str:
        self.is_answered = disposition != "unresolved"
        return disposition

    @property
    def clauses(self) -> list[Clause]:
        """The clauses it is about, each once, however many words it quotes of it."""
        return list(dict.fromkeys(anchor.clause for anchor in self.anchors if anchor.clause is not None))

    @property
    def links(self) -> list[Clause | None]:
        """What has an answer of its own: each of its clauses; where it points to one place only, the comment: [None]."""
        clauses = self.clauses
        return list(clauses) if len(clauses) > 1 else [None]

    @property
    def apart(self) -> Mapping[str, str]:
        """Disposition by clause id; empty when there is one for all of the comment."""
        found: Mapping[str, str] = json.loads(self.answers_apart or "{}")
        return found

    def disposition_for(self, clause_id: int | None) -> str:
        """What became of it as far as it is about this clause."""
        return self.apart.get(str(clause_id), self.disposition)

    @property
    def became(self) -> str:
        """What became of it, in words; its clauses must be loaded where their answers differ."""
        if not self.answers_apart:
            return DISPOSITIONS[self.disposition]
        return became.told(((c.short_name, self.disposition_for(c.id)) for c in self.clauses), DISPOSITIONS)

    def quotes_of(self, clause: Clause) -> list[str]:
        """The words of a clause that it is about; none: the clause as a whole."""
        return [anchor.quote for anchor in self.anchors if anchor.clause_id == clause.id and anchor.quote]

    def position_keys(self, *, is_cost: bool = False) -> list[str]:
        """Keys of the positions it argues from, or at whose cost."""
        return [p.position.key for p in self.positions if p.is_cost == is_cost]

    @property
    def placed_mark(self) -> str:
        """Tells one placing from the next; "" as long as nobody placed it."""
        return self.placed_at.isoformat() if self.placed_at else ""


# What not everybody reads, and what has several answers. The value stands in the statement itself: only so both
# databases know that an index holds just these. SQLite also wants the consultation, and the round with "+ 0".
UNPLACED: ColumnElement[bool] = literal_column("NOT comment.is_placed")  # as the index of these says it
UNSHOWN = Comment.state != literal_column("'posted'")
APART = Comment.answers_apart != literal_column("''")


class Anchor(Base):
    """Where a comment points in the version it was written on; never changes. No clause: the whole draft.

    What became of it in later versions: CarriedAnchor.
    """

    __tablename__ = "anchor"
    __table_args__ = (
        one_of("status", ("exact", "global")),
        Index("ix_anchor_clause", "clause_id", "comment_id"),
        CheckConstraint("(clause_id IS NULL) = (status = 'global')", name="global_has_no_clause"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    quote: Mapped[str] = mapped_column(default="")  # "": the clause as a whole
    prefix: Mapped[str] = mapped_column(default="")  # up to 64 characters before
    suffix: Mapped[str] = mapped_column(default="")
    start: Mapped[int | None]  # code points in the clause's text
    end: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="exact")

    comment: Mapped[Comment] = link(back_populates="anchors")
    clause: Mapped[Clause | None] = link()


class CarriedAnchor(Base):
    """What became of an anchor in a later version, and what its author or a moderator says about that."""

    __tablename__ = "carried_anchor"
    __table_args__ = (
        UniqueConstraint("anchor_id", "version_id"),
        one_of("status", ("exact", "shifted", "moved", "review", "orphan")),
        one_of("checked_as", ("", *JUDGEMENTS)),
        CheckConstraint("(clause_id IS NULL) = (status = 'orphan')", name="orphan_has_no_clause"),
        CheckConstraint("(checked_as = '') = (checked_at IS NULL)", name="checked_at_some_time"),
        Index("ix_carried_anchor_clause", "clause_id", "anchor_id"),
        Index("ix_carried_anchor_version", "version_id", "status", "id"),
    )

    anchor_id: Mapped[int] = mapped_column(ForeignKey("anchor.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    quote: Mapped[str] = mapped_column(default="")  # "": only the clause is known
    start: Mapped[int | None]  # code points in the clause's text
    end: Mapped[int | None]
    status: Mapped[str]  # what was found by comparing the texts
    checked_as: Mapped[str] = mapped_column(default="")  # what a person said
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    checked_at: Mapped[datetime | None]

    anchor: Mapped[Anchor] = link()
    comment: Mapped[Comment] = link()
    version: Mapped[DraftVersion] = link()
    clause: Mapped[Clause | None] = link()
    checked_by: Mapped[Person | None] = link()


class CommentPosition(Base):
    """A position a comment argues from, or (is_cost) at whose cost."""

    __tablename__ = "comment_position"
    __table_args__ = (
        UniqueConstraint("comment_id", "position_id"),
        Index("ix_comment_position_position", "position_id", "comment_id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    is_cost: Mapped[bool] = mapped_column(default=False)

    comment: Mapped[Comment] = link(back_populates="positions")
    position: Mapped[Position] = link()


class ProposedChange(Base):
    """Other words for a clause, shown as a redline against it."""

    __tablename__ = "proposed_change"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), index=True)
    old_text: Mapped[str]
    new_text: Mapped[str]
    redline: Mapped[str]  # safe HTML, made once

    comment: Mapped[Comment] = link(back_populates="changes")
    clause: Mapped[Clause] = link()


class Revision(Base):
    """What a comment or a reply said before an edit."""

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name="of_one_thing"),)

    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    number: Mapped[int]
    body: Mapped[str]
    html: Mapped[str]
    until: Mapped[datetime] = mapped_column(default=clock.now)


class Numbering(Base):
    """The last comment number given out for a prefix in a consultation."""

    __tablename__ = "numbering"
    __table_args__ = (UniqueConstraint("consultation_id", "prefix"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    prefix: Mapped[str]
    last: Mapped[int] = mapped_column(default=0)
