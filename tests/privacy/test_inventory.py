"""The inventory says of every column what it is for, and what it says of erasure and retention is what the code does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from consult.core.db import Base
from consult.core.personal import FADING, HELD, Held
from consult.privacy import inventory
from tests.make import Make
from tests.visitor import Visitor

# These fade by jobs of their rooms, which are older than the registry: sign-ins by `accounts.jobs`.
BY_THEMSELVES = {"sign_in": 30, "job": 30}


def columns() -> set[tuple[str, str]]:
    return {(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns}


def listed() -> Iterator[tuple[str, str]]:
    for table in inventory.tables().values():
        yield from ((table.name, column.name) for column in table.columns)
        yield from ((table.name, name) for name in table.other)


def held_of(table: str) -> list[Held]:
    return [held for held in HELD if held.model.__tablename__ == table]


def test_every_column_is_in_the_inventory_once(app: Flask) -> None:
    names = list(listed())
    assert sorted(columns() - set(names)) == [], "say in privacy/inventory.toml what these are"
    assert sorted(set(names) - columns()) == [], "these are no columns any more"
    assert len(names) == len(set(names)), "listed twice"


def test_every_entry_says_what_for_on_what_ground_and_how_long(app: Flask) -> None:
    for table in inventory.personal():
        assert all((table.what, table.purpose, table.kept)), table.name
        assert table.basis in inventory.BASES, table.name
        for column in table.columns:
            assert column.what, (table.name, column.name)
            assert column.erased in inventory.ERASED, (table.name, column.name)
            assert column.why or column.erased != "kept", f"why does {table.name}.{column.name} stay?"


def test_whatever_leads_to_a_person_is_personal_and_held_by_a_room(app: Flask) -> None:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == "person.id" for key in column.foreign_keys):
                told = inventory.tables()[table.name]
                assert column.name in {one.name for one in told.columns}, f"{table.name}.{column.name}"
                found = [held for held in held_of(table.name) if column.name in str(held.whose)]
                assert found, f"no room says in its personal.py whose rows {table.name}.{column.name} makes them"


def _does(held: Held, column: str) -> set[str]:
    if held.only and column not in held.only:
        return set()
    if held.blank is None:
        return {"deleted"}
    return {"blanked"} if column in held.blank else {"your choice"} if column in held.words else set()


def test_erasing_does_what_the_inventory_says(app: Flask) -> None:
    by_hand = {"job"}  # cleared by the erasure itself: it belongs to no person by a column
    for table in inventory.personal():
        for column in table.columns:
            done = set[str]().union(*(_does(held, column.name) for held in held_of(table.name)))
            if table.name not in by_hand:  # a row can go although a column of it stays where it is about somebody else
                assert done <= {column.erased, table.erased}, (
                    f"{table.name}.{column.name} is {done}, the inventory says otherwise"
                )
                assert done or column.erased == "kept", f"nothing does what is said of {table.name}.{column.name}"


def test_rows_fade_after_the_days_the_inventory_says(app: Flask) -> None:
    said = {table.name: table.days for table in inventory.tables().values() if table.days is not None}
    done: dict[str, Any] = {fading.model.__tablename__: fading.after.days for fading in FADING}
    assert {name: done.get(name, BY_THEMSELVES.get(name)) for name in said} == said
    assert set(done) <= set(said)


def test_the_privacy_page_is_drawn_from_it(make: Make, visit: Any) -> None:
    visitor: Visitor = visit()
    text = visitor.open("/privacy").text
    for table in inventory.personal():
        assert table.what in text, table.name
        assert table.kept in text, table.name
