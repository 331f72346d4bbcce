"""Reports, decisions and what can be done about them. One act is one row, and rows are only added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
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
# In which role somebody decided, as everybody reads it.
ROLES = {"moderator": "a moderator", "appeals_panel": "the appeals panel"}
VERBS = {
    "hide": "Hidden", "redact": "Words removed", "ask": "Asked to change", "suspend": "Not to post for some time",
    "withhold": "Name withheld", "restore": "Shown again", "put_back": "Words put back", "lift": "May post again",
    "name": "Name shown again", "keep": "Kept", "keep_hidden": "Stays hidden with other words, too",
}  # fmt: skip
# What takes something away, and the act that gives it back. Each of them can be appealed against.
UNDONE_BY = {"hide": "restore", "redact": "put_back", "suspend": "lift", "withhold": "name"}
# What becomes of it after an appeal, as a sentence goes on: the decision stands, or not.
STANDS = {
    "hide": "it stays hidden", "redact": "the words stay removed", "suspend": "the suspension stays",
    "withhold": "the name stays withheld",
}  # fmt: skip
FALLS = {
    "hide": "it is shown again", "redact": "the words are put back", "suspend": "the suspension is lifted",
    "withhold": "the name is shown again",
}  # fmt: skip
RELEASED = "Put on show"  # after a look; of no public log: it takes nothing from anybody


class Report(Base):
    """A reader's notice that something breaks a rule."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("rule", RULES),
        CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name="of_one_thing"),
        CheckConstraint(
            "NOT is_disowned OR (comment_id IS NOT NULL AND claimant <> '' AND claimant_email <> '')",
            name="disowned_by_somebody",
        ),
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
    is_disowned: Mapped[bool] = mapped_column(
        default=False
    )  # the reader says: this is in my name, and I did not write it
    claimant: Mapped[str] = mapped_column(default="")  # who says so, for the moderators alone
    claimant_email: Mapped[str] = mapped_column(default="")
    reader: Mapped[str]  # tells readers apart: "person 12", or a digest of a visitor's session
    reported_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    closed_by_act_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_act.id"), index=True)

    consultation: Mapped[Consultation] = link()
    comment: Mapped[Comment | None] = link()
    reply: Mapped[Reply | None] = link()
    reporter: Mapped[Person | None] = link()


class ModerationAct(Base):
    """A decision with its statement of reasons, without which the table refuses it. The mail and the log name the appeal."""

    __tablename__ = "moderation_act"
    __table_args__ = (
        one_of("verb", (*VERBS, "release")),
        CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name="of_one_thing"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("facts <> ''", name="has_facts"),
        CheckConstraint(
            "verb NOT IN ('hide', 'redact', 'ask', 'suspend', 'withhold') OR (rule <> '' AND passage <> '')",
            name="states_rule_and_passage",
        ),
        CheckConstraint("(verb IN ('ask', 'suspend')) = (until IS NOT NULL)", name="has_an_end"),
        CheckConstraint(
            "(verb IN ('hide', 'redact', 'suspend', 'withhold')) = (appeal_until IS NOT NULL)", name="can_be_appealed"
        ),
        CheckConstraint("verb NOT IN ('put_back', 'lift', 'name') OR undoes_id IS NOT NULL", name="undoes_something"),
        CheckConstraint("(verb IN ('redact', 'withhold')) = (removal_id IS NOT NULL)", name="takes_something_out"),
        CheckConstraint("verb = 'ask' OR (NOT is_waiting AND corrected_at IS NULL)", name="only_asking_waits"),
        CheckConstraint("(rule = '') = (ground = '')", name="rule_has_ground"),
        one_of("role", ROLES),
        CheckConstraint("NOT is_automated", name="made_by_a_person"),
        Index("ix_moderation_act_newest", "consultation_id", "id"),
        Index(
            "ix_moderation_act_waiting",
            "consultation_id",
            "id",
            sqlite_where=sql("is_waiting"),
            postgresql_where=sql("is_waiting"),
        ),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    verb: Mapped[str]
    rule: Mapped[str] = mapped_column(default="")
    ground: Mapped[str] = mapped_column(default="")  # what the rule said in plain words when this was decided
    passage: Mapped[str] = mapped_column(default="")  # the words that break the rule; never public
    facts: Mapped[str]  # what the decision relies on and how it came about; public
    reason: Mapped[str]  # public
    role: Mapped[str]
    is_automated: Mapped[bool] = mapped_column(default=False)  # nothing decides by itself here, and the table says so
    moderator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime | None]  # the author is asked to change it by then, or may not post until then
    appeal_until: Mapped[datetime | None]  # the last moment to ask for a second look: the end of a day
    removal_id: Mapped[int | None] = mapped_column(ForeignKey("removal.id"), unique=True)  # what was taken out
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_act.id"), unique=True)  # once
    corrected_at: Mapped[datetime | None]  # when the author did
    is_waiting: Mapped[bool] = mapped_column(default=False)  # asked, and nothing was decided since

    consultation: Mapped[Consultation] = link()
    comment: Mapped[Comment | None] = link()
    reply: Mapped[Reply | None] = link()
    moderator: Mapped[Person] = link()


class Appeal(Base):
    """The author asks in time for a second look at what was taken away; somebody else decides."""

    __tablename__ = "appeal"
    __table_args__ = (
        one_of("outcome", ("", "upheld", "restored")),
        one_of("role", ("", *ROLES)),
        CheckConstraint("outcome = '' OR (role <> '' AND reason <> '')", name="answer_has_role_and_reason"),
        CheckConstraint("made_at <= until", name="made_in_time"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("moderation_act.id"), unique=True)
    until: Mapped[datetime]  # of the act
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")  # in which it was decided
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]

    act: Mapped[ModerationAct] = link()


class Correction(Base):
    """Better words for what was hidden, handed in by its author: accepted, it is shown again with them."""

    __tablename__ = "correction"
    __table_args__ = (
        one_of("outcome", ("", "accepted", "refused", "overtaken")),
        CheckConstraint("body <> ''", name="has_words"),
        CheckConstraint("(outcome = '') = (answer_id IS NULL)", name="answered_by_an_act"),
        # One at a time.
        Index(
            "uq_correction_open", "act_id", unique=True, sqlite_where=sql("outcome = ''"),
            postgresql_where=sql("outcome = ''"),
        ),
    )  # fmt: skip

    act_id: Mapped[int] = mapped_column(ForeignKey("moderation_act.id"), index=True)  # that hid it
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str]  # Markdown as typed
    html: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    outcome: Mapped[str] = mapped_column(default="")
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_act.id"), index=True)  # restore, or keep

    act: Mapped[ModerationAct] = link(foreign_keys=[act_id])


class Claim(Base):
    """A moderator looks at something now, for a while; the others leave it alone."""

    __tablename__ = "claim"
    __is_unseen__ = True
    __table_args__ = (
        UniqueConstraint("comment_id"),
        UniqueConstraint("reply_id"),
        UniqueConstraint("campaign_id"),
        CheckConstraint(
            "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN reply_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN campaign_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="on_one_thing",
        ),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until: Mapped[datetime]

    person: Mapped[Person] = link()
