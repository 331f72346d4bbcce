"""What people follow, what they were told, and how they want to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Organisation, Person, one_of
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, BigId, link
from consult.debate.models import Comment

# Kinds of notices: what one chooses a way of being told for.
KINDS = {
    "replies": "Replies to me, and who names me",
    "answers": "My comments and proposals: their answers, more time, the next draft",
    "followed": "New comments, replies and names under comments where I follow",
    "changes": "Steps of a consultation I follow or wrote in: opening, closing, review, new drafts",
    "reminders": "Deadlines of a consultation I follow: 14, 7, 3 and 1 days before",
    "moderation": "Moderation about me",
    "waiting": "What waits in a workbench for moderators: first contributions, suspected spam, shared texts; once a day at most",
    "work": "Work that waits for me: reports, appeals, comments to answer, objections, proposals for the shelf, opening and closing of what I run, standards to look at again",
}
ACCOUNT = "account"  # about one's own account and in no consultation; the mail that goes with it cannot be switched off
WHATS = (
    "replied", "commented", "step", "reminder", "hidden", "asked", "restored", "appeal_decided", "reported", "appealed",
    "opened", "closed", "extended", "new_round", "outcome", "cosigned", "proposed", "proposal_decided",
    "standard_review",
    "corrected", "refused",
    "contested", "decided_again", "assigned", "assignment_due",
    "objected", "objection_answered", "objection_reported", "objection_judged", "summary_corrected", "waits",
    "new_browser",
)  # fmt: skip


class Follow(Base):
    """Somebody wants to be told what happens to one thing. Stopping keeps the row: what began by itself once does not again."""

    __tablename__ = "follow"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN consultation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN lineage_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one_thing",
        ),
        *(
            UniqueConstraint(column, "person_id")
            for column in ("consultation_id", "lineage_id", "comment_id", "organisation_id")
        ),
        Index("ix_follow_person", "person_id", "id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    lineage_id: Mapped[str | None]  # of a clause: the same one in every version
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))  # with its replies: a thread
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    is_on: Mapped[bool] = mapped_column(default=True)
    began_at: Mapped[datetime] = mapped_column(default=clock.now)

    consultation: Mapped[Consultation | None] = link()
    comment: Mapped[Comment | None] = link()
    organisation: Mapped[Organisation | None] = link()


class Notice(Base):
    """One line of somebody's inbox: ids only, its words are read when it is shown or mailed."""

    __tablename__ = "notice"
    __is_unseen__ = True
    __table_args__ = (
        UniqueConstraint("person_id", "event"),
        CheckConstraint(f"(kind = '{ACCOUNT}') = (consultation_id IS NULL)", name="has_a_place"),
        one_of("kind", (*KINDS, ACCOUNT)),
        one_of("what", WHATS),
        one_of("awaits", ("", "daily", "weekly")),
        Index("ix_notice_inbox", "person_id", "id"),
        Index(
            "ix_notice_unread", "person_id", "id",
            sqlite_where=sql("read_at IS NULL"), postgresql_where=sql("read_at IS NULL"),
        ),
        Index(
            "ix_notice_awaits", "awaits", "person_id",
            sqlite_where=sql("awaits <> ''"), postgresql_where=sql("awaits <> ''"),
        ),
    )  # fmt: skip

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    kind: Mapped[str]
    what: Mapped[str]
    about: Mapped[int] = mapped_column(
        BigId
    )  # id of the reply, comment, act, appeal, report, transition, consultation, cosignature, resource, standard, answer, sign-in … by `what`
    event: Mapped[str]  # what happened, once for each person: "reply 12"
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    awaits: Mapped[str] = mapped_column(default="")  # the digest it is to come in
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digest.id"), index=True)

    person: Mapped[Person] = link()
    consultation: Mapped[Consultation | None] = link()

    @property
    def place(self) -> Consultation:
        """Where it happened. Every notice but those of ACCOUNT has one."""
        assert self.consultation is not None
        return self.consultation


class Digest(Base):
    """One mail that gathers notices: one for each person, rhythm and due moment."""

    __tablename__ = "digest"
    __is_unseen__ = True
    __table_args__ = (UniqueConstraint("person_id", "rhythm", "due_at"), one_of("rhythm", ("daily", "weekly")))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rhythm: Mapped[str]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Wish(Base):
    """How somebody wants to be told of one kind; where there is no row, as `wishes.DEFAULTS` says."""

    __tablename__ = "notice_wish"
    __is_unseen__ = True
    __table_args__ = (
        UniqueConstraint("person_id", "kind"),
        one_of("kind", KINDS),
        one_of("mode", ("site", "now", "daily", "weekly")),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    mode: Mapped[str]
