"""Everything the demo's people do is heard by the search: a rebuild finds nothing to add and nothing to take away."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from consult.core.db import db
from consult.search.cli import search
from consult.search.models import KINDS, SearchRow

from .conftest import Stage


def rows() -> list[tuple[Any, ...]]:
    found = db.session.execute(select(*(column for column in SearchRow.__table__.c if column.name != "id")))
    return sorted((tuple(row) for row in found), key=repr)


def test_a_rebuild_changes_nothing(stage: Stage) -> None:
    with stage.app.app_context():
        before = rows()
        db.session.remove()
    done = stage.app.test_cli_runner().invoke(search, ["rebuild", "--json"])
    assert done.exit_code == 0, done.output
    with stage.app.app_context():
        assert rows() == before
        db.session.remove()
    assert {row[1] for row in before} == set(KINDS), "the demo has something of every kind"
    assert sum(json.loads(done.stdout)["indexed"].values()) == len(before)
