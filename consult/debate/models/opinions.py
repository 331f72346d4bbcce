"""Groups of people who vote alike, as counts. Who is in which group is kept nowhere: it is found anew each time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base

from .comments import Comment


class OpinionMap(Base):
    """What was found in the votes of a round; the last finding only."""

    __tablename__ = "opinion_map"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    formula: Mapped[int]  # which of ours; the same votes and formula give the same groups
    votes: Mapped[int]  # looked at
    voters: Mapped[int]
    counted: Mapped[int]  # of them, who agreed or disagreed often enough
    sizes: Mapped[str] = mapped_column(default="[]")  # JSON: people in each group; []: no distinct groups
    typical: Mapped[str] = mapped_column(default="[]")  # JSON: for each group [[comment id, "agree"], …], best first
    uniting: Mapped[str] = mapped_column(default="[]")  # JSON: comment ids, best first
    gain: Mapped[int] = mapped_column(default=0)  # thousandths of the uncertainty about a vote that groups take away
    is_stable: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def people(self) -> Sequence[int]:
        """How many are in each group."""
        found: list[int] = json.loads(self.sizes)
        return found


class OpinionTally(Base):
    """How one group voted on one comment; there only where the counts of all groups may be shown."""

    __tablename__ = "opinion_tally"
    __table_args__ = (
        UniqueConstraint("comment_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 5", name="number_of_a_group"),
        CheckConstraint("agree_count + disagree_count + pass_count >= 5", name="nobody_alone"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey(Comment.id))
    number: Mapped[int]  # of the group, from 1
    agree_count: Mapped[int]
    disagree_count: Mapped[int]
    pass_count: Mapped[int]
