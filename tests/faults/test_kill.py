"""Every process is killed again and again while people post: what was acknowledged is there, once and whole."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete

from consult.core.db import db
from consult.debate.models import Comment
from tests import rows
from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from .kill import rounds
from .load import account, installation

ROUNDS = 200 if IS_LONG else 50  # each starts four processes, which is what takes long


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    with installation(tmp_path, "postgresql" if IS_POSTGRESQL else "sqlite") as of:
        found, _took = rounds(of, ROUNDS)
        assert found.acknowledged > ROUNDS
        assert found.is_whole, found
        assert set(found.refused) <= {503}, found
        with rows.unchecked(of.app) as connection:  # this account can tell
            connection.execute(delete(Comment).where(Comment.body == of.writers[0].acknowledged[0]))
        with of.app.app_context():
            db.session.remove()
        assert account(of).lost == 1
