"""What a database keeps up and asks for each row, set aside while very many come and made anew when they are there.

An index that is made of all rows at once is sorted once; one that is kept up is walked for each row, from the disk as
soon as it is larger than the memory. All of it belongs to the transaction: whoever is stopped has everything back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from consult.core.db import Base
from consult.core.engines import LIMITS
from consult.core.operations import session
from consult.search import fulltext
from consult.search.models import SearchRow

from . import bulk

CACHE = 1_000_000  # KiB that SQLite keeps of the file meanwhile
SORTING = "512MB"  # that PostgreSQL takes to make an index


@contextmanager
def set_aside(models: Sequence[type[Base]]) -> Iterator[None]:
    """Inside a transaction: without the indexes and the full-text index of these tables; they must be among `models`.

    On PostgreSQL also without the keys to other tables, which are asked of all rows at the end. What is unique stays.
    """
    connection = session().connection()
    tables: list[Any] = [model.__table__ for model in models]
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    first = bulk.next_id(SearchRow)
    with _room(connection), _without_keys(connection, tables):
        fulltext.pause(connection)
        for index in indexes:
            connection.execute(DropIndex(index))
        yield
        for index in indexes:
            connection.execute(CreateIndex(index))
        fulltext.resume(connection, first)


@contextmanager
def _without_keys(connection: Connection, tables: Sequence[Any]) -> Iterator[None]:
    """SQLite can neither take a key off a table nor add one; looking one up costs it little."""
    is_able = connection.dialect.name == "postgresql"
    keys = [key for table in tables for key in table.foreign_key_constraints] if is_able else []
    keys.sort(key=lambda key: str(key.name))
    for key in keys:
        connection.execute(DropConstraint(key))
    yield
    for key in keys:
        connection.execute(AddConstraint(key, isolate_from_table=False))


@contextmanager
def _room(connection: Connection) -> Iterator[None]:
    """Time and memory for it, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        for setting, value in {**dict.fromkeys(LIMITS, "0"), "maintenance_work_mem": SORTING}.items():
            connection.exec_driver_sql(f"SET LOCAL {setting} = '{value}'")
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")
