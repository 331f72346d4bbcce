"""Moderation of objections, which are public at once: reports, decisions with their statement, and the second look."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import one_of
from consult.core import clock
from consult.core.db import Base, link
from consult.moderation.models import ROLES, RULES

from .summaries import Objection

ACTS_ON_OBJECTIONS = {"hide": "Hidden", "keep": "Kept", "restore": "Shown again"}


class ObjectionReport(Base):
    """A reader's notice that an objection breaks a rule; one open report for each reader."""

    __tablename__ = "objection_report"
    __table_args__ = (
        one_of("rule", RULES),
        Index(
            "uq_objection_report_open", "objection_id", "reader", unique=True,
            sqlite_where=sql("closed_at IS NULL"), postgresql_where=sql("closed_at IS NULL"),
        ),
    )  # fmt: skip

    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    rule: Mapped[str]
    text: Mapped[str] = mapped_column(default="")  # for the moderators alone
    reader: Mapped[str]  # tells readers apart: "person 12", or a digest of a visitor's session
    reported_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]


class ObjectionAct(Base):
    """A decision on an objection with its statement of reasons, as `ModerationAct` has it; only added."""

    __tablename__ = "objection_act"
    __table_args__ = (
        one_of("verb", ACTS_ON_OBJECTIONS),
        CheckConstraint("reason <> '' AND facts <> ''", name="has_reason_and_facts"),
        CheckConstraint("verb <> 'hide' OR (rule <> '' AND passage <> '')", name="states_rule_and_passage"),
        CheckConstraint("(verb = 'hide') = (appeal_until IS NOT NULL)", name="can_be_appealed"),
        CheckConstraint("(rule = '') = (ground = '')", name="rule_has_ground"),
        one_of("role", ROLES),
        Index("ix_objection_act_objection", "objection_id", "id"),
    )

    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"))
    verb: Mapped[str]
    rule: Mapped[str] = mapped_column(default="")
    ground: Mapped[str] = mapped_column(default="")  # what the rule said in plain words that day
    passage: Mapped[str] = mapped_column(default="")  # the words that break it; never public
    facts: Mapped[str]  # public
    reason: Mapped[str]  # public
    role: Mapped[str]
    moderator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    appeal_until: Mapped[datetime | None]

    objection: Mapped[Objection] = link()


class ObjectionAppeal(Base):
    """Who objected asks in time for a second look at the hiding; somebody else decides."""

    __tablename__ = "objection_appeal"
    __table_args__ = (
        one_of("outcome", ("", "upheld", "restored")),
        one_of("role", ("", *ROLES)),
        CheckConstraint("outcome = '' OR (role <> '' AND reason <> '')", name="answer_has_role_and_reason"),
        CheckConstraint("made_at <= until", name="made_in_time"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("objection_act.id"), unique=True)
    until: Mapped[datetime]  # of the act
    text: Mapped[str]  # for those who decide
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # public
    role: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]

    act: Mapped[ObjectionAct] = link()
