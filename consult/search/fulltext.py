"""What only a full-text index has: its tables and columns on each database, and how it is asked.

SQLite: two FTS5 tables over the rows of `search_row`, one of which stems English. PostgreSQL: generated tsvectors
of the same three columns, stemmed by language, without stop words ("shall not" is a phrase like any other).
Both see words that words.py has folded and parted, so that the same query finds the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Table,
    and_,
    cast,
    column,
    event,
    func,
    literal,
    literal_column,
    or_,
)  # fmt: skip
from sqlalchemy import table as table_clause
from sqlalchemy.dialects.postgresql import REGCONFIG

from .words import Term, Wanted

PLAIN = "simple"
# The languages PostgreSQL can stem, by the first part of their tags.
STEMMED = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "ga": "irish", "hu": "hungarian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
STEMMERS = sorted(set(STEMMED.values()))
COLUMNS = ("title", "quote", "words")
# One vector for each tier of ranking: weights in one vector would not be in its GIN index, so that looking for a
# common word in titles would read every row that has it anywhere.
VECTORS = {"in_title": COLUMNS[:1], "in_quote": COLUMNS[:2], "in_words": COLUMNS}
TABLES = {"search_english": "= 'english'", "search_words": "<> 'english'"}  # which rows, by their stemmer
HELD, MOST_HELD = 2**20, 2**26  # bytes FTS5 holds before it writes them; its own choice, and where very many rows come
# Marks are parts of words in many scripts; what is loose was taken off before.
TOKENIZER = "unicode61 remove_diacritics 0 categories ''L* N* Co Mn Mc''"


def stemmer(language: str) -> str:
    """How words of a language are brought to their stem; tags like "pt-BR" are fine."""
    return STEMMED.get(language.lower().replace("_", "-").split("-")[0], PLAIN)


def statements(dialect: str) -> list[str]:
    """The SQL that makes the index, for `sqlite` or `postgresql`."""
    return _postgresql() if dialect == "postgresql" else _sqlite()


def _sqlite() -> list[str]:
    made = []
    for name, rows in TABLES.items():
        tokenizer = f"porter {TOKENIZER}" if name == "search_english" else TOKENIZER
        old = ", ".join(f"OLD.{column}" for column in ("id", *COLUMNS))
        columns, into = ", ".join(COLUMNS), f"INSERT INTO {name}"
        goes = f"{into}({name}, rowid, {columns}) VALUES ('delete', {old})"
        made += [
            f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, content='search_row', content_rowid='id',"
            f" tokenize='{tokenizer}')",
            f"{into}({name}, rank) VALUES ('secure-delete', 1)",  # words that go leave no trace in the file
            _comes(name),
            f"CREATE TRIGGER {name}_goes AFTER DELETE ON search_row WHEN OLD.stemmer {rows} BEGIN {goes}; END",
        ]
    return [*made, "CREATE TRIGGER search_row_stays BEFORE UPDATE ON search_row BEGIN SELECT RAISE(ABORT, 'rows of the search are made anew'); END"]  # fmt: skip


def _comes(name: str) -> str:
    """What puts a new row into an FTS5 table."""
    new = ", ".join(f"NEW.{column}" for column in ("id", *COLUMNS))
    into = f"INSERT INTO {name}"
    comes = f"{into}(rowid, {', '.join(COLUMNS)}) VALUES ({new})"
    return f"CREATE TRIGGER {name}_comes AFTER INSERT ON search_row WHEN NEW.stemmer {TABLES[name]} BEGIN {comes}; END"


def _postgresql() -> list[str]:
    made = []
    for name in STEMMERS:
        made += [
            f"CREATE TEXT SEARCH DICTIONARY consult_{name} (TEMPLATE = snowball, LANGUAGE = {name})",
            f"CREATE TEXT SEARCH CONFIGURATION consult_{name} (COPY = pg_catalog.simple)",
            f"ALTER TEXT SEARCH CONFIGURATION consult_{name} ALTER MAPPING FOR asciiword, word WITH consult_{name}",
        ]
    # Names of configurations stand in the expression, not in a column: pg_upgrade refuses columns of regconfig.
    cases = " ".join(f"WHEN '{name}' THEN 'consult_{name}'::regconfig" for name in STEMMERS)
    config = f"CASE stemmer {cases} ELSE 'pg_catalog.simple'::regconfig END"
    for vector, columns in VECTORS.items():
        words = " || ".join(f"to_tsvector({config}, {name})" for name in columns)
        made += [
            f"ALTER TABLE search_row ADD COLUMN {vector} tsvector GENERATED ALWAYS AS ({words}) STORED",
            _indexed(vector),
        ]
    return made


def _indexed(vector: str) -> str:
    return f"CREATE INDEX ix_search_row_{vector} ON search_row USING gin ({vector})"


def pause(connection: Connection) -> None:
    """Let rows come that the index does not hear of, until `resume` in the same transaction."""
    if connection.dialect.name == "postgresql":
        stopped = [f"DROP INDEX ix_search_row_{vector}" for vector in VECTORS]
    else:
        stopped = [f"DROP TRIGGER {name}_comes" for name in TABLES]
    for statement in stopped:
        connection.exec_driver_sql(statement)


def resume(connection: Connection, first: int) -> None:
    """Put the rows that came since `pause`, the first of them with this id, into the index at once."""
    is_postgresql = connection.dialect.name == "postgresql"
    for statement in map(_indexed, VECTORS) if is_postgresql else _filling(first):
        connection.exec_driver_sql(statement)


def _filling(first: int) -> Iterator[str]:
    """What puts the rows from this id on into the FTS5 tables, and lets them be kept up again."""
    columns = ", ".join(COLUMNS)
    for name, rows in TABLES.items():
        into = f"INSERT INTO {name}"
        came = f"FROM search_row WHERE id >= {first} AND stemmer {rows} ORDER BY id"
        yield f"{into}({name}, rank) VALUES ('hashsize', {MOST_HELD})"
        yield f"{into}(rowid, {columns}) SELECT id, {columns} {came}"
        yield f"{into}({name}, rank) VALUES ('hashsize', {HELD})"
        yield _comes(name)


def drop_statements(dialect: str) -> list[str]:
    """The SQL that takes the index away again; before the table is dropped."""
    if dialect != "postgresql":
        return ["DROP TRIGGER search_row_stays", *(f"DROP TABLE {name}" for name in TABLES)]
    return [f"ALTER TABLE search_row DROP COLUMN {vector}" for vector in VECTORS] + [
        f"DROP TEXT SEARCH {kind} consult_{name}" for kind in ("CONFIGURATION", "DICTIONARY") for name in STEMMERS
    ]


def is_modelled(name: str | None, kind: str, parents: object = None) -> bool:
    """For migrations: whether a thing found in the database is one the models say, and not the index's own."""
    if kind == "table":
        return not str(name).startswith(tuple(TABLES))
    return str(name).removeprefix("ix_search_row_") not in VECTORS


