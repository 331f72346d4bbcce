"""Migrations over a full database: nothing changes that should not, and one that is killed did nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.core import schema
from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from . import migrations
from .migrations import Site
from .upgrade import ADDING

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


def test_after_a_migration_that_only_adds_the_version_before_goes_on(
    full: Site, caplog: pytest.LogCaptureFixture
) -> None:
    def fits() -> bool:
        with full.app.app_context():
            return schema.fits()

    adding = full.scripts / "versions" / "adding.py"
    words = ADDING.read_text().replace("{before}", full.head)
    adding.write_text(words.replace("    op.create_table", '    op.drop_column("job", "error")\n    op.create_table'))
    with pytest.raises(SystemExit):
        full.move("up", "adding")
    assert "says ADDS_ONLY, but changes job.error" in caplog.text
    assert (full.revision(), fits()) == (full.head, True)
    adding.write_text(words)
    full.move("up", "adding")
    assert (full.revision(), fits()) == ("adding", True)
    full.move("down", full.head)
    full.move("up", "trial")  # which says nothing of the kind
    assert (full.revision(), fits()) == ("trial", False)
