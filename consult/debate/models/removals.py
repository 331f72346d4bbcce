"""What moderators took out of contributions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, link

from .comments import Comment
from .replies import Reply


class Removal(Base):
    """Words, or a name, that a moderator took out of a contribution. What was there is kept for its moderators alone.

    The text itself is changed wherever it is kept, so that no page can forget to hide it.
    """

    __tablename__ = "removal"
    __table_args__ = (
        CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name="of_one_thing"),
        CheckConstraint("passage <> '' AND notice <> ''", name="says_what_and_why"),
    )

    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    passage: Mapped[str]  # what must not come back
    notice: Mapped[str]  # what stands in its place
    is_name: Mapped[bool] = mapped_column(default=False)
    is_whole: Mapped[bool] = mapped_column(default=False)  # all that was said before, not only the passage
    taken: Mapped[str] = mapped_column(default="{}")  # JSON: the words in order, by "table id column"
    at: Mapped[datetime] = mapped_column(default=clock.now)
    put_back_at: Mapped[datetime | None]

    comment: Mapped[Comment | None] = link()
    reply: Mapped[Reply | None] = link()
