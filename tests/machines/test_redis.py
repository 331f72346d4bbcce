"""A Redis that is cut off holds nobody up for long."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from consult.app import create_app
from consult.core import jobs
from consult.core.db import db, write_transaction
from consult.core.jobs import Job
from consult.core.limits import limiter
from consult.core.paths import MIGRATIONS
from consult.settings import Settings
from tests.conftest import IS_POSTGRESQL

pytestmark = pytest.mark.skipif(IS_POSTGRESQL, reason="Redis does not depend on the database")


@pytest.fixture
def deaf() -> Iterator[tuple[str, list[int]]]:
    """The address of something that hangs up on everybody, and who came."""
    came: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                came.append(address[1])
                connection.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}", came
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_who_posts_does_not_wait_again_for_a_queue_that_did_not_answer(
    deaf: tuple[str, list[int]], tmp_path: Path
) -> None:
    before, (url, came) = dict(vars(limiter)), deaf
    app = create_app(Settings(instance=str(tmp_path), mode="test", redis_url=url))
    vars(limiter).update(before)
    wake = app.extensions["consult.wake"]
    for job in range(5):
        wake(job, None)
    assert 1 <= len(came) <= 2, "asked once, and once more because a connection may just be old"


def test_a_worker_without_its_queue_does_what_is_due_all_the_same(deaf: tuple[str, list[int]], tmp_path: Path) -> None:
    before, (url, _came) = dict(vars(limiter)), deaf
    app = create_app(Settings(instance=str(tmp_path), mode="test", redis_url=url))
    vars(limiter).update(before)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        with write_transaction():
            jobs.later("privacy.fade", {})
        surroundings = os.environ | {
            "CONSULT_INSTANCE": str(tmp_path),
            "CONSULT_MODE": "test",
            "CONSULT_REDIS_URL": url,
        }
        surroundings.pop("CONSULT_DATABASE_URL", None)
        worker = subprocess.Popen(
            [sys.executable, "-m", "consult", "work"], env=surroundings, stderr=subprocess.DEVNULL
        )
        try:
            is_done = select(Job.finished_at).where(Job.kind == "privacy.fade")
            until = time.monotonic() + 60
            while time.monotonic() < until and db.session.scalar(is_done) is None:
                db.session.rollback()
                time.sleep(0.2)
            assert db.session.scalar(is_done) is not None
        finally:
            worker.send_signal(signal.SIGINT)
            assert worker.wait(timeout=60) == 0
            db.session.remove()
            db.engine.dispose()
