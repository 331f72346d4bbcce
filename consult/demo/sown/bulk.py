"""Many rows at once, as fast as the database takes them: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg.sql import SQL, Identifier
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from consult.core.db import Base
from consult.core.operations import session

Row = Mapping[str, Any]


def next_id(model: type[Base]) -> int:
    """The number the next row of a table gets."""
    return (session().scalar(select(func.max(model.id))) or 0) + 1


def put(model: type[Base], rows: Sequence[Row]) -> None:
    """Store rows, each with the same keys and its `id`; what is left out gets the default of its column."""
    if not rows:
        return
    columns: Any = model.__table__.columns
    fixed = {c.name: _default(c) for c in columns if c.name not in rows[0]}
    names = [*rows[0], *fixed]
    dialect = session().get_bind().dialect
    binders = [columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    lines = ((*row.values(), *fixed.values()) for row in rows)
    bound = ([bind(v) if bind else v for bind, v in zip(binders, line, strict=True)] for line in lines)
    raw: Any = session().connection().connection.cursor()
    if dialect.name == "postgresql":
        _copy(raw, model.__tablename__, names, bound)
    else:
        statement = insert(model).compile(dialect=dialect, column_keys=names)
        order = [names.index(name) for name in statement.positiontup or names]
        raw.executemany(str(statement), ([line[at] for at in order] for line in bound))


def _copy(cursor: Any, table: str, names: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    listed = SQL(", ").join(map(Identifier, names))
    with cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), listed)) as copy:
        for line in lines:
            copy.write_row(line)


def _default(column: Any) -> Any:
    if column.default is None:
        return None
    made: Any = column.default.arg
    return made if column.default.is_scalar else made(None)


def add(model: type[Base], columns: Sequence[str], by_id: Mapping[int, Sequence[int]]) -> None:
    """Add to counters: for each id of `by_id` its numbers, in the order of `columns`."""
    if not by_id:
        return
    table: Any = model.__table__
    values = {name: table.c[name] + bindparam(f"more_{name}") for name in columns}
    lines = [{f"more_{c}": n for c, n in zip(columns, by_id[row], strict=True)} | {"row": row} for row in by_id]
    session().connection().execute(update(table).where(table.c.id == bindparam("row")).values(values), lines)


def count(model: type[Base], columns: Sequence[str], counts: Mapping[Any, int], counter: str = "count") -> None:
    """Add to the counter of the rows with these values in `columns`, a unique key; what is not there is made."""
    if not counts:
        return
    table: Any = model.__table__
    dialect: Any = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=columns, set_={counter: table.c[counter] + statement.excluded[counter]}
    )
    lines = [dict(zip((*columns, counter), (*key, n), strict=True)) for key, n in counts.items()]
    session().connection().execute(statement, lines)


def set_sequences(models: Iterable[type[Base]]) -> None:
    """After rows came with their ids: let PostgreSQL go on behind them."""
    if session().get_bind().dialect.name != "postgresql":
        return
    for model in models:
        last = select(func.max(model.id)).scalar_subquery()
        session().execute(select(func.setval(func.pg_get_serial_sequence(model.__tablename__, "id"), last)))
