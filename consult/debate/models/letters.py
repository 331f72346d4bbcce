"""Whole letters: what came in one piece, and which comments were cut from it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import CATEGORIES, Organisation, Person, one_of
from consult.consultations.models import Consultation, Round
from consult.consultations.naming import LEVELS
from consult.core import clock
from consult.core.db import Base, link
from consult.documents import frozen

from .comments import Comment

LETTER_KINDS = {
    "typed": "typed or pasted",
    "docx": "as a Word file",
    "odt": "as an OpenDocument text",
    "pdf": "as a PDF",
    "md": "as a Markdown file",
    "txt": "as a text file",
}
SENT = (
    "consultation_id", "round_id", "author_id", "organisation_id", "unsigned_for_id", "category", "text", "kind",
    "sha256", "received_at",
)  # fmt: skip

frozen.guard(
    Base.metadata,
    [
        ("letter", "letter_stays", f"UPDATE OF {', '.join(SENT)}", "TRUE"),
        ("letter", "letter_is_cut_once", "UPDATE OF cut_at, cut_by_id", "OLD.cut_at IS NOT NULL"),
        ("letter_piece", "letter_piece_stays", "UPDATE", "TRUE"),
    ],
    "a letter never changes, nor does what was cut from it",
)


class Letter(Base):
    """One letter, kept whole exactly as it was sent; public once comments were cut from it."""

    __tablename__ = "letter"
    __locked_after__ = "consultation"  # as by everybody who posts
    __table_args__ = (
        one_of("kind", LETTER_KINDS),
        one_of("category", CATEGORIES),
        one_of("named", LEVELS),
        CheckConstraint("(cut_at IS NULL) = (cut_by_id IS NULL)", name="cut_by_somebody"),
        Index("ix_letter_author", "author_id", "id"),
        Index("ix_letter_newest", "consultation_id", "id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_name: Mapped[str]  # what everybody reads, as on its comments
    named: Mapped[str] = mapped_column(default="name")  # how much of her name its author shows, as on its comments
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # spoken for
    unsigned_for_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # as on Comment
    category: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]  # composed characters, plain newlines; places of pieces count its code points
    kind: Mapped[str]
    source_name: Mapped[str] = mapped_column(default="")  # of the file
    sha256: Mapped[str]  # of the file as it arrived, or of the text in UTF-8
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    is_handed_over: Mapped[bool] = mapped_column(default=False)  # its author lets the moderators cut it
    plan: Mapped[str] = mapped_column(default="")  # how far the cutting has come, see `letters.Plan`
    plan_number: Mapped[int] = mapped_column(default=0)
    cut_at: Mapped[datetime | None]
    cut_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    consultation: Mapped[Consultation] = link()
    round: Mapped[Round] = link()
    author: Mapped[Person] = link(foreign_keys=[author_id])
    organisation: Mapped[Organisation | None] = link(foreign_keys=[organisation_id])
    cut_by: Mapped[Person | None] = link(foreign_keys=[cut_by_id])
    pieces: Mapped[list[LetterPiece]] = link(back_populates="letter", order_by="LetterPiece.part")


class LetterPiece(Base):
    """Which words of a letter became which comment; never changes, whatever becomes of the comment."""

    __tablename__ = "letter_piece"
    __table_args__ = (
        UniqueConstraint("comment_id"),
        UniqueConstraint("letter_id", "part"),
        CheckConstraint('"start" >= 0 AND "end" > "start"', name="some_words"),
    )

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    part: Mapped[int]  # from 1, in the order of the letter
    start: Mapped[int]  # code points in the letter's text
    end: Mapped[int]

    letter: Mapped[Letter] = link(back_populates="pieces")
    comment: Mapped[Comment] = link(back_populates="piece")
