"""The rows of all tables at once: emptied after a test, or put back as they were.

What a table holds decides what is done with it, not what was done before: most tables are empty, and most of the
others are as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Table

from consult.core.db import Base, db

# A published version keeps its parts from being added or removed: they come and go with it, and before it.
GUARDED = {"draft_version", "clause", "reading_page", "picture"}
KEPT = {"administrative_act"}  # no row of these may be removed before its time


@cache
def _tables() -> list[Table]:
    """In the order of their references; sorting them costs more than emptying them. An edition is never taken back."""
    return [table for table in Base.metadata.sorted_tables if table.name != "edition"]


@contextmanager
def unchecked(app: Flask) -> Iterator[Connection]:
    """A write transaction in which rows may come and go in any order, and take no others with them."""
    with app.app_context():
        db.session.remove()
        with db.engine.connect().execution_options(write=True) as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            if is_sqlite:  # only before the transaction begins
                _sqlite_checks(connection, is_on=False)
            try:
                with connection.begin():
                    if not is_sqlite:
                        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                    yield connection
            finally:
                if is_sqlite:
                    _sqlite_checks(connection, is_on=True)


def _sqlite_checks(connection: Connection, *, is_on: bool) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if is_on else 'OFF'}")


@cache
def _which_are_filled() -> str:
    names = [table.name for table in _tables()]
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)


@cache
def _what_they_hold() -> str:
    """One digest a table; PostgreSQL alone can make it."""
    rows = "md5(string_agg(t::text, '' ORDER BY t.id))"
    return " UNION ALL ".join(f"SELECT '{table.name}', (SELECT {rows} FROM \"{table.name}\" t)" for table in _tables())


def _contents(connection: Connection) -> dict[str, Any]:
    """What each table holds, to be compared."""
    if connection.dialect.name == "postgresql":
        return {row[0]: row[1] for row in connection.exec_driver_sql(_what_they_hold())}
    driver: Any = connection.connection.driver_connection
    return {table.name: driver.execute(f'SELECT * FROM "{table.name}"').fetchall() for table in _tables()}


def _clear(connection: Connection, table: Table) -> None:
    """Every row goes, also where the database keeps them from whoever asks: SQLite has its guard taken off meanwhile."""
    guard = f"{table.name}_is_kept"
    asked = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    is_sqlite = connection.dialect.name == "sqlite"
    made = connection.exec_driver_sql(asked, (guard,)).scalar() if is_sqlite and table.name in KEPT else None
    if made:
        connection.exec_driver_sql(f"DROP TRIGGER {guard}")
    connection.execute(table.delete())
    if made:
        connection.exec_driver_sql(made)


def empty(app: Flask) -> None:
    """Leave the database empty."""
    with unchecked(app) as connection:
        filled = set(connection.exec_driver_sql(_which_are_filled()).scalars())
        for table in _tables():
            if table.name in filled:
                _clear(connection, table)


class Kept:
    """All rows as they are now."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), db.engine.connect() as connection:
            self.contents = _contents(connection)
            self.rows = {
                table.name: [dict(row) for row in connection.execute(table.select()).mappings()] for table in _tables()
            }

    def restore(self) -> None:
        """Everything as it was when this was made."""
        with unchecked(self.app) as connection:
            contents = _contents(connection)
            changed = {name for name, held in contents.items() if held != self.contents[name]}
            if changed & GUARDED:
                changed |= GUARDED
            tables = [table for table in _tables() if table.name in changed]
            for table in tables:
                _clear(connection, table)
            for table in reversed(tables):
                if self.rows[table.name]:
                    connection.execute(table.insert(), self.rows[table.name])
