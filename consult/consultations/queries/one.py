"""One consultation: what is asked, by whom, until when, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import GuestOrganisation, Membership, Person, RoleGrant
from consult.core.conditions import per_viewer
from consult.core.db import db, read_rows
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.core.text import markdown

from ..models import Consultation, Question, Round, Topic, Transition

VERBS = {
    "begin": "Begun as a draft",
    "announce": "Announced",
    "open": "Opened for comments",
    "extend": "Extended",
    "pause": "Paused",
    "resume": "Resumed",
    "close": "Closed for comments",
    "begin_review": "Answers put up for review",
    "publish": "Outcome published",
    "adopt": "Adopted as a standard",
    "withdraw": "Withdrawn",
    "archive": "Archived",
    "make_public": "Made public",
}


@per_viewer
def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Everything announced, of private ones those the viewer was let into; drafts for their organisers, moderators and
    editors; administrators see all.
    """
    if viewer.is_administrator or viewer.is_system:
        return Consultation.id.is_not(None)
    is_open_to_her = or_(Consultation.access != "private", Consultation.id.in_(viewer.admitted_to))
    return or_(and_(Consultation.state != "draft", is_open_to_her), Consultation.id.in_(viewer.staff_of))


def let_in(consultation_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """People for whom a consultation is no secret: the condition of `visible_to` on Person, to tell many at once."""
    is_known = exists().where(Consultation.id == consultation_id, Consultation.access != "private")
    invited = select(Membership.person_id).join(
        GuestOrganisation, GuestOrganisation.organisation_id == Membership.organisation_id
    )
    return or_(
        is_known,
        Person.is_administrator,
        Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.consultation_id == consultation_id)),
        Person.id.in_(
            invited.where(GuestOrganisation.consultation_id == consultation_id, Membership.state == "member")
        ),
    )


_ONE = select(Consultation).options(
    joinedload(Consultation.organiser),
    joinedload(Consultation.positions),  # few beside few: one statement instead of three
    joinedload(Consultation.rounds),
)


def find(*, viewer: Actor, slug: str) -> Consultation:
    """One consultation with organiser, positions and rounds; Missing when it is not there for this viewer."""
    row = db.session.scalars(_one(viewer), {"slug": slug}).unique().one_or_none()
    if row is None:
        raise Missing("There is no consultation at this address, or it is not public yet.")
    return row


@per_viewer
def _one(viewer: Actor) -> Select[Consultation]:
    """The statement of `find`."""
    return _ONE.where(Consultation.slug == bindparam("slug"), visible_to(viewer))


def newest_round(*, viewer: Actor, consultation: Consultation) -> Round:
    """The round that takes comments, or took the last ones, where `rounds` is not loaded."""
    return db.session.scalars(_NEWEST_ROUND, {"consultation": consultation.id}).one()


def newest_round_id(*, viewer: Actor, consultation: Consultation) -> int:
    """The same, by its id alone."""
    found: int = read_rows(_NEWEST_ROUND_ID, {"consultation": consultation.id}).scalar_one()
    return found


_NEWEST_ROUND = (
    select(Round).where(Round.consultation_id == bindparam("consultation")).order_by(Round.number.desc()).limit(1)
)
_NEWEST_ROUND_ID = _NEWEST_ROUND.with_only_columns(Round.id)


class Entry(Record):
    """One line of its history. `moved` holds the old and the new closing time of an extension."""

    what: str
    at: datetime
    who: str
    verb: str
    reason: str
    moved: tuple[datetime, datetime] | None


def history(*, viewer: Actor, consultation: Consultation) -> Sequence[Entry]:
    """What happened to a consultation (as `find` gave it to this viewer), newest first."""
    rows = db.session.scalars(
        select(Transition)
        .join(Consultation, Consultation.id == Transition.consultation_id)
        .options(joinedload(Transition.actor))
        .where(Transition.consultation_id == consultation.id, visible_to(viewer))
        .order_by(Transition.id.desc())
    )
    return [_entry(row) for row in rows]


def _entry(row: Transition) -> Entry:
    old, _, new = row.detail.partition("/")
    moved = (datetime.fromisoformat(old), datetime.fromisoformat(new)) if row.verb == "extend" and new else None
    who = row.actor.name if row.actor else "Consult itself"
    what = f"Round {row.detail} announced" if row.verb == "begin_round" else VERBS.get(row.verb, row.verb)
    return Entry(what=what, at=row.at, who=who, verb=row.verb, reason=row.reason, moved=moved)


class Overview(Record):
    """What the first page of a consultation shows, beside its header."""

    summary_html: str
    scope_html: str
    questions: Sequence[str]
    topics: Sequence[str]
    co_organisers: Sequence[str]
    history: Sequence[Entry]

    def last(self, *verbs: str) -> Entry | None:
        """The newest step of this round with one of these verbs."""
        this_round = takewhile(lambda entry: entry.verb != "begin_round", self.history)
        return next((entry for entry in this_round if entry.verb in verbs), None)


def overview(*, viewer: Actor, consultation: Consultation) -> Overview:
    """Questions, topics, partners and history of a consultation (as `find` gave it to this viewer)."""
    questions = db.session.scalars(
        select(Question.text)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .where(Question.consultation_id == consultation.id, visible_to(viewer))
        .order_by(Question.rank)
    ).all()
    topics = db.session.scalars(
        select(Topic.name)
        .join(Consultation, Consultation.id == Topic.consultation_id)
        .where(Topic.consultation_id == consultation.id, visible_to(viewer))
        .order_by(Topic.name)
    ).all()
    return Overview(
        summary_html=markdown(consultation.summary),
        scope_html=markdown(consultation.scope),
        questions=questions,
        topics=topics,
        co_organisers=[name for name in consultation.co_organisers.splitlines() if name.strip()],
        history=history(viewer=viewer, consultation=consultation),
    )


def dates(*, viewer: Actor, slug: str) -> tuple[Consultation, Sequence[Entry]]:
    """A consultation and its history, for the calendar file."""
    row = find(viewer=viewer, slug=slug)
    return row, history(viewer=viewer, consultation=row)
