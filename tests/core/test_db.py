"""Writers queue and none is lost; a reader is never in the way."""

from __future__ import annotations

import threading

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.accounts.models import Organisation
from consult.core.db import WriteOutsideOperation, db, table_of, write_rows, write_transaction
from tests.conftest import IS_POSTGRESQL
from tests.make import Make

WRITERS, EACH = 6, 20


def test_no_increment_of_many_writers_is_lost(app: Flask, make: Make) -> None:
    row = make.organisation("Counter", note="0")

    def write() -> None:
        with app.app_context():
            for _ in range(EACH):
                with write_transaction() as session:
                    mine = session.get(Organisation, row.id, populate_existing=True, with_for_update=True)
                    assert mine is not None
                    mine.note = str(int(mine.note) + 1)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalar(select(Organisation.note).where(Organisation.id == row.id)) == str(WRITERS * EACH)


def test_a_writer_does_not_stop_readers(app: Flask, make: Make) -> None:
    make.organisation("Acme")
    seen: list[int] = []

    def read() -> None:
        with app.app_context():
            seen.append(len(db.session.scalars(select(Organisation)).all()))

    with app.app_context(), write_transaction() as session:
        session.add(Organisation(slug="b", name="B", code="B", category="other"))
        session.flush()
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(timeout=20)
    assert seen == [1]


def test_statements_of_tables_write_inside_an_operation_only(inside: Flask, make: Make) -> None:
    row = make.organisation("Acme", note="before")
    table = table_of(Organisation)
    change = update(table).where(table.c.id == row.id).values(note="after")
    with pytest.raises(WriteOutsideOperation):
        write_rows(change, {})
    with write_transaction():
        write_rows(change, {})
    assert db.session.scalar(select(Organisation.note)) == "after"


@pytest.mark.skipif(not IS_POSTGRESQL, reason="this is about its driver")
def test_a_result_is_described_as_the_driver_does(inside: Flask) -> None:
    """By names and types, which is all that SQLAlchemy asks."""
    with db.engine.connect() as held:
        connection = held.connection.driver_connection
        assert connection is not None
        for statement in ("SELECT 1 AS one, 'x'::text AS \"Größe\" WHERE false", "SELECT", "SET LOCAL jit = 0"):
            ours, own = connection.cursor(), psycopg.Cursor(connection)
            found = [cursor.execute(statement).description for cursor in (ours, own)]
            assert type(ours) is not type(own)
            told = found[1] and [(one.name, one.type_code, *[None] * 5) for one in found[1]]
            assert found[0] == told
