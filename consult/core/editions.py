"""The edition of the whole site: a number that grows with every commit after which a stranger may read something else.

It is bumped in the transaction itself, by the engine and not by whoever writes, so that no writer can forget it, and
read in the same request that is answered: in any number of processes on any number of machines a page that was made
in this edition is as true as one made now. Writes that touch only tables which say `__is_unseen__` do not count.
Beside it stands a second number that counts these, too, but for what workers write of themselves (`__is_of_workers__`):
pages of readers with a session show inboxes and drafts.

On PostgreSQL there is one row for each of SHARDS groups of processes, so that writers do not wait for each other; the
edition is the sum. Each commit adds one, and what is committed is never taken back: equal sums are equal contents.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base, BigId, write_transaction

SHARDS = 16
CHANGED = (
    "consult.changed"  # of a connection: whether what was written may be seen by strangers; not there: nothing was
)
WRITING = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
READING = re.compile(r"\s*(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|SET|PRAGMA)\b", re.IGNORECASE)
log = logging.getLogger(__name__)


class Edition(Base):
    """How many commits of one group of processes changed what strangers read."""

    __tablename__ = "edition"
    __is_unseen__ = True  # it is bumped after everything else

    number: Mapped[int] = mapped_column(BigId)
    of_everything: Mapped[int] = mapped_column(BigId)  # how many changed anything


def unseen_tables() -> frozenset[str]:
    """Tables of which no page for strangers shows anything."""
    return _that_say("__is_unseen__")


def tables_of_workers() -> frozenset[str]:
    """Tables of which no kept page shows anything."""
    return _that_say("__is_of_workers__") | {Edition.__tablename__}


def _that_say(what: str) -> frozenset[str]:
    return frozenset(m.local_table.name for m in Base.registry.mappers if getattr(m.class_, what, False))  # type: ignore[attr-defined]


def watch(engine: Engine) -> None:
    """Let every commit of a writing transaction on `engine` bump the edition."""
    shards = SHARDS if engine.dialect.name == "postgresql" else 1
    unseen, of_workers = unseen_tables(), tables_of_workers()

    @event.listens_for(engine, "begin")
    def nothing_yet(connection: Connection) -> None:
        connection.info.pop(CHANGED, None)

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        is_writing = connection.get_execution_options().get("write")  # not a migration
        if not is_writing or connection.info.get(CHANGED) or READING.match(statement):
            return
        written = WRITING.match(statement)
        if written is None or written[1] not in unseen:
            connection.info[CHANGED] = True
        elif written[1] not in of_workers:
            connection.info[CHANGED] = False

    @event.listens_for(engine, "commit")
    def count(connection: Connection) -> None:
        if CHANGED in connection.info:
            seen = int(connection.info.pop(CHANGED))  # the process is asked for here: it may be forked from another
            # Asked of the engine, so that a connection that breaks here is told as one that broke.
            connection.exec_driver_sql(_bump(engine.dialect, os.getpid() % shards, seen))


@cache
def _bump(dialect: Dialect, shard: int, seen: int) -> str:
    """The statement that counts a commit; `seen`: 1 when strangers may read something else after it, or 0."""
    insert: Any = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Edition)
        .values(id=shard + 1, number=seen, of_everything=1)
        .on_conflict_do_update(
            index_elements=["id"],
            set_={"number": Edition.number + seen, "of_everything": Edition.of_everything + 1},
        )
    )
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def count_change() -> None:
    """Begin another edition after what no operation wrote."""
    with write_transaction() as session:
        session.connection().info[CHANGED] = True


class Reader:
    """Reads the edition on a connection of its own, one for each thread: one statement, no transaction around it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held = threading.local()
        sums = [func.coalesce(func.sum(column), 0) for column in (Edition.number, Edition.of_everything)]
        self._sums, self._each = (
            str(statement.compile(dialect=engine.dialect, compile_kwargs={"literal_binds": True}))
            for statement in (select(*sums), select(Edition.id, Edition.number))
        )

    def number(self, *, of_everything: bool = False) -> int | None:
        """The edition now; None when the database cannot be asked, and nothing that was kept may be trusted."""
        found = self._asked(self._sums)
        return None if found is None else int(found[0][of_everything])

    def numbers(self) -> dict[int, int] | None:
        """What each group of processes adds to the edition; None when the database cannot be asked."""
        found = self._asked(self._each)
        return None if found is None else dict(found)

    def _asked(self, statement: str) -> list[Any] | None:
        try:
            cursor = self._connection().cursor()
            found: list[Any] = cursor.execute(statement).fetchall()
            cursor.close()
        except Exception as failure:  # whatever the driver raises when a server goes away
            log.warning("the edition could not be read: %s", type(failure).__name__)
            self.close()
            return None
        return found

    def _connection(self) -> Any:
        held: Any = getattr(self._held, "connection", None)
        if held is None:
            pooled = self._engine.raw_connection()
            connection: Any = pooled.driver_connection
            pooled.detach()
            if self._engine.dialect.name == "postgresql":
                connection.rollback()
                connection.autocommit = True
            held = self._held.connection = connection
        return held

    def close(self) -> None:
        """Let go of this thread's connection; the next question makes another."""
        connection = self._held.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()
