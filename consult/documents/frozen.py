"""A published version never changes: the database itself refuses, whoever asks.

Triggers on the tables of the draft. `statements(dialect)` gives them for a migration; where tables are made
without one (tests, trying out) they are made with the tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, Table, event

SENTENCE = "a published version of a draft never changes"
# What may still change: counters kept by the debate, and how a version is linked to rounds and its successor.
COLUMNS = {
    "clause": (
        "version_id", "page_id", "parent_id", "lineage_id", "key", "kind", "label", "own_label", "title", "text",
        "html", "rank", "depth", "is_heading", "line",
    ),
    "reading_page": ("version_id", "key", "rank", "label", "title", "crumbs"),
    "picture": ("version_id", "name", "media_type", "data"),
    "draft_version": (
        "draft_id", "number", "name", "source_name", "source_format", "source", "sha256", "warnings", "change_note",
        "edits", "lines_tool", "created_at", "frozen_at",
    ),
}  # fmt: skip
PARTS = ("clause", "reading_page", "picture")
Guard = tuple[str, str, str, str]  # table, name, when it fires, its condition


def statements(dialect: str, guards: Sequence[Guard] = (), sentence: str = SENTENCE) -> list[str]:
    """The SQL that makes guards (without any: those of the draft), for `sqlite` or `postgresql`."""
    make = _postgresql if dialect == "postgresql" else _sqlite
    return make(guards or _guards(), sentence)


def _is_frozen(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM draft_version v WHERE v.id = {row}.version_id AND v.frozen_at IS NOT NULL)"  # noqa: S608


def _guards() -> list[Guard]:
    guards = [
        (
            "draft_version",
            "draft_version_stays",
            f"UPDATE OF {', '.join(COLUMNS['draft_version'])}",
            "OLD.frozen_at IS NOT NULL",
        ),
    ]
    for table in PARTS:
        guards += [
            (table, f"{table}_stays", f"UPDATE OF {', '.join(COLUMNS[table])}", _is_frozen("OLD")),
            (table, f"{table}_is_not_added", "INSERT", _is_frozen("NEW")),
            (table, f"{table}_is_not_removed", "DELETE", _is_frozen("OLD")),
        ]
    return guards


def _sqlite(guards: Sequence[Guard], sentence: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        for table, name, moment, condition in guards
    ]


def _postgresql(guards: Sequence[Guard], sentence: str) -> list[str]:
    made = []
    for table, name, moment, condition in guards:
        result = "OLD" if moment == "DELETE" else "NEW"
        made += [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN {result}; END $$",
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return made


def guard(metadata: MetaData, guards: Sequence[Guard] = (), sentence: str = SENTENCE) -> None:
    """Make the guards whenever the tables of `metadata` are made without a migration."""
    guarded = {table for table, *_ in guards or _guards()}

    @event.listens_for(metadata, "after_create")
    def with_the_tables(_target: MetaData, connection: Connection, *, tables: Sequence[Table], **_: object) -> None:
        if guarded <= {table.name for table in tables}:
            for statement in statements(connection.dialect.name, guards, sentence):
                connection.exec_driver_sql(statement)
