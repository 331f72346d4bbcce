"""A Redis that is cut off holds nobody up for long."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.app import create_app
from consult.core.limits import limiter
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
