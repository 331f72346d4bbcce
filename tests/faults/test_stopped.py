"""PostgreSQL goes away and comes back under people who post: nothing is lost, and they see what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from . import cluster, stopped

pytestmark = [
    pytest.mark.skipif(not IS_POSTGRESQL, reason="this is about PostgreSQL"),
    pytest.mark.skipif(bool(cluster.missing()), reason=cluster.missing() or "it can be tried"),
]
ROUNDS, SECONDS, EVERY = (20, 60.0, 2.0) if IS_LONG else (2, 1.0, 0.3)


def test_a_server_that_is_stopped_and_connections_that_are_cut_lose_nothing(tmp_path: Path) -> None:
    found, took, ended = stopped.run(tmp_path, ROUNDS, SECONDS, EVERY)
    assert len(took) == ROUNDS
    assert ended
    assert found.acknowledged > ROUNDS
    assert found.is_whole, found
    assert found.is_polite, found
