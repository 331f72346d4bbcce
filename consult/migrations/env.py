"""Alembic's environment: our engine, our metadata, one transaction per migration, all of it or nothing.

A migration ends with every reference checked, and with every trigger still there: SQLite drops the triggers of a
table that a batch rebuilds, and says nothing. See decision 0140. One that says `ADDS_ONLY = True` is held to it, and
the version before it may go on serving. See decision 0150.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, delete, insert, inspect

from consult.core.db import Base, Moment, write_queue
from consult.core.schema import ServedRevision
from consult.search.fulltext import is_modelled


class Unfinished(RuntimeError):
    """A migration would leave something behind that is not whole; nothing of it was done."""


def as_stored(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type as what it is in the database, so that migrations never import the code."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False


def triggers(on: Connection) -> set[tuple[str, str]]:
    """Each trigger of SQLite with its table. PostgreSQL keeps them when a table is altered."""
    if on.dialect.name != "sqlite":
        return set()
    return {tuple(row) for row in on.exec_driver_sql("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")}  # type: ignore[misc]


def columns(on: Connection) -> dict[tuple[str, str], tuple[str, bool]]:
    """Each column of each table: its type, and whether a row may be added by somebody who does not know it."""
    found = inspect(on).get_multi_columns()
    return {
        (table or "", column["name"]): (str(column["type"]), column["nullable"] or column["default"] is not None)
        for (_schema, table), its in found.items()
        for column in its
    }


def note_who_may_serve(on: Connection, step: Any) -> None:
    """Whether the version before this migration can serve the tables after it; raises Unfinished if it only says so."""
    global stood
    if not inspect(on).has_table(ServedRevision.__tablename__):
        return
    if not step.is_upgrade or not getattr(step.up_revision.module, "ADDS_ONLY", False):
        on.execute(delete(ServedRevision))
        return
    now = columns(on)
    tables = {table for table, _column in stood}
    changed = {f"{table}.{name}" for (table, name), kind in stood.items() if now.get((table, name)) != kind}
    unknown = {f"{table}.{name}" for (table, name) in now.keys() - stood.keys() if table in tables}
    needed = {name for name in unknown if not now[tuple(name.split(".", 1))][1]}  # type: ignore[index]
    if wrong := sorted(changed | needed):
        raise Unfinished(
            f"{step.up_revision_id} says ADDS_ONLY, but changes {', '.join(wrong)}: the version before it could not go on"
        )
    on.execute(insert(ServedRevision), [{"revision": revision} for revision in step.down_revision_ids])
    stood = now


def checked(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Before a migration is committed: SQLite has not checked references, and may have lost guards."""
    global before
    on = ctx.connection
    note_who_may_serve(on, step)
    if on.dialect.name != "sqlite":
        return
    if broken := on.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise Unfinished(f"{step.up_revision_id}: references lead nowhere, in {sorted({row[0] for row in broken})}")
    now = triggers(on)
    tables = set(on.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    meant: set[str] = getattr(step.up_revision.module, "TAKES_OFF", set())
    if lost := sorted(name for name, table in before - now if table in tables and name not in meant):
        raise Unfinished(
            f"{step.up_revision_id}: the triggers {', '.join(lost)} would be gone. Make them anew in the migration, or"
            " name them in its TAKES_OFF."
        )
    before = now


engine = current_app.extensions["migrate"].db.engine

with ExitStack() as stack:
    stack.enter_context(write_queue())
    connection = stack.enter_context(engine.connect())
    if engine.dialect.name == "sqlite":
        # Batch migrations rebuild tables, which would take with it all that points there: references are checked when
        # they are done. Triggers of other tables may name one that is not there for a moment.
        driver: Any = connection.connection.driver_connection  # inside a transaction SQLite does not hear this
        for pragma, meanwhile, after in (("foreign_keys", "OFF", "ON"), ("legacy_alter_table", "ON", "OFF")):
            driver.execute(f"PRAGMA {pragma}={meanwhile}")
            stack.callback(driver.execute, f"PRAGMA {pragma}={after}")
        stack.callback(connection.rollback)
    before = triggers(connection)
    stood = columns(connection)
    connection.rollback()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=as_stored,
        include_name=is_modelled,
        transaction_per_migration=True,
        on_version_apply=checked,
    )
    with context.begin_transaction():
        context.run_migrations()
