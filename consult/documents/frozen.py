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
        "lines_tool", "created_at", "frozen_at",
    ),
}  # fmt: skip
PARTS = ("clause", "reading_page", "picture")


def statements(dialect: str) -> list[str]:
    """The SQL that makes the guards, for `sqlite` or `postgresql`."""
    return _postgresql() if dialect == "postgresql" else _sqlite()


def _is_frozen(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM draft_version v WHERE v.id = {row}.version_id AND v.frozen_at IS NOT NULL)"  # noqa: S608


def _guards() -> list[tuple[str, str, str, str]]:
    """(table, name, when it fires, its condition)."""
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


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for table, name, moment, condition in _guards()
    ]


def _postgresql() -> list[str]:
    made = []
    for table, name, moment, condition in _guards():
        result = "OLD" if moment == "DELETE" else "NEW"
        made += [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN {result}; END $$",
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return made


def guard(metadata: MetaData) -> None:
    """Make the guards whenever the tables of `metadata` are made without a migration."""

    @event.listens_for(metadata, "after_create")
    def with_the_tables(_target: MetaData, connection: Connection, *, tables: Sequence[Table], **_: object) -> None:
        if set(COLUMNS) <= {table.name for table in tables}:
            for statement in statements(connection.dialect.name):
                connection.exec_driver_sql(statement)
