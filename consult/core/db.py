"""The database: one base class, one way to link rows, one way to write.

SQLite runs in WAL mode with `synchronous=FULL`, `BEGIN IMMEDIATE` for writes and a blocking lock
file around them, so that writers queue fairly instead of failing. PostgreSQL runs READ COMMITTED.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    CursorResult,
    DateTime,
    Dialect,
    Executable,
    Integer,
    MetaData,
    Table,
    Text,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, registry, relationship
from sqlalchemy.types import TypeDecorator

from .engines import harden_sqlite, limit_each_transaction
from .errors import Missing
from .session import PRIMARY, READS
from .session import Session as RoutedSession
from .unavailable import NO_ROOM, Unwritable

log = logging.getLogger(__name__)
GONE = "This is not there any more: it was removed or dealt with a moment ago, perhaps in another window."
KEY_STAYS: dict[str, Any] = {"key_share": True}  # FOR NO KEY UPDATE: what points to a locked row need not wait


class _Read(threading.local):
    """The moments that this thread has read from the database since `began`; None while nobody wants to know."""

    moments: list[datetime] | None = None
    began: datetime = datetime.min.replace(tzinfo=UTC)


READ = _Read()


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC, stored without its zone; a naive one is a bug and refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive moment {value!r}: say which zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.replace(tzinfo=UTC)
        if READ.moments is not None:
            READ.moments.append(moment)
        return moment


BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Every table: an `id`, constraints with predictable names, moments in UTC."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: Moment(), str: Text()},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)


def link(*args: Any, **options: Any) -> Any:
    """A relationship that must be loaded eagerly: touching it unloaded is an error, not a query."""
    options.setdefault("lazy", "raise_on_sql")
    return relationship(*args, **options)


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "class_": RoutedSession},
)


class WriteOutsideOperation(RuntimeError):
    """Something tried to write without an operation's transaction around it."""


@event.listens_for(Session, "before_flush")
def _no_flush_outside(session: Session, *_: object) -> None:
    if (session.new or session.dirty or session.deleted) and not session.info.get("writing"):
        changed = any(session.is_modified(row) for row in session.dirty)
        if session.new or session.deleted or changed:
            raise WriteOutsideOperation("rows changed outside an operation")


