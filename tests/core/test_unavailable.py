"""A database that fails for a while: people are told what it is, in words that are true."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from consult.accounts.models import Person
from consult.command import consult
from consult.core import db as database
from consult.core.db import db
from consult.core.unavailable import AWAY, BUSY, FAILURES, FULL, Told, Unwritable, told
from tests.conftest import IS_POSTGRESQL
from tests.make import Make


def _sqlite(name: str) -> sqlite3.OperationalError:
    problem = sqlite3.OperationalError("said by SQLite")
    problem.sqlite_errorname = name
    return problem


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (_sqlite("SQLITE_FULL"), FULL),
        (_sqlite("SQLITE_READONLY_DIRECTORY"), FULL),
        (_sqlite("SQLITE_IOERR_WRITE"), FULL),
        (_sqlite("SQLITE_BUSY"), BUSY),
        (psycopg.errors.DiskFull("no space"), FULL),
        (psycopg.errors.LockNotAvailable("too long"), BUSY),
        (psycopg.errors.AdminShutdown("going down"), AWAY),
        (psycopg.OperationalError("connection refused"), AWAY),
    ],
)
def test_each_reason_has_its_sentence(original: Exception, expected: Told) -> None:
    assert told(OperationalError("SELECT", None, original)) is expected
    assert told(PoolTimeout("too many")) is BUSY


@pytest.mark.parametrize("code", [errno.EROFS, errno.ENOSPC])
def test_a_lock_that_cannot_be_made_says_that_nothing_can_be_saved(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    with app.app_context():
        app.extensions["consult.write_lock"], kept = tmp_path / "write.lock", app.extensions["consult.write_lock"]
        monkeypatch.setattr(database.os, "open", refuse)
        try:
            with pytest.raises(Unwritable, match="disk"), database.write_queue():
                pytest.fail("nobody may write now")
        finally:
            app.extensions["consult.write_lock"] = kept


def test_a_server_that_finds_no_database_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONSULT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("CONSULT_INSTANCE", str(tmp_path))
    result = CliRunner().invoke(consult, ["serve", "--no-work"])
    assert result.exit_code == 1
    assert "The database does not answer" in result.output


@pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has no connection that breaks")
def test_a_connection_that_breaks_while_the_edition_is_bumped_is_a_database_that_is_away(
    inside: Flask, make: Make
) -> None:
    with pytest.raises(FAILURES):
        _write_and_be_cut_off(make.person())
    assert make.count(Person, Person.name == "Grace") == 0


def _write_and_be_cut_off(person: Person) -> None:
    with database.write_transaction() as session:
        session.get_one(Person, person.id).name = "Grace"
        session.flush()
        url = session.get_bind().engine.url.render_as_string(hide_password=False)
        number = session.scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (number,))


@pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has no connection that others can end")
def test_a_connection_that_breaks_when_all_is_answered_takes_the_answer_from_nobody(app: Flask) -> None:
    with app.app_context():
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        with app.app_context(), db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
