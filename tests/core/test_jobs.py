"""Jobs: rows in the same commit as their cause, done once, tried again, never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.core import clock, jobs
from consult.core.db import db, table_of, write_transaction
from consult.core.jobs import BACK_OFF, Job, job, later, run_due, run_job
from tests.make import Make

done: list[dict[str, Any]] = []
broken: list[int] = []


@job("test.note")
def _note(payload: dict[str, Any]) -> None:
    done.append(payload)


@job("test.break")
def _break(payload: dict[str, Any]) -> None:
    broken.append(payload["job"])
    raise RuntimeError("the other side is down")


@job("test.inside", is_inside=True)
def _inside(payload: dict[str, Any]) -> None:
    later("test.note", payload)
    if payload["word"] == "bad":
        raise RuntimeError("this one cannot be done")


class Death(BaseException):
    """The worker dies."""


_held: list[Person] = []


@job("test.word")
def _word(payload: dict[str, Any]) -> None:
    if payload["word"] == "bad":
        raise RuntimeError("this one cannot be done")
    if payload["word"] == "dies":
        raise Death
    done.append(payload)


@job("test.read")
def _read(payload: dict[str, Any]) -> None:
    """Note a name; then another process gives the person another one."""
    person = db.session.scalars(select(Person).where(Person.id == int(payload["word"]))).one()
    done.append({"name": person.name})
    with db.engine.connect().execution_options(write=True) as other, other.begin():
        other.execute(table_of(Person).update().values(name="After"))


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()
    _held.clear()
    broken.clear()


def _queue(kind: str = "test.note", word: str = "x", **options: Any) -> int:
    with write_transaction():
        later(kind, {"word": word}, **options)
    return db.session.scalars(select(Job.id).order_by(Job.id.desc())).first() or 0


def test_a_job_is_done_once(inside: Flask) -> None:
    number = _queue()
    assert run_job(number)
    assert not run_job(number)
    assert [d["word"] for d in done] == ["x"]


def test_a_job_dies_with_the_transaction_that_caused_it(inside: Flask, make: Make) -> None:
    def fail() -> None:
        with write_transaction():
            later("test.note", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert make.count(Job) == 0


def test_the_same_key_is_queued_once(inside: Flask, make: Make) -> None:
    _queue(dedupe_key="once")
    _queue(dedupe_key="once")
    assert make.count(Job) == 1
    assert run_due() == 1


def test_a_job_waits_for_its_moment(inside: Flask) -> None:
    _queue(due_at=clock.now() + timedelta(hours=1))
    assert run_due() == 0
    with clock.shifted(timedelta(hours=2)):
        assert run_due() == 1


def test_a_failed_job_is_tried_later_and_finally_parked_for_people(inside: Flask) -> None:
    number = _queue("test.break")
    assert not run_job(number)
    assert not run_job(number), "not before its pause is over"
    assert len(broken) == 1
    for pause in BACK_OFF:
        with clock.shifted(timedelta(minutes=pause + 1)):
            run_job(number)
        _make_due(number)
    row = db.session.get(Job, number, populate_existing=True)
    assert row is not None
    assert row.is_parked
    assert "the other side is down" in (row.error or "")
    assert len(broken) == len(BACK_OFF) + 1


def _make_due(number: int) -> None:
    with write_transaction() as session:
        row = session.get(Job, number, populate_existing=True)
        assert row is not None
        row.due_at = clock.now()


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(inside: Flask) -> None:
    number = _queue()
    with write_transaction() as session:
        row = session.get(Job, number)
        assert row is not None
        row.lease_until = clock.now() + jobs.LEASE
    assert not run_job(number)
    with clock.shifted(jobs.LEASE + timedelta(seconds=1)):
        assert run_job(number)


def test_jobs_that_only_write_here_are_done_together_and_once(inside: Flask) -> None:
    first, *others = [_queue("test.inside", word) for word in "abc"]
    waits = _queue("test.inside", "later", due_at=clock.now() + timedelta(hours=1))
    assert run_job(first)
    assert not any(run_job(number) for number in (first, *others, waits))
    rows = [db.session.get_one(Job, number, populate_existing=True) for number in (first, *others)]
    assert len({row.finished_at for row in rows} - {None}) == 1  # one transaction ended all of them
    assert [row.tries for row in rows] == [1, 1, 1]
    assert run_due() == 3
    assert [d["word"] for d in done] == ["a", "b", "c"]


def test_one_that_fails_takes_no_other_with_it_and_leaves_nothing(inside: Flask) -> None:
    good, bad, also_good = [_queue("test.inside", word) for word in ("a", "bad", "c")]
    assert run_job(good)
    rows = [db.session.get_one(Job, number, populate_existing=True) for number in (good, bad, also_good)]
    assert [row.finished_at is not None for row in rows] == [True, False, True]
    assert (rows[1].tries, rows[1].lease_until, rows[1].error) == (1, None, "RuntimeError: this one cannot be done")
    assert run_due() == 2
    assert [d["word"] for d in done] == ["a", "c"]
    with clock.shifted(timedelta(minutes=2)):
        assert not run_job(bad)
    db.session.refresh(rows[1])
    assert rows[1].tries == 2


def test_who_fails_among_others_ends_those_before_and_the_rest_go_on(inside: Flask) -> None:
    good, bad, also_good = [_queue("test.word", word) for word in ("a", "bad", "c")]
    assert run_job(good)
    rows = [db.session.get_one(Job, number, populate_existing=True) for number in (good, bad, also_good)]
    assert [row.finished_at is not None for row in rows] == [True, False, False]
    assert (rows[1].tries, rows[1].lease_until, rows[1].error) == (1, None, "RuntimeError: this one cannot be done")
    assert run_due() == 1
    assert [d["word"] for d in done] == ["a", "c"]


def test_only_the_job_under_way_is_done_again_when_its_worker_dies(inside: Flask) -> None:
    """Of many of a kind each is claimed in the commit that ends the one before it."""
    numbers = [_queue("test.word", word) for word in ("a", "dies", "c")]
    with pytest.raises(Death):
        run_job(numbers[0])
    db.session.rollback()
    rows = [db.session.get_one(Job, number, populate_existing=True) for number in numbers]
    assert [row.finished_at is not None for row in rows] == [True, False, False]
    assert [row.lease_until is not None for row in rows] == [True, True, False]
    assert run_due() == 1
    assert [d["word"] for d in done] == ["a", "c"]


def test_each_of_many_reads_what_is_there_when_its_turn_comes(inside: Flask, make: Make) -> None:
    """What was hidden while the mails before it went is not mailed."""
    person = make.person("Before")
    _held.append(db.session.get_one(Person, person.id))
    assert _held[0].name == "Before"
    first, second = (_queue("test.read", str(person.id)) for _ in range(2))
    assert run_job(first)
    assert not run_job(second), "it was done with the first"
    assert [d["name"] for d in done] == ["Before", "After"]


def test_one_message_lies_in_the_queue_however_many_jobs_are_due(inside: Flask) -> None:
    """Whoever takes it does all that is due, of every kind, and each wakes the next."""
    queue = inside.extensions["consult.queue"]()
    queue.flush()
    waits = _queue(due_at=clock.now() + timedelta(hours=1))
    jobs.wake()
    assert (queue.pending_count(), queue.scheduled_count()) == (0, 1)
    numbers = [_queue(kind, word) for kind in ("test.note", "test.inside") for word in "abc"]
    jobs.wake()
    assert queue.pending_count() == 1
    while (message := queue.dequeue()) is not None:
        assert queue.pending_count() == 0
        queue.execute(message)
    db.session.rollback()
    assert set(db.session.scalars(select(Job.id).where(Job.finished_at.is_(None)))) == {waits}
    assert len(done) == len(numbers)
    _queue()
    jobs.wake()
    assert queue.pending_count() == 1, "who commits after the look puts in another"


def test_a_fault_in_one_periodic_function_holds_up_nothing_else(
    inside: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    def breaks() -> None:
        raise RuntimeError("the other side is down")

    def works() -> None:
        called.append("works")

    monkeypatch.setattr(jobs, "_periodic", [breaks, works])
    _queue()
    jobs.sweep()
    assert called == ["works"]
    assert len(done) == 1
