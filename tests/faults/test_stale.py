"""What two servers show is true after each commit of a third process."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from . import stale


def test_neither_of_two_servers_shows_what_is_not_true_any_more(tmp_path: Path) -> None:
    tries = 10_000 if IS_LONG else 40
    seen = stale.measure(tmp_path, "postgresql" if IS_POSTGRESQL else "sqlite", tries)
    assert seen.stale == []
    assert set(seen.statuses) == {200, 304}
    assert seen.asked > 4 * tries
