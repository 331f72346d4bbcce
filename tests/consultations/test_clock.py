"""The clock: opens and closes on time, once, whoever runs it; times on the wall in spring and autumn."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.consultations import events, operations
from consult.consultations.jobs import run_the_clock
from consult.consultations.models import Consultation, Transition
from consult.consultations.wall_clock import end_of_day, to_moment, to_wall
from consult.core import clock, jobs
from consult.core.db import db
from consult.core.errors import Invalid
from consult.core.events import _listeners
from consult.core.jobs import Job
from consult.core.rules import SYSTEM
from tests.lengths import examples
from tests.make import Make


def _states(make: Make) -> dict[str, str]:
    return dict(db.session.execute(select(Consultation.slug, Consultation.state)).all())  # type: ignore[arg-type]


def test_the_clock_moves_what_is_due_and_nothing_else(inside: Flask, make: Make) -> None:
    moment = clock.now()
    late, early = moment - timedelta(seconds=1), moment + timedelta(minutes=5)
    make.consultation("announced", slug="opens", opens_at=late)
    make.consultation("announced", slug="waits", opens_at=early)
    make.consultation("open", slug="closes", closes_at=late)
    make.consultation("open", slug="runs", closes_at=early)
    make.consultation("paused", slug="rests", closes_at=late)
    make.consultation("draft", slug="hides", opens_at=late)
    run_the_clock()
    assert _states(make) == {
        "opens": "open", "waits": "announced", "closes": "analysis", "runs": "open", "rests": "paused", "hides": "draft",
    }  # fmt: skip
    steps = db.session.execute(select(Transition.verb, Transition.actor_id).order_by(Transition.id)).all()
    assert [tuple(step) for step in steps] == [("open", None), ("close", None)]
    run_the_clock()
    assert make.count(Transition) == 2


def test_a_fault_in_one_does_not_hold_up_the_next(inside: Flask, make: Make) -> None:
    late = clock.now() - timedelta(seconds=1)
    first = make.consultation("open", slug="first", closes_at=late)
    make.consultation("open", slug="second", closes_at=late)

    def break_down(event: events.ConsultationClosed) -> None:
        if event.consultation_id == first.id:
            raise RuntimeError("the register does not answer")

    _listeners[events.ConsultationClosed].append(break_down)
    try:
        run_the_clock()
        assert _states(make) == {"first": "open", "second": "analysis"}
    finally:
        _listeners[events.ConsultationClosed].remove(break_down)
    run_the_clock()
    assert _states(make) == {"first": "analysis", "second": "analysis"}


def test_several_workers_at_once_move_it_once(app: Flask, make: Make) -> None:
    late = clock.now() - timedelta(seconds=1)
    for n in range(4):
        make.consultation("announced", slug=f"c{n}", opens_at=late)
    start = threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            start.wait()
            run_the_clock()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert make.count(Transition, Transition.verb == "open") == 4
    assert make.count(Consultation, Consultation.state == "open") == 4


def test_a_worker_is_woken_at_the_very_second(inside: Flask, make: Make) -> None:
    row = make.consultation("draft")
    make.version(row)
    operations.announce(actor=SYSTEM, consultation=row)
    assert set(db.session.scalars(select(Job.due_at))) == {row.opens_at, row.closes_at}
    with clock.shifted(row.opens_at - clock.now() + timedelta(seconds=1)):
        jobs.run_due()
    db.session.refresh(row)
    assert row.state == "open"
    with clock.shifted(row.closes_at - clock.now() + timedelta(seconds=1)):
        jobs.run_due()
    db.session.refresh(row)
    assert row.state == "analysis"


def test_an_extension_moves_the_closing_and_the_old_second_passes(inside: Flask, make: Make) -> None:
    row = make.consultation("draft")
    make.version(row)
    operations.announce(actor=SYSTEM, consultation=row)
    with clock.shifted(row.opens_at - clock.now() + timedelta(seconds=1)):
        jobs.run_due()
        db.session.refresh(row)
        before = row.closes_at
        operations.extend(actor=SYSTEM, consultation=row, closes_at=before + timedelta(days=7), reason="Holidays.")
    with clock.shifted(before - clock.now() + timedelta(seconds=1)):
        jobs.run_due()
        db.session.refresh(row)
        assert row.state == "open"
        assert row.takes_comments()


def test_a_late_comment_is_late_even_before_the_clock_ran(make: Make) -> None:
    row = make.consultation("open", closes_at=clock.now() + timedelta(seconds=60))
    assert row.takes_comments()
    with clock.shifted(timedelta(seconds=61)):
        assert not row.takes_comments()
    assert not row.takes_comments(row.closes_at)
    assert row.takes_comments(row.closes_at - timedelta(microseconds=1))


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("local", "zone", "is_second", "expected"),
    [
        ("2026-12-04T18:00", "Europe/Berlin", False, "2026-12-04T17:00"),
        ("2026-06-04T18:00", "Europe/Berlin", False, "2026-06-04T16:00"),
        ("2026-10-25T02:30", "Europe/Berlin", False, "2026-10-25T00:30"),  # the hour that comes twice
        ("2026-10-25T02:30", "Europe/Berlin", True, "2026-10-25T01:30"),
        ("2026-04-05T01:45", "Australia/Lord_Howe", True, "2026-04-04T15:15"),  # half an hour twice
        ("2026-01-01T00:00", "Pacific/Kiritimati", False, "2025-12-31T10:00"),
        ("2026-03-08T12:00", "Asia/Kathmandu", False, "2026-03-08T06:15"),
        ("2026-03-08T12:00", "UTC", True, "2026-03-08T12:00"),
    ],
)
def test_a_wall_clock_time_is_one_moment(local: str, zone: str, is_second: bool, expected: str) -> None:
    moment = to_moment(_wall(local), zone, field="x", is_second=is_second)
    assert moment == _wall(expected).replace(tzinfo=UTC)
    assert to_wall(moment, zone) == _wall(local)


@pytest.mark.parametrize(
    ("local", "zone"),
    [("2026-03-29T02:30", "Europe/Berlin"), ("2026-03-08T02:00", "America/New_York"),
     ("2026-10-04T02:15", "Australia/Lord_Howe"), ("2011-12-30T12:00", "Pacific/Apia")],
)  # fmt: skip
def test_an_hour_that_never_was_is_refused(local: str, zone: str) -> None:
    with pytest.raises(Invalid, match="does not exist"):
        to_moment(_wall(local), zone, field="opens")


@settings(max_examples=examples(150), deadline=None)
@given(
    st.datetimes(_wall("1995-01-01"), _wall("2150-01-01")),
    st.sampled_from(
        ["UTC", "Europe/Madrid", "America/St_Johns", "Africa/Casablanca", "Asia/Tehran", "Pacific/Chatham"]
    ),
    st.booleans(),
)
def test_every_time_is_either_refused_or_comes_back(local: datetime, zone: str, is_second: bool) -> None:
    try:
        moment = to_moment(local, zone, field="x", is_second=is_second)
    except Invalid:
        return
    assert moment.tzinfo is UTC
    assert to_wall(moment, zone) == local


def test_the_day_of_a_promise_ends_in_its_own_zone() -> None:
    assert end_of_day(date(2026, 7, 1), "America/New_York", field="x") == datetime(2026, 7, 2, 3, 59, tzinfo=UTC)
