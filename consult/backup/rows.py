"""All rows of all tables as lines of JSON, from one moment of either database, and back into either.

A line is a list of the values in the order of the columns, moments and days as ISO 8601, bytes as base64. It is our
own form, not the database's: what SQLite had can be restored into PostgreSQL, and the other way round.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, inspect, select
from sqlalchemy import text as sql
from sqlalchemy.types import Date, LargeBinary

from consult.core.db import Base, Moment, db, write_queue

BATCH = 1000  # rows
PASSING = {
    "worker_sign",
    "edition",
    "served_revision",
}  # tables that only say how things stand here now; an edition is never put back
NO_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def tables() -> list[Table]:
    """Every table that is kept, what is pointed to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in PASSING]


def columns() -> dict[str, list[str]]:
    """The columns of every table, in the order of its lines."""
    return {table.name: [column.name for column in table.columns] for table in tables()}


@contextmanager
def one_moment() -> Iterator[Connection]:
    """A connection that sees the whole database as it is now, whatever is written meanwhile. Nobody waits for it."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            _take_your_time(connection)
            connection.scalar(select(func.count()).select_from(tables()[0]))  # the moment is that of the first question
            yield connection


def _take_your_time(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for limit in NO_LIMITS:
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of a table, oldest first."""
    encode = msgspec.json.Encoder().encode
    rows = connection.execute(select(table).order_by(table.c.id), execution_options={"yield_per": BATCH})
    for row in rows:
        yield encode(tuple(row)) + b"\n"


def _back(table: Table) -> list[tuple[int, Callable[[Any], Any]]]:
    """What is done with the values of some columns of a line."""
    ways: list[tuple[int, Callable[[Any], Any]]] = []
    for place, column in enumerate(table.columns):
        if isinstance(column.type, Moment):
            ways.append((place, datetime.fromisoformat))
        elif isinstance(column.type, Date):
            ways.append((place, date.fromisoformat))
        elif isinstance(column.type, LargeBinary):
            ways.append((place, base64.b64decode))
    return ways


def parsed(table: Table, told: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """Lines as rows again."""
    names, ways, decode = [column.name for column in table.columns], _back(table), msgspec.json.Decoder(list).decode
    for line in told:
        values = decode(line)
        for place, way in ways:
            if values[place] is not None:
                values[place] = way(values[place])
        yield dict(zip(names, values, strict=True))


def filled() -> list[str]:
    """The tables that have rows; none in an installation in which nothing happened yet."""
    there = set(inspect(db.engine).get_table_names())
    with db.engine.connect() as connection:
        return [t.name for t in tables() if t.name in there and connection.execute(select(t.c.id).limit(1)).first()]


@contextmanager
def empty_database() -> Iterator[Connection]:
    """One transaction in which every row may come in any order; what the tables demand is demanded at its end.

    Raises ValueError when a row points to one that is not there.
    """
    with write_queue(), db.engine.connect().execution_options(write=True) as connection:
        demands = _Postgresql(connection) if connection.dialect.name == "postgresql" else _Sqlite(connection)
        try:
            with connection.begin():
                demands.lift()
                yield connection
                demands.make_again()
        finally:
            demands.leave()


def load(connection: Connection, table: Table, told: Iterator[bytes], tick: Callable[[int], None]) -> int:
    """Put the rows of a table where there are none; how many there were."""
    total, rows = 0, parsed(table, told)
    while batch := list(islice(rows, BATCH)):
        connection.execute(table.insert(), batch)
        total += len(batch)
        tick(len(batch))
    if total and connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.format_table(table)
        sequence = sql("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
        connection.execute(sequence, {"name": name, "last": connection.scalar(select(func.max(table.c.id)))})
    return total


class _Sqlite:
    """Triggers that refuse are taken out and put back; references are checked all at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._triggers: list[tuple[str, str]] = []
        self._checks("OFF")  # only before the transaction begins

    def _checks(self, state: str) -> None:
        driver: Any = self._connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={state}")

    def lift(self) -> None:
        found = self._connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        self._triggers = [(name, made) for name, made in found if "RAISE(" in made]
        for name, _made in self._triggers:
            self._connection.exec_driver_sql(f'DROP TRIGGER "{name}"')

    def make_again(self) -> None:
        for _name, made in self._triggers:
            self._connection.exec_driver_sql(made)
        if lost := self._connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise ValueError(f"a row of {lost[0]} points to a row of {lost[2]} that is not there")

    def leave(self) -> None:
        self._checks("ON")


class _Postgresql:
    """Triggers sleep, references are taken out and made again, which checks them: the owner of the tables may do so."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._references: list[tuple[str, str, str]] = []

    def _table(self, name: str) -> str:
        return self._connection.dialect.identifier_preparer.quote(name)

    def lift(self) -> None:
        _take_your_time(self._connection)
        for table in tables():
            self._connection.exec_driver_sql(f"ALTER TABLE {self._table(table.name)} DISABLE TRIGGER USER")
        names = [table.name for table in tables()]
        found = self._connection.execute(
            sql(
                "SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c"
                " JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace"
                " WHERE c.contype = 'f' AND n.nspname = current_schema() AND r.relname = ANY(:names)"
            ),
            {"names": names},
        )
        self._references = [(row[0], row[1], row[2]) for row in found]
        for table_name, name, _made in self._references:
            self._connection.exec_driver_sql(f'ALTER TABLE {self._table(table_name)} DROP CONSTRAINT "{name}"')

    def make_again(self) -> None:
        for table_name, name, made in self._references:
            self._connection.exec_driver_sql(f'ALTER TABLE {self._table(table_name)} ADD CONSTRAINT "{name}" {made}')
        for table in tables():
            self._connection.exec_driver_sql(f"ALTER TABLE {self._table(table.name)} ENABLE TRIGGER USER")

    def leave(self) -> None:
        """Nothing: it was all in the transaction."""
