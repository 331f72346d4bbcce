"""All of it through PgBouncer in transaction mode, which lends one of two servers to whoever begins a transaction."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from consult.app import create_app
from consult.backup import rows
from consult.core import jobs
from consult.core.db import db, write_transaction
from consult.core.engines import LIMITS
from consult.core.jobs import Job
from consult.core.limits import limiter
from consult.debate.models import Comment
from consult.search.models import SearchRow
from consult.settings import Settings
from tests import postgresql
from tests.cluster import pooler, pooler_program
from tests.conftest import IS_POSTGRESQL
from tests.make import PASSWORD, Make
from tests.visitor import Visitor

pytestmark = [
    pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite needs no pooler"),
    pytest.mark.skipif(pooler_program() is None, reason="PgBouncer is not installed (Debian: pgbouncer)"),
]
DATABASE = f"consult_pooled_{os.getpid()}"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    direct, role = postgresql.fresh(DATABASE), postgresql.role()
    assert role is not None
    with pooler(5432, role, size=2) as port:
        yield f"postgresql://{role}@127.0.0.1:{port}/{DATABASE}"
    postgresql.drop(direct)


@pytest.fixture(scope="module")
def site(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    before = dict(vars(limiter))
    app = create_app(
        Settings(
            instance=str(tmp_path_factory.mktemp("instance")), mode="test", public_url="http://localhost",
            database_url=address, database_pooler="transaction",
        )
    )  # fmt: skip
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        app.extensions["consult.edition"].close()
        db.session.remove()
        db.engine.dispose()
    vars(limiter).update(before)


def test_without_the_setting_the_pooler_refuses_our_limits(address: str, tmp_path: Path) -> None:
    before = dict(vars(limiter))
    app = create_app(Settings(instance=str(tmp_path), mode="test", database_url=address))
    vars(limiter).update(before)
    with app.app_context(), pytest.raises(OperationalError, match="unsupported startup parameter: options"):
        db.session.scalar(select(1))


def test_a_story_from_signing_in_to_the_mail_that_is_sent(site: Flask) -> None:
    make = Make(site)
    consultation, person = make.consultation(), make.person("Ada Lovelace")
    make.clauses(make.version(consultation))
    browser = Visitor(site)
    browser.open("/sign-in")
    browser.press("Sign in", email=person.email, password=PASSWORD)
    browser.open(f"/c/{consultation.slug}/comments/new?version=1&clause=1-1")
    page = browser.press("Post comment", body="It is too long to read.", positions="safety", stance="object")
    assert "It is too long to read." in page.text
    with site.app_context():
        number = db.session.scalar(select(Comment.id))
        assert db.session.scalar(select(SearchRow.comment_id)) == number
        jobs.sweep()
        assert not db.session.scalar(
            select(func.count()).select_from(Job).where(Job.finished_at.is_(None), Job.error.is_not(None))
        )
    stranger = site.test_client()
    for _ in range(3):
        assert "It is too long to read." in stranger.get(f"/c/{consultation.slug}/comments").text


def test_each_transaction_has_its_limits_and_leaves_nothing_for_the_next(site: Flask) -> None:
    with site.app_context():
        for name, milliseconds in LIMITS.items():
            assert db.session.connection().exec_driver_sql(
                f"SELECT setting FROM pg_settings WHERE name = '{name}'"
            ).scalar() == str(milliseconds)
        db.session.remove()
        with rows.one_moment() as connection:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "0"
            assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
        with write_transaction() as session:
            assert session.connection().exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
            assert session.connection().exec_driver_sql("SHOW statement_timeout").scalar() == "10s"


def test_many_at_once_share_two_servers(site: Flask) -> None:
    """The same statements again and again, on whichever server is free: nothing that one of them keeps is asked of the other."""
    consultation = Make(site).consultation(slug="shared")
    faults: list[Any] = []

    def read_and_write() -> None:
        for turn in range(15):
            try:
                with site.app_context():
                    answer = site.test_client().get(f"/c/{consultation.slug}/comments?anew={turn}")
                    if answer.status_code != 200:
                        faults.append(answer.status_code)
                with site.app_context():
                    jobs.sign()
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=read_and_write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
