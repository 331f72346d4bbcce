"""One row for each thing that can be found; the full-text index stands over it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import one_of
from consult.core.db import Base, BigId

from . import fulltext

KINDS = {
    "standard": "Adopted standards", "clause": "Draft text", "term": "Words explained", "question": "Questions and answers", "guide": "Guide",
    "comment": "Comments", "reply": "Replies", "answer": "Answers",
}  # fmt: skip
LEARNING = ("term", "question", "guide")
fulltext.index_with(Base.metadata)


class SearchRow(Base):
    """What can be found of a standard, a clause, a comment, a reply, an answer, or of the guide. Made anew, never changed."""

    __tablename__ = "search_row"
    __table_args__ = (
        one_of("kind", KINDS),
        CheckConstraint(
            "(kind = 'standard') = (standard_version_id IS NOT NULL)"
            " AND (kind = 'clause') = (clause_id IS NOT NULL)"
            " AND (kind IN ('comment', 'reply', 'answer')) = (comment_id IS NOT NULL)"
            " AND (kind = 'reply') = (reply_id IS NOT NULL)"
            " AND (kind IN ('term', 'question', 'guide')) = (learning_id IS NOT NULL)",
            name="of_one_thing",
        ),
        UniqueConstraint("learning_id", "kind"),
        Index("ix_search_row_number", "number", "consultation_id"),
        # One row a thing, whoever wrote it twice.
        Index(
            "uq_search_row_comment", "comment_id", "kind", unique=True,
            sqlite_where=sql("reply_id IS NULL"), postgresql_where=sql("reply_id IS NULL"),
        ),
    )  # fmt: skip

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    kind: Mapped[str]
    standard_version_id: Mapped[int | None] = mapped_column(ForeignKey("standard_version.id"), unique=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), unique=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), unique=True)
    # Of a term, a question or a guide, by kind. One that went is found by nobody: results are read from the things.
    learning_id: Mapped[int | None] = mapped_column(BigId)
    stemmer: Mapped[str]  # of the consultation's language
    place: Mapped[int]  # in the order of the text
    number: Mapped[str] = mapped_column(default="")  # label or comment number, as words.numbered has it
    title: Mapped[str] = mapped_column(default="")  # the rest as words.indexed has it
    quote: Mapped[str] = mapped_column(default="")  # words of the draft it is about, and words it proposes
    words: Mapped[str] = mapped_column(default="")
