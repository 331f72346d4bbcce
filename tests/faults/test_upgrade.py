"""A server that is ended answers whom it is answering; a new one takes over meanwhile."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from . import upgrade
from .disk import until
from .load import installation


def waits_for(handle: int) -> bool:
    """Whether a web process waits for the lock that we hold; a worker does not count."""
    for line in Path("/proc/locks").read_text().splitlines():
        words = line.split()
        if words[1] == "->" and words[-3].endswith(f":{os.fstat(handle).st_ino}"):
            return Path(f"/proc/{words[-4]}/comm").read_text().strip() != "consult work"
    return False


@pytest.mark.skipif(IS_POSTGRESQL, reason="the lock that is held here is SQLite's")
@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="who waits for a lock is told in /proc/locks")
def test_who_waits_for_an_answer_when_the_server_is_ended_gets_it(tmp_path: Path) -> None:
    with installation(tmp_path, "sqlite", workers="1") as of:
        of.start()
        writer, is_over = of.writers[0], threading.Event()
        posting = threading.Thread(target=writer.post, args=("Writer 0,", is_over))
        with (tmp_path / "write.lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            posting.start()
            is_over.set()
            until(lambda: waits_for(lock.fileno()))
            of.process.send_signal(signal.SIGTERM)
            time.sleep(6)  # longer than a server is usually given
        posting.join(30)
        of.process.wait(60)
        assert (len(writer.acknowledged), writer.cut) == (1, 0)


@pytest.mark.skipif(not IS_LONG, reason="python -m tests.faults.upgrade does this, and CONSULT_TEST_LENGTH=long")
def test_no_request_fails_while_a_new_server_takes_over(tmp_path: Path) -> None:
    found = upgrade.run(tmp_path, "postgresql" if IS_POSTGRESQL else "sqlite", 5, 10)
    assert found.is_well, found


@pytest.mark.skipif(
    not IS_LONG, reason="python -m tests.faults.upgrade --expand does this, and CONSULT_TEST_LENGTH=long"
)
def test_no_request_fails_while_two_versions_serve(tmp_path: Path) -> None:
    found = upgrade.run(tmp_path, "postgresql" if IS_POSTGRESQL else "sqlite", 1, 60, expand=True)
    assert found.is_well, found
