"""Many rows at once, as fast as the database takes them: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from psycopg.sql import SQL, Identifier
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from consult.core.db import Base
from consult.core.operations import session

PIECE = 50_000


def next_id(model: type[Base]) -> int:
    """The number the next row of a table gets."""
    return (session().scalar(select(func.max(model.id))) or 0) + 1


class Sheet:
    """Rows of one table that wait to be stored together; each names the same columns in the same order, its `id` aside."""

    def __init__(self, model: type[Base]) -> None:
        self.model, self.id = model, next_id(model)
        self.names: tuple[str, ...] = ()
        self.lines: list[tuple[Any, ...]] = []

    def add(self, **values: Any) -> int:
        """One more row; returns its id. What is left out gets the default of its column."""
        row_id = self.id
        if not self.names:
            self.names = ("id", *values)
        self.lines.append((row_id, *values.values()))
        self.id = row_id + 1
        return row_id

    def store(self) -> None:
        """Store what waits, so many rows in one statement that none takes longer than a statement may."""
        for begin in range(0, len(self.lines), PIECE):
            _put(self.model, self.names, self.lines[begin : begin + PIECE])
        self.lines.clear()


def _put(model: type[Base], given: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    columns: Any = model.__table__.columns
    dialect = session().get_bind().dialect
    left = [column for column in columns if column.name not in given]
    names = [*given, *(column.name for column in left)]
    binders = [columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    rest = [bind(_default(c)) if bind else _default(c) for bind, c in zip(binders[len(given) :], left, strict=True)]
    bound = _bound([(at, bind) for at, bind in enumerate(binders[: len(given)]) if bind], lines, rest)
    raw: Any = session().connection().connection.cursor()
    if dialect.name == "postgresql":
        _copy(raw, model.__tablename__, names, bound)
    else:
        listed = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        raw.executemany(f"INSERT INTO {model.__tablename__} ({listed}) VALUES ({marks})", bound)  # noqa: S608  our names


def _bound(
    binders: Sequence[tuple[int, Any]], lines: Iterable[Sequence[Any]], rest: Sequence[Any]
) -> Iterator[Sequence[Any]]:
    """Each line as the driver takes it, with the defaults at its end."""
    for line in lines:
        values = [*line, *rest]
        for at, bind in binders:
            values[at] = bind(values[at])
        yield values


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
