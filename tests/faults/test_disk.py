"""A disk that is full under people who post: they are told, they can read, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from . import disk

pytestmark = pytest.mark.skipif(IS_POSTGRESQL, reason="python -m tests.faults.disk --database postgresql does this")
REFUSED, WAYS = (200, ("full", "read-only")) if IS_LONG else (10, ("full",))


@pytest.mark.parametrize("how", WAYS)
def test_who_cannot_be_served_is_told_and_nothing_is_lost(tmp_path: Path, how: str) -> None:
    if why := disk.missing():
        pytest.skip(why)
    found = disk.run(tmp_path, "sqlite", REFUSED, how)
    assert found.refused >= REFUSED
    assert "are free" in found.warned, "before anything failed"
    assert found.is_well, found