def index_with(metadata: MetaData) -> None:
    """Make the index whenever the tables of `metadata` are made without a migration."""

    @event.listens_for(metadata, "after_create")
    def with_the_tables(_target: MetaData, connection: Connection, *, tables: Sequence[Table], **_: object) -> None:
        if "search_row" in {table.name for table in tables}:
            for statement in statements(connection.dialect.name):
                connection.exec_driver_sql(statement)


Place = Sequence[str]  # columns in which every word must stand


class Sqlite:
    """Asks FTS5: one table after the other."""

    phrases_among = 0  # no end: the index knows where words stand

    def __init__(self, stemmers: Sequence[str]) -> None:
        english = [name for name in TABLES if (name == "search_english") == ("english" in stemmers)]
        self.sources = english if len(set(stemmers)) == 1 else list(TABLES)

    def joined(self, source: str, row_id: Any) -> tuple[object, ColumnElement[bool]]:
        """What to select from beside `search_row`, and the condition that joins it."""
        fts = table_clause(source, column("rowid"))
        return fts, fts.c.rowid == row_id

    def matches(self, source: str, wanted: Wanted, place: Place) -> ColumnElement[bool]:
        """The condition that a row has what is wanted in these columns."""
        found = " AND ".join(self._term(term) for term in wanted.terms)
        found = f"{{{' '.join(place)}}} : ({found})"
        if wanted.without:
            found = f"({found}) NOT ({' OR '.join(self._term(term) for term in wanted.without)})"
        return literal_column(source).op("MATCH")(found)

    @staticmethod
    def _term(term: Term) -> str:
        return f'"{" ".join(term.tokens)}"' + (" *" if term.is_prefix else "")


class Postgresql:
    """Asks the tsvector, once for each way of stemming."""

    phrases_among = 4_000  # rows that have the words: whether in a row is read in each of them

    def __init__(self, stemmers: Sequence[str]) -> None:
        self.stemmers = sorted(set(stemmers))
        self.sources = ["search_row"]

    def joined(self, source: str, row_id: Any) -> tuple[object, ColumnElement[bool]]:
        """Nothing but `search_row` itself."""
        return None, literal(True)

    def matches(self, source: str, wanted: Wanted, place: Place) -> ColumnElement[bool]:
        """The condition that a row has what is wanted in these columns."""
        found = " & ".join(self._term(term) for term in wanted.terms)
        without = f"!({' | '.join(self._term(term) for term in wanted.without)})" if wanted.without else ""
        vector = next(name for name, columns in VECTORS.items() if len(columns) == len(place))
        return or_(*(self._in_language(name, vector, found, without) for name in self.stemmers))

    def _in_language(self, name: str, vector: str, found: str, without: str) -> ColumnElement[bool]:
        own: ColumnElement[str] = literal_column("search_row.stemmer")
        asked = [own == name, self._has(vector, name, found)]
        return and_(*asked, self._has("in_words", name, without)) if without else and_(*asked)

    def _has(self, vector: str, name: str, asked: str) -> ColumnElement[bool]:
        column: ColumnElement[Any] = literal_column(f"search_row.{vector}")
        return column.op("@@")(func.to_tsquery(self._config(name), asked))

    @staticmethod
    def _config(name: str) -> ColumnElement[str]:
        return cast("pg_catalog.simple" if name == PLAIN else f"consult_{name}", REGCONFIG)

    @staticmethod
    def _term(term: Term) -> str:
        words = " <-> ".join(f"'{token}'" for token in term.tokens)
        return f"({words}{':*' if term.is_prefix else ''})"


def engine(dialect: str, stemmers: Sequence[str]) -> Sqlite | Postgresql:
    """How this database is asked for words of languages that are stemmed in these ways."""
    return Postgresql(stemmers) if dialect == "postgresql" else Sqlite(stemmers)
