"""Which state of its tables a database has, and which one this version of Consult needs."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from .db import db
from .paths import MIGRATIONS


def present() -> str | None:
    """The revision the database has; None where there are no tables yet."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def needed() -> str | None:
    """The revision this version of Consult needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
