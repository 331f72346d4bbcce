"""Migrations over a full database: nothing changes that should not, and one that is killed did nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from . import migrations
from .migrations import Site

COMMENTS, KILLS = (20_000, 10) if IS_LONG else (200, 2)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Site]:
    with migrations.site(tmp_path, "postgresql" if IS_POSTGRESQL else "sqlite", COMMENTS) as of:
        yield of


def test_up_down_and_up_leave_every_row_and_a_killed_one_leaves_no_trace(full: Site) -> None:
    found = migrations.run(full, KILLS)
    assert found.revisions >= 1
    assert found.is_well, found


@pytest.mark.skipif(
    IS_POSTGRESQL, reason="PostgreSQL keeps its triggers when a table is altered, and checks references itself"
)
def test_a_migration_that_loses_a_guard_or_a_reference_is_refused(full: Site, caplog: pytest.LogCaptureFixture) -> None:
    columns, shape = full.columns(), full.shape()
    held = full.contents(columns)
    for fault, sentence in (
        ({"forgets": 1}, "the triggers draft_version_stays would be gone"),
        ({"then": "DELETE FROM person WHERE id = (SELECT author_id FROM comment LIMIT 1)"}, "references lead nowhere"),
    ):
        full.trial(**fault)  # type: ignore[arg-type]
        with pytest.raises(SystemExit):
            full.move("up", "trial")
        assert sentence in caplog.text
        assert (full.revision(), full.contents(columns), full.shape()) == (full.head, held, shape)
