"""The mail server is away, in a bad mood, or its worker dies: every mail comes, and none holds up the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consult.administration import health, kinds
from consult.core import clock
from consult.core import mail as sending
from consult.core.db import db
from consult.core.jobs import Job
from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from . import mail
from .mail import Office, found
from .postman import Mood

MAILS, KILLS = (2000, 30) if IS_LONG else (12, 1 if IS_POSTGRESQL else 2)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with mail.office(tmp_path, "postgresql" if IS_POSTGRESQL else "sqlite") as of:
        yield of


def tries(of: Office) -> list[int]:
    with of.app.app_context():
        counts = list(db.session.scalars(select(Job.tries).where(Job.kind == "mail.send", Job.finished_at.is_(None))))
        db.session.remove()
    return counts


def test_an_hour_without_a_mail_server_costs_nothing_but_the_hour(office: Office) -> None:
    assert mail.hour_away(office, MAILS) <= 5
    after = found(office)
    assert (after.lost, after.twice, after.parked, after.smuggled) == (0, 0, 0, 0)


def test_a_mail_server_that_is_away_is_asked_once_a_minute_and_no_try_counts(office: Office) -> None:
    office.queue(6)
    office.to.open("silent")
    office.app.extensions.pop(sending.AWAY, None)
    asked: list[str] = []
    real = sending._connected
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sending, "LONGEST_SILENCE", 0.2)
        patched.setattr(sending, "_connected", lambda url: asked.append(url) or real(url))
        office.minutes(0, 5)
    assert len(asked) == 5
    assert tries(office) == [0] * 6
    with office.app.app_context():
        errors = set(db.session.scalars(select(Job.error).where(Job.error.is_not(None))))
        db.session.remove()
    assert errors
    assert all("hung up" in kinds.why(error) for error in errors)
    with office.app.app_context(), clock.shifted(timedelta(minutes=5)):
        is_good, told = health._mail(office.app.extensions["consult.settings"])
        db.session.remove()
    assert not is_good
    assert "6 mails have not gone yet" in told
    first = 3 * 24 * 60 + 1  # a person looks then
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sending, "LONGEST_SILENCE", 0.2)
        office.minutes(first, first + 2)
    assert office.open_jobs(Job.kind == "mail.send", Job.is_parked.is_(True)) >= 1


@pytest.mark.parametrize("mood", ["not now", "never", "breaks off"])
def test_a_server_that_refuses_mails_gets_each_again_later(office: Office, mood: Mood) -> None:
    office.queue(3)
    office.to.open(mood)
    office.minutes(0, 1)
    assert not office.to.mails
    assert tries(office) == [1, 1, 1]
    office.to.open()
    office.minutes(2, 3)
    after = found(office)
    assert (after.lost, after.twice, after.parked) == (0, 0, 0)


def test_a_server_that_falls_silent_over_a_mail_costs_that_one_a_try_and_the_others_a_minute(office: Office) -> None:
    office.queue(3)
    office.to.open("stalls")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sending, "LONGEST_SILENCE", 0.2)
        office.minutes(0, 1)
    assert sorted(tries(office)) == [0, 0, 1]
    office.to.open()
    office.minutes(2, 3)
    after = found(office)
    assert (after.lost, after.twice) == (0, 0)


def test_a_server_that_says_a_letter_now_and_then_is_hung_up_on(office: Office) -> None:
    office.queue(2)
    office.to.open("drips")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sending, "LONGEST_TALK", 0.7)
        office.minutes(0, 1)
    office.to.open()
    office.minutes(3, 4)
    after = found(office)
    assert (after.lost, after.twice) == (0, 0)


def test_mails_that_are_never_taken_hold_up_no_others_and_come_before_people(office: Office) -> None:
    mail.poisoned(office, 5)
    after = found(office)
    assert (after.lost, after.twice, after.parked, after.smuggled) == (0, 0, mail.POISON, 0)
    with office.app.app_context():
        is_good, told = health._failed(office.app.extensions["consult.settings"])
        db.session.remove()
    assert not is_good
    assert told.startswith("3 jobs failed")


def test_a_worker_that_is_killed_while_it_sends_loses_no_mail(office: Office) -> None:
    mail.killed(office, 20 * KILLS, KILLS)
    after = found(office)
    assert after.lost == 0
    assert after.twice <= KILLS
    assert after.twice_as_another == 0
