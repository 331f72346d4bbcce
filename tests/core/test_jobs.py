"""Jobs: rows in the same commit as their cause, done once, tried again, never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core import clock, jobs
from consult.core.db import db, write_transaction
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


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()
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
