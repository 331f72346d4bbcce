"""The whole state machine as a table: every state, every step, every role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations import events, operations, rules
from consult.consultations.models import STATES, Consultation, Round, Transition
from consult.consultations.states import BY_VERB, MOVES
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Invalid, Refused
from consult.core.events import _listeners
from consult.core.rules import SYSTEM, VISITOR, Actor
from tests.make import Make

ROLES = ("visitor", "person", "organiser", "moderator", "editor", "observer", "administrator", "system")
RUNNING = {"organiser", "administrator", "system"}
ACTS = {
    "announce": operations.announce, "open": operations.open_consultation, "extend": operations.extend,
    "pause": operations.pause, "resume": operations.resume, "close": operations.close,
    "begin_review": operations.begin_review, "publish": operations.publish, "begin_round": operations.begin_round,
    "adopt": operations.adopt,
    "withdraw": operations.withdraw, "archive": operations.archive, "make_public": operations.make_public,
}  # fmt: skip

# Written out once more, by hand, so that the table in the code cannot change unnoticed.
EXPECTED = {
    ("announce", "draft"): "announced",
    ("open", "announced"): "open",
    ("extend", "announced"): "announced",
    ("extend", "open"): "open",
    ("extend", "paused"): "paused",
    ("pause", "open"): "paused",
    ("resume", "paused"): "open",
    ("close", "open"): "analysis",
    ("close", "paused"): "analysis",
    ("begin_review", "analysis"): "review",
    ("publish", "review"): "published",
    ("begin_round", "published"): "announced",
    ("adopt", "published"): "adopted",
    ("withdraw", "announced"): "withdrawn",
    ("withdraw", "open"): "withdrawn",
    ("withdraw", "paused"): "withdrawn",
    ("withdraw", "analysis"): "withdrawn",
    ("withdraw", "review"): "withdrawn",
    ("withdraw", "published"): "withdrawn",
    ("archive", "published"): "archived",
    ("archive", "adopted"): "archived",
    ("archive", "withdrawn"): "archived",
    **{("make_public", state): state for state in STATES if state != "draft"},
}
MODERATORS_MAY = {"begin_review", "publish"}


def _actor(role: str, consultation_id: int) -> Actor:
    if role == "visitor":
        return VISITOR
    if role == "system":
        return SYSTEM
    roles = frozenset() if role in ("person", "administrator") else frozenset({(consultation_id, role)})
    return Actor(person_id=1, name=role, is_verified=True, is_administrator=role == "administrator", roles=roles)


def _in_state(state: str, verb: str) -> Consultation:
    """A row whose hour has come for `verb`, so that only role and state decide."""
    is_due = verb in ("open", "close")
    moment = clock.now()
    return Consultation(
        id=7, state=state, access="private" if verb == "make_public" else "public", opens_at=moment - timedelta(days=9),
        closes_at=moment + timedelta(days=-1 if is_due else 9), review_ends_at=moment - timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", BY_VERB)
def test_every_state_step_and_role(verb: str, state: str, role: str) -> None:
    verdict = rules.may(verb)(_actor(role, 7), _in_state(state, verb))
    is_among = role in RUNNING or (role == "moderator" and verb in MODERATORS_MAY)
    if is_among and (verb, state) in EXPECTED:
        assert verdict, verdict.reason
        assert BY_VERB[verb].target(state) == EXPECTED[verb, state]
    elif not is_among:
        assert verdict.reason.startswith("Only its organisers")
    else:
        assert BY_VERB[verb].guard in verdict.reason
        assert "This one is" in verdict.reason


def test_the_table_names_every_step_once_and_every_state_is_reached() -> None:
    assert len(BY_VERB) == len(MOVES) == len(ACTS)
    assert {m.to for m in MOVES if m.to} | {"draft"} == set(STATES)


def _dates(verb: str) -> dict[str, object]:
    if verb == "extend":
        return {"closes_at": clock.now() + timedelta(days=90)}
    opens = (clock.now() + timedelta(days=5)).replace(tzinfo=None, second=0, microsecond=0)
    dates = {"opens": opens, "closes": opens + timedelta(days=42), "response_day": None, "review_days": 14}
    return dates if verb == "begin_round" else {}


@pytest.mark.parametrize(("verb", "state"), EXPECTED)
def test_a_step_is_written_recorded_and_told(verb: str, state: str, inside: Flask, make: Make) -> None:
    due = {"closes_at": clock.now() - timedelta(hours=1)} if verb == "close" else {}
    early = {"opens_at": clock.now() - timedelta(hours=1)} if verb == "open" else {}
    row = make.consultation(state, **due, **early, access="private" if verb == "make_public" else "public")
    make.version(row)
    if verb == "begin_round":
        make.version(row, ("Everybody shall publish a summary.",))
    person = make.staff(row, "organiser")
    told: list[object] = []
    kinds = [k for k in vars(events).values() if isinstance(k, type) and k.__module__ == events.__name__]
    for kind in kinds:
        _listeners[kind].append(told.append)
    given = {"reason": "Because of the flood."} if BY_VERB[verb].needs_reason else {}
    try:
        ACTS[verb](actor=make.actor(person), consultation=row, **given, **_dates(verb))
    finally:
        for kind in kinds:
            _listeners[kind].remove(told.append)
    assert row.state == EXPECTED[verb, state]
    record = db.session.scalars(select(Transition)).one()
    assert (record.verb, record.from_state, record.to_state, record.actor_id) == (verb, state, row.state, person.id)
    assert record.reason == given.get("reason", "")
    assert [e.consultation_id for e in told] == [row.id]  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", [m.verb for m in MOVES if m.needs_reason])
def test_a_step_that_touches_everybody_needs_a_reason(verb: str, inside: Flask, make: Make) -> None:
    row = make.consultation("open", access="private" if verb == "make_public" else "public")
    later = {"closes_at": clock.now() + timedelta(days=90)} if verb == "extend" else {}
    with pytest.raises(Invalid, match="Write the reason"):
        ACTS[verb](actor=SYSTEM, consultation=row, reason=" \x00\n ", **later)
    assert make.count(Transition) == 0


def test_a_listener_that_refuses_undoes_the_step(inside: Flask, make: Make) -> None:
    row = make.consultation("review")

    def refuse(event: events.ConsultationPublished) -> None:
        raise Refused("Three comments have no answer yet.")

    _listeners[events.ConsultationPublished].append(refuse)
    try:
        with pytest.raises(Refused, match="Three comments"):
            operations.publish(actor=SYSTEM, consultation=row)
    finally:
        _listeners[events.ConsultationPublished].remove(refuse)
    db.session.refresh(row)
    assert row.state == "review"
    assert row.published_at is None
    assert make.count(Transition) == 0


def test_pressing_twice_is_one_step(inside: Flask, make: Make) -> None:
    row = make.consultation("open")
    key = make.key()
    for _ in range(2):
        operations.pause(actor=SYSTEM, consultation=row, reason="Flood.", key=key)
    assert make.count(Transition) == 1


def test_a_deadline_is_never_shortened(inside: Flask, make: Make) -> None:
    row = make.consultation("open")
    with pytest.raises(Invalid, match="never be shortened") as caught:
        operations.extend(actor=SYSTEM, consultation=row, closes_at=row.closes_at - timedelta(seconds=1), reason="x")
    assert caught.value.field == "closes_at"
    with pytest.raises(Refused, match="never shortened"):
        operations.close(actor=SYSTEM, consultation=row)


def test_an_extension_moves_the_promised_answer_too(inside: Flask, make: Make) -> None:
    row = make.consultation("open")
    before, promised = row.closes_at, row.response_due_at
    operations.extend(actor=SYSTEM, consultation=row, closes_at=before + timedelta(days=14), reason="Holidays.")
    assert row.response_due_at == promised + timedelta(days=14)
    assert "/" in db.session.scalars(select(Transition.detail)).one()


def test_an_open_consultation_past_its_end_cannot_be_extended_into_life(inside: Flask, make: Make) -> None:
    row = make.consultation("open", closes_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="can no longer be extended"):
        operations.extend(actor=SYSTEM, consultation=row, closes_at=clock.now() + timedelta(days=5), reason="Late.")


def test_paused_past_its_end_is_extended_before_it_resumes(inside: Flask, make: Make) -> None:
    row = make.consultation("paused", closes_at=clock.now() - timedelta(hours=1))
    with pytest.raises(Refused, match="Extend it first"):
        operations.resume(actor=SYSTEM, consultation=row)
    operations.extend(actor=SYSTEM, consultation=row, closes_at=clock.now() + timedelta(days=5), reason="Flood.")
    operations.resume(actor=SYSTEM, consultation=row)
    assert row.takes_comments()


def test_the_review_is_not_cut_short(inside: Flask, make: Make) -> None:
    row = make.consultation("analysis")
    organiser = make.actor(make.staff(row, "organiser"))
    operations.begin_review(actor=organiser, consultation=row)
    with pytest.raises(Refused, match="review still runs"):
        operations.publish(actor=organiser, consultation=row)
    with clock.shifted(timedelta(days=row.review_days, minutes=1)):
        operations.publish(actor=organiser, consultation=row)
    assert row.state == "published"


def test_opening_and_closing_mark_the_round(inside: Flask, make: Make) -> None:
    row = make.consultation("announced")
    with clock.shifted(timedelta(days=8)):
        operations.open_consultation(actor=SYSTEM, consultation=row)
    assert db.session.scalars(select(Round)).one().opened_at > clock.now()
    with clock.shifted(timedelta(days=61)):
        operations.close(actor=SYSTEM, consultation=row)
    assert db.session.scalars(select(Round)).one().closed_at > clock.now()


def test_announcing_names_everything_that_is_missing(inside: Flask, make: Make) -> None:
    row = operations.begin_consultation(actor=SYSTEM, title="Words for machines")
    with pytest.raises(Invalid) as caught:
        operations.announce(actor=SYSTEM, consultation=row)
    for part in ("plain words", "when it opens"):
        assert part in caught.value.sentence
    assert row.state == "draft"
