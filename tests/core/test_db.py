"""Writers queue and none is lost; a reader is never in the way."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Organisation
from consult.core.db import db, write_transaction
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
