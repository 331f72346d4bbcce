"""The steps in a consultation's life. Each is judged by its rule, recorded for everybody to read, and told to listeners.

Rooms above guard a step by listening to its event in the same transaction: what they raise undoes the step.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update

from consult.accounts.models import Organisation, RoleGrant
from consult.core import clock, ids, jobs
from consult.core.db import insert_new
from consult.core.errors import Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.core.text import normalise

from .. import events, rules
from ..models import DEFAULT_POSITIONS, Consultation, Position, Round, Transition
from ..readiness import missing
from ..states import BY_VERB
from ..wall_clock import dates_of

CLOCK_JOB = "consultations.clock"


@operation(rule=rules.may_begin_consultation)
def begin_consultation(*, actor: Actor, title: str, key: str | None = None, slug: str | None = None) -> Consultation:
    """Begin a consultation as a draft with the default positions and its first round; the actor organises it.

    Raises Invalid when the title is empty or `slug` is taken.
    """
    title = " ".join(normalise(title).split())
    if not title:
        raise Invalid("Give it a title. You can change it until you announce it.", field="title")
    consultation_id = _insert_with_free_slug(actor, title, slug)
    row = session().get_one(Consultation, consultation_id)
    for rank, (position, name, definition) in enumerate(DEFAULT_POSITIONS):
        session().add(
            Position(
                consultation_id=row.id, key=position, name=name, definition=definition, sign=position, rank=rank
            )
        )  # fmt: skip
    session().add(Round(consultation_id=row.id, number=1))
    if actor.person_id is not None:
        session().add(
            RoleGrant(
                consultation_id=row.id, person_id=actor.person_id, role="organiser", granted_by_id=actor.person_id
            )
        )
    _record(actor, row, "begin", "draft")
    emit(events.ConsultationBegun(row.id))
    return row


@operation(rule=rules.may("announce"), on="consultation")
def announce(*, actor: Actor, consultation: Consultation, key: str | None = None) -> Consultation:
    """Make a draft public and freeze its text, positions, questions and dates.

    Raises Invalid, naming everything that is missing; documents refuses when there is no draft text.
    """
    lacking = missing(
        consultation, _positions(consultation.id), moment=None if actor.is_system else clock.now()
    )  # fmt: skip
    if lacking:
        raise Invalid("Before it can be announced: " + " ".join(lacking))
    _record(actor, consultation, "announce", "announced")
    consultation.announced_at = clock.now()
    _wake_the_clock(consultation)
    emit(events.ConsultationAnnounced(consultation.id))
    return consultation


@operation(rule=rules.may("open"), on="consultation")
def open_consultation(*, actor: Actor, consultation: Consultation, key: str | None = None) -> Consultation:
    """Let comments in; the clock does it at the announced time."""
    _record(actor, consultation, "open", "open")
    _mark_round(consultation, "opened_at")
    emit(events.ConsultationOpened(consultation.id))
    return consultation


@operation(rule=rules.may("extend"), on="consultation")
def extend(
    *, actor: Actor, consultation: Consultation, closes_at: datetime, reason: str, key: str | None = None
) -> Consultation:
    """Move the closing time later, with a public reason; never earlier.

    An answer promised for a date moves by as many days. Raises Invalid for an earlier or past time.
    """
    reason = _reason(reason)
    before = consultation.closes_at
    if before is None or closes_at <= before:
        raise Invalid("The new closing time must be later than the old one; it can never be shortened.", "closes_at")
    if closes_at <= clock.now():
        raise Invalid("This time has passed. Choose one that is still to come.", "closes_at")
    detail = f"{before:%Y-%m-%dT%H:%MZ}/{closes_at:%Y-%m-%dT%H:%MZ}"
    _record(actor, consultation, "extend", consultation.state, reason, detail)
    consultation.closes_at = closes_at
    if consultation.response_due_at is not None:
        consultation.response_due_at += closes_at - before
    _wake_the_clock(consultation)
    emit(events.ConsultationExtended(consultation.id))
    return consultation


@operation(rule=rules.may("pause"), on="consultation")
def pause(*, actor: Actor, consultation: Consultation, reason: str, key: str | None = None) -> Consultation:
    """Take no comments for a while, with a public reason."""
    _record(actor, consultation, "pause", "paused", _reason(reason))
    emit(events.ConsultationPaused(consultation.id))
    return consultation


@operation(rule=rules.may("resume"), on="consultation")
def resume(*, actor: Actor, consultation: Consultation, reason: str = "", key: str | None = None) -> Consultation:
    """Take comments again."""
    _record(actor, consultation, "resume", "open", normalise(reason))
    emit(events.ConsultationResumed(consultation.id))
    return consultation


@operation(rule=rules.may("close"), on="consultation")
def close(*, actor: Actor, consultation: Consultation, key: str | None = None) -> Consultation:
    """End the round: no more comments, answering begins. The clock does it at the closing time."""
    _record(actor, consultation, "close", "analysis")
    _mark_round(consultation, "closed_at")
    emit(events.ConsultationClosed(consultation.id))
    return consultation


@operation(rule=rules.may("begin_review"), on="consultation")
def begin_review(*, actor: Actor, consultation: Consultation, key: str | None = None) -> Consultation:
    """Make the proposed answers and the summary public, for commenters to check."""
    _record(actor, consultation, "begin_review", "review")
    consultation.review_ends_at = clock.now() + timedelta(days=consultation.review_days)
    emit(events.ReviewBegan(consultation.id))
    return consultation


@operation(rule=rules.may("publish"), on="consultation")
def publish(*, actor: Actor, consultation: Consultation, key: str | None = None) -> Consultation:
    """Make the outcome final; outcomes refuses while a comment has no answer."""
    _record(actor, consultation, "publish", "published")
    consultation.published_at = clock.now()
    _mark_round(consultation, "published_at")
    emit(events.ConsultationPublished(consultation.id))
    return consultation


@operation(rule=rules.may("begin_round"), on="consultation")
def begin_round(
    *, actor: Actor, consultation: Consultation, opens: datetime, closes: datetime, response_day: date | None,
    review_days: int, key: str | None = None,
) -> Consultation:  # fmt: skip
    """Put the next version of the draft to comment: the same positions, questions and people, new dates.

    `opens`, `closes`: what a clock on the wall shows in the consultation's time zone. Raises Invalid for dates in
    the wrong order or past; documents refuses when there is no next version.
    """
    when = dates_of(consultation.timezone, opens, closes, response_day, review_days)
    if when["opens_at"] <= clock.now() and not actor.is_system:
        raise Invalid("This time has passed. Choose one that is still to come.", field="opens")
    number = session().scalar(select(func.max(Round.number)).where(Round.consultation_id == consultation.id)) or 0
    current = Round(consultation_id=consultation.id, number=number + 1)
    session().add(current)
    _record(actor, consultation, "begin_round", "announced", detail=str(current.number))
    for name, value in when.items():
        setattr(consultation, name, value)
    consultation.announced_at, consultation.review_ends_at, consultation.published_at = clock.now(), None, None
    _wake_the_clock(consultation)
    emit(events.RoundBegan(consultation.id, current.id))
    return consultation


@operation(rule=rules.may("adopt"), on="consultation")
def adopt(*, actor: Actor, consultation: Consultation, key: str | None = None) -> Consultation:
    """Call the draft an adopted standard."""
    _record(actor, consultation, "adopt", "adopted")
    emit(events.ConsultationAdopted(consultation.id))
    return consultation


@operation(rule=rules.may("withdraw"), on="consultation")
def withdraw(*, actor: Actor, consultation: Consultation, reason: str, key: str | None = None) -> Consultation:
    """End it for good, with a public reason; comments and what was published of it stay."""
    reason = _reason(reason)
    was_taking_comments = consultation.state in ("open", "paused")
    _record(actor, consultation, "withdraw", "withdrawn", reason)
    if was_taking_comments:
        _mark_round(consultation, "closed_at")
    emit(events.ConsultationWithdrawn(consultation.id))
    return consultation


@operation(rule=rules.may("archive"), on="consultation")
def archive(*, actor: Actor, consultation: Consultation, key: str | None = None) -> Consultation:
    """Take a finished consultation out of the lists; its pages stay."""
    _record(actor, consultation, "archive", "archived")
    emit(events.ConsultationArchived(consultation.id))
    return consultation


@operation(rule=rules.may("make_public"), on="consultation")
def make_public(*, actor: Actor, consultation: Consultation, reason: str, key: str | None = None) -> Consultation:
    """Let everybody read a private consultation and take part in it, with a public reason; never the other way round."""
    _record(actor, consultation, "make_public", consultation.state, _reason(reason))
    consultation.access = "public"
    emit(events.ConsultationMadePublic(consultation.id))
    return consultation


@operation(rule=rules.may_set_outcome_line, on="consultation")
def set_outcome_line(*, actor: Actor, consultation: Consultation, headline: str, line: str) -> Consultation:
    """What came of it, for lists: a headline ("14 changes from 312 comments") and one sentence."""
    consultation.headline = normalise(headline)
    consultation.outcome_line = normalise(line)
    return consultation


def _insert_with_free_slug(actor: Actor, title: str, slug: str | None) -> int:
    base = slug or ids.slug(title)
    candidates = [base] if slug else [base, *(f"{base}-{n}" for n in range(2, 10)), f"{base}-{ids.new_key()[:8]}"]
    for candidate in candidates:
        taken = insert_new(
            Consultation, slug=candidate, title=title, created_by_id=actor.person_id,
            organiser_id=actor.acting_for_id, organiser_name=_organiser_name(actor),
        )  # fmt: skip
        if taken is not None:
            return taken
    raise Invalid("This address is taken by another consultation. Choose another one.", field="slug")


def _organiser_name(actor: Actor) -> str:
    if actor.acting_for_id is None:
        return ""
    return session().scalar(select(Organisation.name).where(Organisation.id == actor.acting_for_id)) or ""


def _record(actor: Actor, consultation: Consultation, verb: str, to: str, reason: str = "", detail: str = "") -> None:
    before = consultation.state
    move = BY_VERB.get(verb)
    if move is not None and move.target(before) != to:
        raise AssertionError(f"{verb} leads to {move.target(before)}, not to {to}")
    consultation.state = to
    session().add(
        Transition(
            consultation_id=consultation.id, verb=verb, from_state=before, to_state=to, reason=reason, detail=detail,
            actor_id=actor.person_id, at=clock.now(),
        )
    )  # fmt: skip
    session().flush()


def _reason(reason: str) -> str:
    reason = normalise(reason)
    if not reason:
        raise Invalid("Write the reason. Everybody can read it, so say what people need to know.", field="reason")
    return reason


def _positions(consultation_id: int) -> list[Position]:
    return list(session().scalars(select(Position).where(Position.consultation_id == consultation_id)))


def _mark_round(consultation: Consultation, column: str) -> None:
    """The current round began or ended now; a round is marked once."""
    current = (
        select(Round.id).where(Round.consultation_id == consultation.id).order_by(Round.number.desc()).limit(1)
    ).scalar_subquery()
    session().execute(
        update(Round)
        .where(Round.id == current, getattr(Round, column).is_(None))
        .values({column: clock.now()})
        .execution_options(synchronize_session="fetch")
    )


def _wake_the_clock(consultation: Consultation) -> None:
    """Have a worker look at the very second something is due; the sweep each minute finds what was missed."""
    for moment in (consultation.opens_at, consultation.closes_at):
        if moment is not None and moment > clock.now():
            key = f"{CLOCK_JOB}:{consultation.id}:{moment:%Y%m%d%H%M%S}"
            jobs.later(CLOCK_JOB, {}, due_at=moment, dedupe_key=key)
