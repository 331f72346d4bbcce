"""A call for comments: what is asked, by whom, until when, and where it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Organisation, Person, one_of
from consult.core import clock
from consult.core.db import Base, link

from . import naming

STATES = (
    "draft", "announced", "open", "paused", "analysis", "review", "published", "adopted", "withdrawn", "archived",
)  # fmt: skip
# Whose contributions moderators look at before they are on show, in the words of everybody's pages.
PRE_MODERATION = {
    "off": "Comments are on show at once.",
    "first": "The first comment or reply of somebody new here is looked at by a moderator before it is on show.",
    "all": "Every comment and reply is looked at by a moderator before it is on show.",
}
# Who reads and who takes part, in the words of the guided form and of its pages.
ACCESS = {
    "public": "Public. Everybody reads it, and everybody with an account can take part.",
    "invited": "By invitation. Everybody reads it. Only people you invite and members of organisations you invite can take part.",
    "private": "Private. Only people you invite and members of organisations you invite read it and can take part. For everybody else it is not there.",
}
# What stands over every page of it.
ACCESS_LINES = {
    "public": "",
    "invited": "By invitation: everybody can read this. Only people and organisations that were invited can take part.",
    "private": "Private: only the people who run it and those they invited can read this. They can make it public later, with everything that was said.",
}
SIGNS = ("safety", "profit", "access", "p4", "p5", "p6")
DEFAULT_POSITIONS = (
    ("safety", "Safety", "Who could be harmed, and what would prevent it."),
    ("profit", "Profit", "What it costs, who earns, and who can compete."),
    ("access", "Access", "Who may use it, study it, change it and share it."),
)


APPEALS = range(7, 366)  # days an author may be given to ask for a second look
APPEAL_DAYS = 30


class Consultation(Base):
    """One call for comments on a draft by one or more organisers; its dates are those of its newest round."""

    __tablename__ = "consultation"
    __table_args__ = (
        one_of("state", STATES),
        one_of("pre_moderation", PRE_MODERATION),
        one_of("access", ACCESS),
        one_of("least_named", naming.LEVELS),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("appeal_days BETWEEN 7 AND 365", name="appeals_have_time"),
        Index("ix_consultation_state_closes", "state", "closes_at", "id"),
        Index("ix_consultation_announced", "announced_at", "id"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")  # plain language, Markdown
    scope: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    organiser_name: Mapped[str] = mapped_column(default="")  # shown; the organisation's name unless given
    co_organisers: Mapped[str] = mapped_column(default="")  # one name a line
    state: Mapped[str] = mapped_column(default="draft")
    timezone: Mapped[str] = mapped_column(default="UTC")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    response_due_at: Mapped[datetime | None]
    review_days: Mapped[int] = mapped_column(default=14)
    appeal_days: Mapped[int] = mapped_column(default=APPEAL_DAYS)  # to ask for a second look at a moderator's decision
    review_ends_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edit_number: Mapped[int] = mapped_column(default=0)  # counts saves of the settings; a stale form is refused
    comment_count: Mapped[int] = mapped_column(default=0)  # countable comments; kept by debate
    organisation_count: Mapped[int] = mapped_column(default=0)  # organisations that commented
    person_count: Mapped[int] = mapped_column(default=0)  # people who commented for themselves
    pre_moderation: Mapped[str] = mapped_column(default="off")  # frozen with the other settings
    access: Mapped[str] = mapped_column(default="public")  # frozen as well; what is private can become public once
    least_named: Mapped[str] = mapped_column(
        default="nobody"
    )  # the least that may stand in place of a name; frozen too
    is_demo: Mapped[bool] = mapped_column(default=False)
    notice: Mapped[str] = mapped_column(default="")  # shown on every page of it: "imported", "demonstration"
    headline: Mapped[str] = mapped_column(default="")  # what came of it; set by outcomes, shown in lists
    outcome_line: Mapped[str] = mapped_column(default="")

    organiser: Mapped[Organisation | None] = link()
    created_by: Mapped[Person | None] = link()
    positions: Mapped[list[Position]] = link(back_populates="consultation", order_by="Position.rank")
    questions: Mapped[list[Question]] = link(back_populates="consultation", order_by="Question.rank")
    topics: Mapped[list[Topic]] = link(back_populates="consultation", order_by="Topic.name")
    rounds: Mapped[list[Round]] = link(back_populates="consultation", order_by="Round.number")

    @property
    def looked_at_first(self) -> str:
        """Which contributions a moderator looks at before they are on show, as a sentence; "": none."""
        return "" if self.pre_moderation == "off" else PRE_MODERATION[self.pre_moderation]

    @property
    def naming_told(self) -> str:
        """Whose names are shown here, as a sentence everybody reads before writing."""
        return naming.TOLD[self.least_named]

    @property
    def is_public(self) -> bool:
        return self.state != "draft"

    @property
    def access_line(self) -> str:
        """Who reads it and who takes part, where that is not everybody."""
        return ACCESS_LINES[self.access]

    @property
    def shown_at_once(self) -> str:
        """Who reads a contribution as soon as it is posted, as the beginning of a sentence."""
        return "Read at once by those who were invited," if self.access == "private" else "Public at once,"

    @property
    def is_shown_at_once(self) -> str:
        """The same as a sentence of its own, without its full stop."""
        return "Those who were invited read it at once" if self.access == "private" else "It is public at once"

    @property
    def readers(self) -> str:
        """Who reads it once it is announced, in the middle of a sentence."""
        return "those who were invited" if self.access == "private" else "everybody"

    @property
    def round(self) -> Round:
        """The newest round: the one that takes comments, or took the last ones. Needs `rounds`."""
        return self.rounds[-1]

    def takes_comments(self, at: datetime | None = None) -> bool:
        """Whether a comment received `at` (now) counts: decided by state and by the clock, in UTC."""
        moment = at or clock.now()
        return self.state == "open" and self.closes_at is not None and moment < self.closes_at


class Position(Base):
    """An interest a contribution can argue from."""

    __tablename__ = "position"
    __table_args__ = (UniqueConstraint("consultation_id", "key"), one_of("sign", SIGNS))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    key: Mapped[str]
    name: Mapped[str]
    definition: Mapped[str]
    sign: Mapped[str]  # CSS class: shape, rule and colour
    rank: Mapped[int]
    comment_count: Mapped[int] = mapped_column(default=0)  # kept by debate

    consultation: Mapped[Consultation] = link(back_populates="positions")


class Question(Base):
    """What the organisers ask."""

    __tablename__ = "question"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    text: Mapped[str]
    rank: Mapped[int]

    consultation: Mapped[Consultation] = link(back_populates="questions")


class Topic(Base):
    """A word to find consultations by."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("consultation_id", "name"), Index("ix_topic_name", "name"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    name: Mapped[str]

    consultation: Mapped[Consultation] = link(back_populates="topics")


