"""Comments that share a text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person, one_of
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, link
from consult.debate.models import Comment

CAMPAIGN_STATES = {"proposed": "Proposed", "confirmed": "Confirmed", "dismissed": "Dismissed"}
CAMPAIGN_VERBS = {"confirm": "Counted as one argument", "dismiss": "Counted one by one", "reopen": "Opened again"}


class Campaign(Base):
    """Comments that share a text: proposed by a search, confirmed or dismissed by a moderator. It keeps no words."""

    __tablename__ = "campaign"
    __locked_after__ = "consultation"  # as a search does, which then adds to campaigns
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        one_of("state", CAMPAIGN_STATES),
        CheckConstraint("state <> 'confirmed' OR name <> ''", name="confirmed_has_name"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]  # in its consultation, from 1
    template_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)  # says what most say
    state: Mapped[str] = mapped_column(default="proposed")
    name: Mapped[str] = mapped_column(default="")
    organiser: Mapped[str] = mapped_column(default="")  # who asked people to send it, where that was declared
    found_at: Mapped[datetime] = mapped_column(default=clock.now)

    consultation: Mapped[Consultation] = link()


class CampaignMember(Base):
    """A comment that shares the text of a campaign; it stays a comment of its own, with its own answer."""

    __tablename__ = "campaign_member"
    __table_args__ = (
        UniqueConstraint("comment_id"),
        one_of("standing", ("proposed", "counted", "left_out")),
        Index("ix_campaign_member_standing", "campaign_id", "standing", "comment_id"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    standing: Mapped[str] = mapped_column(default="proposed")
    is_same: Mapped[bool] = mapped_column(default=False)  # when it was found it said what the template says, no more
    found_at: Mapped[datetime] = mapped_column(default=clock.now)

    campaign: Mapped[Campaign] = link()
    comment: Mapped[Comment] = link()


class CampaignAct(Base):
    """A moderator's decision about a campaign, with its public reason."""

    __tablename__ = "campaign_act"
    __table_args__ = (
        one_of("verb", CAMPAIGN_VERBS),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_campaign_act_newest", "consultation_id", "id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    verb: Mapped[str]
    count: Mapped[int]  # comments it was about
    reason: Mapped[str]
    moderator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    campaign: Mapped[Campaign] = link()
    moderator: Mapped[Person] = link()


class CampaignSearch(Base):
    """A look through all comments of a consultation for shared texts, and how far it is."""

    __tablename__ = "campaign_search"
    __table_args__ = (
        Index("ix_campaign_search_newest", "consultation_id", "id"),
        # One at a time.
        Index(
            "uq_campaign_search_open",
            "consultation_id",
            unique=True,
            sqlite_where=sql("finished_at IS NULL"),
            postgresql_where=sql("finished_at IS NULL"),
        ),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    total: Mapped[int] = mapped_column(default=0)  # comments to read; 0: not begun
    done: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)  # comments that it newly found to share a text
    beside: Mapped[str] = mapped_column(default="")  # lines most comments have, as words, one a line: not compared
    finished_at: Mapped[datetime | None]
