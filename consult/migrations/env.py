"""Alembic's environment: our engine, our metadata, one transaction per migration."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from consult.core.db import Base, Moment
from consult.search.fulltext import is_modelled


def as_stored(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type as what it is in the database, so that migrations never import the code."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False


engine = current_app.extensions["migrate"].db.engine

with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        # Batch migrations rebuild tables; references are checked when they are done.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=as_stored,
        include_name=is_modelled,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
