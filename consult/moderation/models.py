"""Notices by readers, decisions with their reasons, and the appeals against them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person, one_of
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, link
from consult.debate.models import Comment, Reply

RULES = {
    "personal": "Personal data or attack on a person",
    "hate": "Hate or threats",
    "illegal": "Against the law",
    "spam": "Advertising or spam",
    "off_topic": "Not about this draft",
    "false_identity": "Speaks in a false name",
    "confidential": "Reveals what was given in confidence",
}

# The same rules in plain words, for people who report and who decide.
MEANINGS = {
    "personal": "It insults somebody, or shows an address, a telephone number, health or other private facts.",
    "hate": "It puts people down for who they are, or threatens them.",
    "illegal": "It does what the law forbids, for example libel or a stolen text.",
    "spam": "It sells something, or is the same text posted again and again.",
    "off_topic": "It has nothing to do with this draft.",
    "false_identity": "It pretends to come from somebody else.",
    "confidential": "It shows what was told in confidence.",
}
VERBS = {"hide": "Hidden", "restore": "Shown again", "keep": "Kept"}


class Report(Base):
    """A reader's notice that something breaks a rule."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("rule", RULES),
        CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name="of_one_thing"),
        Index("ix_report_open", "consultation_id", "closed_at", "id"),
        # One open report for each reader and contribution, however often they press.
        *(
            Index(
                f"uq_report_open_{thing}",
                f"{thing}_id",
                "reader",
                unique=True,
                sqlite_where=sql("closed_at IS NULL"),
                postgresql_where=sql("closed_at IS NULL"),
            )
            for thing in ("comment", "reply")
        ),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    rule: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: a visitor
    reader: Mapped[str]  # tells readers apart: "person 12", or a digest of a visitor's session
    reported_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    closed_by_act_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_act.id"), index=True)

    consultation: Mapped[Consultation] = link()
    comment: Mapped[Comment | None] = link()
    reply: Mapped[Reply | None] = link()
    reporter: Mapped[Person | None] = link()


class ModerationAct(Base):
    """A decision with its statement of reasons. Hiding without rule, passage and reason is impossible."""

    __tablename__ = "moderation_act"
    __table_args__ = (
        one_of("verb", ("hide", "restore", "keep")),
        CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name="of_one_thing"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("verb <> 'hide' OR (rule <> '' AND passage <> '')", name="hiding_names_rule_and_passage"),
        Index("ix_moderation_act_newest", "consultation_id", "id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    verb: Mapped[str]
    rule: Mapped[str] = mapped_column(default="")
    passage: Mapped[str] = mapped_column(default="")  # the words that break the rule; never public
    reason: Mapped[str]  # public
    moderator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    consultation: Mapped[Consultation] = link()
    comment: Mapped[Comment | None] = link()
    reply: Mapped[Reply | None] = link()
    moderator: Mapped[Person] = link()


class Appeal(Base):
    """The author asks for a second look at a hiding; somebody else decides."""

    __tablename__ = "appeal"
    __table_args__ = (one_of("outcome", ("", "upheld", "restored")),)

    act_id: Mapped[int] = mapped_column(ForeignKey("moderation_act.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]

    act: Mapped[ModerationAct] = link()
