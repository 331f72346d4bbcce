"""Deadlines: 14, 7, 3 and 1 days before, on a morning in the consultation's zone, once, also when the time moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from consult.consultations import operations as consultations
from consult.consultations import queries as consultation_queries
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.jobs import run_due
from consult.core.rules import SYSTEM
from consult.notices import operations, queries, timing
from consult.notices.jobs import remind
from consult.notices.models import Notice
from tests.make import Make
from tests.moderation.world import World, build

from .conftest import Post

CLOSES = datetime(2027, 4, 4, 21, 59, tzinfo=UTC)  # 23:59 in Berlin, a week after its clocks went forward
OPENS = datetime(2027, 3, 1, 8, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/New_York", "UTC")


@pytest.fixture
def world(inside: Flask, make: Make) -> World:
    world = build(make)
    with write_transaction() as session:
        session.execute(
            update(Consultation)
            .where(Consultation.id == world.consultation.id)
            .values(closes_at=CLOSES, opens_at=OPENS, timezone="Europe/Berlin")
        )
    operations.follow(actor=world.actor("reader"), subject=world.consultation)
    operations.set_wishes(actor=world.actor("reader"), modes={"reminders": "now"})
    return world


def at(moment: datetime) -> Any:
    return clock.shifted(moment - clock.now())


def days_told(world: World, post: Post, first: date, last: date) -> list[tuple[date, str]]:
    """What is mailed while a worker sweeps, four times a day, from one day to another."""
    found = []
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC)
    while moment.date() <= last:
        with at(moment + timedelta(minutes=5)):
            remind()
            mails = [mail for mail in post() if mail.to == world.reader.email]
            found += [(moment.date(), mail.text.partition("Comments close ")[2].partition(":")[0]) for mail in mails]
        moment += timedelta(hours=6)
    return found


# --- when


@given(
    st.sampled_from(ZONES),
    st.integers(0, 20 * 365 * 24),
    st.sampled_from(timing.REMINDERS),
    st.integers(0, 23 * 60 + 59),
)
def test_a_reminder_comes_at_eight_so_many_days_before_the_closing_day(
    zone: str, hours: int, days: int, minutes: int
) -> None:
    closes_at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)
    due = timing.reminder_at(closes_at, days, zone)
    local, closing = due.astimezone(ZoneInfo(zone)), closes_at.astimezone(ZoneInfo(zone))
    assert local.hour in (8, 9)  # nine: where the clock jumps over eight
    assert closing.date() - local.date() == timedelta(days=days)
    assert timing.reminder_due(closes_at, zone, due) == days
    assert timing.reminder_due(closes_at, zone, due - timedelta(seconds=1)) != days
    assert timing.reminder_due(closes_at, zone, due + timedelta(hours=25)) != days
    assert timing.reminder_due(closes_at, zone, closes_at) is None
    assert timing.days_left(closes_at, zone, due) == days


def test_no_reminder_for_a_day_before_it_opened() -> None:
    opened = CLOSES - timedelta(days=5)
    assert timing.reminder_due(CLOSES, "UTC", opened + timedelta(minutes=1), opened) is None
    assert timing.reminder_due(CLOSES, "UTC", CLOSES - timedelta(days=3), opened) == 3


# --- who, and how often


def test_followers_who_chose_it_get_four_mails(world: World, post: Post, make: Make) -> None:
    operations.follow(actor=world.actor("author"), subject=world.consultation)  # told on the site only
    assert days_told(world, post, date(2027, 3, 15), date(2027, 4, 10)) == [
        (date(2027, 3, 21), "in 14 days"), (date(2027, 3, 28), "in 7 days"), (date(2027, 4, 1), "in 3 days"),
        (date(2027, 4, 3), "tomorrow"),
    ]  # fmt: skip
    for person in (world.reader, world.author):
        assert make.count(Notice, Notice.person_id == person.id, Notice.what == "reminder") == 4
    assert make.count(Notice) == 8


def test_a_later_closing_time_has_its_own_reminders(world: World, post: Post, make: Make) -> None:
    first = days_told(world, post, date(2027, 3, 20), date(2027, 3, 29))
    assert [words for _day, words in first] == ["in 14 days", "in 7 days"]
    with at(datetime(2027, 3, 29, 12, tzinfo=UTC)):
        row = consultation_queries.find(viewer=SYSTEM, slug=world.slug)
        organiser = make.actor(make.staff(world.consultation, "organiser"))
        consultations.extend(
            actor=organiser, consultation=row, closes_at=CLOSES + timedelta(days=10), reason="Holidays."
        )
        post()
    later = days_told(world, post, date(2027, 3, 30), date(2027, 4, 20))
    assert later == [
        (date(2027, 3, 31), "in 14 days"), (date(2027, 4, 7), "in 7 days"), (date(2027, 4, 11), "in 3 days"),
        (date(2027, 4, 13), "tomorrow"),
    ]  # fmt: skip


def test_what_waited_while_it_was_extended_says_the_new_time(world: World, make: Make) -> None:
    with at(datetime(2027, 4, 3, 7, tzinfo=UTC)):
        remind()
        while run_due():
            pass
        row = consultation_queries.find(viewer=SYSTEM, slug=world.slug)
        organiser = make.actor(make.staff(world.consultation, "organiser"))
        consultations.extend(actor=organiser, consultation=row, closes_at=CLOSES + timedelta(days=9), reason="Rain.")
        db.session.expire_all()
        lines = [entry.line for entry in queries.inbox(viewer=world.actor("reader")).listing.rows]
    assert lines[-1].text == "Comments close in 10 days: Tuesday 13 April 2027, 23:59 CEST"


@pytest.mark.parametrize("state", ["paused", "analysis", "withdrawn"])
def test_nothing_is_told_when_no_comments_are_taken(world: World, post: Post, state: str) -> None:
    with at(datetime(2027, 4, 3, 7, tzinfo=UTC)):
        remind()  # queued, and then it moves on before the job is done
        with write_transaction() as session:
            session.get_one(Consultation, world.consultation.id).state = state
        assert post() == []
        remind()
        assert post() == []
    assert world.make.count(Notice) == 0


def test_a_worker_that_stood_still_does_not_send_yesterdays(world: World, post: Post) -> None:
    with at(datetime(2027, 3, 25, 12, tzinfo=UTC)):  # the reminder of the 21st was never sent
        remind()
        assert post() == []


def test_without_followers_nothing_is_written(world: World, make: Make, statements: Any) -> None:
    operations.stop_following(actor=world.actor("reader"), subject=world.consultation)
    with at(datetime(2027, 4, 3, 7, tzinfo=UTC)), statements() as told:
        remind()
    assert not [line for line in told if not line.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA"))]