class Round(Base):
    """One opening window on one draft version."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]  # its outcome is final; only the newest round can be without
    comment_count: Mapped[int] = mapped_column(default=0)  # these three as on Consultation; kept by debate
    organisation_count: Mapped[int] = mapped_column(default=0)
    person_count: Mapped[int] = mapped_column(default=0)

    consultation: Mapped[Consultation] = link(back_populates="rounds")

    @property
    def is_over(self) -> bool:
        """Whether its outcome is published: its comments, answers and summary no longer change."""
        return self.published_at is not None


class Transition(Base):
    """A step in a consultation's life: recorded once, public, never changed."""

    __tablename__ = "transition"
    __table_args__ = (
        Index("ix_transition_consultation", "consultation_id", "id"),
        Index("ix_transition_verb_at", "verb", "at"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    verb: Mapped[str]  # announce, open, extend, pause, resume, close, …
    from_state: Mapped[str]
    to_state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")  # e.g. old and new closing time
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: the clock
    at: Mapped[datetime] = mapped_column(default=clock.now)

    actor: Mapped[Person | None] = link()


class StoredFile(Base):
    """A file that came with something in a consultation; its content is in the store, under its SHA-256.

    Who may have it is decided by what it came with: a shelf, a letter on paper. Deleting the last row that names a
    content lets the content go within two hours.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="holds_something"),
        CheckConstraint("length(sha256) = 64", name="names_its_content"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]  # to save it under, with an ending that fits what it holds
    media_type: Mapped[str]  # found by its content
    size: Mapped[int]  # bytes
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: the command line
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
