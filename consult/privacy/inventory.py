"""The inventory of personal data, column by column, as inventory.toml has it. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from consult.core.records import Record

FILE = Path(__file__).with_suffix(".toml")
BASES = {
    "contract": "You asked for it: without it your account would not work.",
    "public_interest": "A consultation is public, and its record must hold.",
    "legitimate_interest": "Everybody’s interest in a debate without abuse.",
    "legal_duty": "The law asks for it.",
}
ERASED = {"blanked": "emptied", "deleted": "deleted", "kept": "stays", "your choice": "stays or goes, as you choose"}


class Column(Record):
    """A column that says something of a person, in plain words; `why` where it stays."""

    name: str
    what: str
    erased: str  # a key of ERASED
    why: str
    is_copied: bool


class Table(Record):
    """One table; `columns` are the personal ones, `other` says nothing of a person."""

    name: str
    what: str
    purpose: str
    basis: str  # a key of BASES; "" where nothing is personal
    kept: str
    erased: str
    why: str
    days: int | None
    columns: tuple[Column, ...]
    other: frozenset[str]

    @property
    def copied(self) -> tuple[str, ...]:
        """Names of the columns that are in a copy."""
        return tuple(column.name for column in self.columns if column.is_copied)


@cache
def tables() -> Mapping[str, Table]:
    """Every table by its name, in the order of the file."""
    return {name: _table(name, told) for name, told in tomllib.loads(FILE.read_text("utf-8")).items()}


def personal() -> list[Table]:
    """The tables that hold something of people."""
    return [table for table in tables().values() if table.columns]


def _table(name: str, told: Mapping[str, Any]) -> Table:
    columns = tuple(_column(key, column, told) for key, column in told.get("personal", {}).items())
    return Table(
        name, told.get("what", ""), told.get("purpose", ""), told.get("basis", ""), told.get("kept", ""),
        told.get("erased", ""), told.get("why", ""), told.get("days"), columns, frozenset(told["other"]),
    )  # fmt: skip


def _column(name: str, told: str | Mapping[str, Any], table: Mapping[str, Any]) -> Column:
    of: Mapping[str, Any] = {"what": told} if isinstance(told, str) else told
    return Column(
        name, of["what"], of.get("erased", table["erased"]), of.get("why", table.get("why", "")), of.get("copy", True)
    )