@event.listens_for(Session, "do_orm_execute")
def _no_bulk_outside(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("writing"):
        raise WriteOutsideOperation("a writing statement outside an operation")


def is_writing() -> bool:
    """Whether an operation's transaction is open in this context."""
    return bool(db.session().info.get("writing"))


@contextmanager
def write_transaction() -> Iterator[Session]:
    """The only way to write: ends the reading snapshot, queues for the write lock, commits once.

    What was loaded before stays loaded; operations refresh what their rule judges.
    """
    session = db.session()
    session.commit()  # ends the read transaction; a read snapshot must never be upgraded
    session.info[READS] = PRIMARY  # also what is read after it: nobody is shown less than she wrote
    with write_queue():
        try:
            session.connection(execution_options={"write": True})
            session.info["writing"] = True
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


@contextmanager
def one_moment() -> Iterator[Session]:
    """Read what is true at one moment, however long that takes; nobody who writes waits for it."""
    session = db.session()
    session.commit()  # ends what was read before
    session.info[READS] = PRIMARY
    if dialect_name() == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    take_your_time()
    try:
        yield session
        session.commit()  # nothing was written; what was loaded stays
    except BaseException:
        session.rollback()
        raise


def take_your_time() -> None:
    """Let statements of this transaction take longer than a page may: PostgreSQL ends those."""
    if dialect_name() == "postgresql":
        db.session.connection().exec_driver_sql("SET LOCAL statement_timeout = 0")


@contextmanager
def write_queue() -> Iterator[None]:
    """A blocking file lock is a fair queue; SQLite's own busy time-out starves writers. None on PostgreSQL.

    Raises Unwritable on a disk that is full or read-only.
    """
    lock: Path | None = current_app.extensions["consult.write_lock"]
    if lock is None:
        yield
        return
    handle = _opened(lock)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _opened(lock: Path) -> int:
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise Unwritable from problem
        raise


def refresh_with_parents(row: Base) -> None:
    """Read `row`, and the rows its loaded many-to-one links lead to, again inside the write transaction.

    A rule must judge what is true now, not what was true when the page was loaded. On PostgreSQL the
    rows are locked, child before parent, so that a close and a late comment cannot pass each other. Rows that
    only point to a locked one can be added meanwhile (`KEY_STAYS`): they would wait in the other order.
    A table that says `__locked_after__ = "link"` has the row behind that link locked first.
    Raises Missing when a row is gone.
    """
    session = db.session()
    first = row.__dict__.get(getattr(row, "__locked_after__", ""))
    pending, seen = [row] if first is None else [first, row], set[int]()
    while pending:
        current = pending.pop(0)
        if id(current) in seen or current not in session:
            continue
        seen.add(id(current))
        mapper = type(current).__mapper__
        try:
            session.refresh(current, [c.key for c in mapper.column_attrs], with_for_update=KEY_STAYS)
        except InvalidRequestError:  # the row is gone
            raise Missing(GONE) from None
        for relation in mapper.relationships:
            parent = current.__dict__.get(relation.key)
            if relation.direction.name == "MANYTOONE" and parent is not None:
                pending.append(parent)


def read_rows(statement: Any, given: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Rows of plain columns, without what a session does for objects: half the price. It flushes nothing first."""
    return db.session.connection().execute(statement, given)


def write_rows(
    statement: Executable, given: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult[*tuple[Any, ...]]:
    """Do a writing statement of tables inside an operation, without what a session does for objects: half the price.

    What waits to be flushed is not flushed first, and nothing loaded knows. Raises WriteOutsideOperation.
    """
    session = db.session()
    if not session.info.get("writing"):
        raise WriteOutsideOperation("a writing statement outside an operation")
    return session.connection().execute(statement, given)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that are built once and asked very often: of these the ORM knows nothing.

    What they change shows in no row that is loaded, and what is not flushed yet they do not see.
    """
    return cast(Table, model.__table__)


@cache
def inserting(model: type[Base], dialect: str) -> Any:
    """INSERT into the table of a model in the words of a database; what is inserted is given when it is executed."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table_of(model))


@cache
def _unless_there(model: type[Base], dialect: str, returning: tuple[str, ...]) -> Any:
    columns = (table_of(model).c[name] for name in returning)
    return inserting(model, dialect).on_conflict_do_nothing().returning(*columns)


def _flushed() -> str:
    """The name of the database, which has been told all that waited."""
    db.session().flush()
    return dialect_name()


def dialect_name() -> str:
    """The database this installation is on: `sqlite` or `postgresql`."""
    return db.engine.dialect.name


def insert_rows(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows with the same keys; nothing loaded knows them."""
    if rows:
        write_rows(inserting(model, _flushed()), rows)


def insert_new(model: type[Base], **values: Any) -> int | None:
    """Insert a row unless a constraint says that it is there; its id, or None. Single things are single by this."""
    return write_rows(_unless_there(model, _flushed(), ("id",)), values).scalar()


def insert_all_new(model: type[Base], rows: Sequence[Mapping[str, Any]], *, returning: Sequence[str]) -> Sequence[Any]:
    """Insert rows but those a constraint says are there; the columns `returning` of those that were inserted."""
    if not rows:
        return []
    return write_rows(_unless_there(model, _flushed(), tuple(returning)), list(rows)).all()


def init_app(app: Flask, lock: Path | None, pooler: str = "") -> None:
    """Bind the database to `app`; `lock` is the write queue's file on SQLite, None on PostgreSQL."""
    db.init_app(app)
    app.teardown_appcontext(_let_go)  # before the extension's own, which closes the session
    app.extensions["consult.write_lock"] = lock
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            harden_sqlite(engine)
        elif pooler:
            limit_each_transaction(engine)


def _let_go(_failure: BaseException | None) -> None:
    """End what was read. A connection that breaks only now takes the answer from nobody: all is said already."""
    try:
        db.session.close()
    except DBAPIError:
        log.warning("a connection broke when all was answered", exc_info=True)
        db.session().invalidate()
