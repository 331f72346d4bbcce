"""The tests' own ground: what a test leaves behind is taken away, and what an attack changed is put back."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, text, update

from consult.accounts.models import Person
from consult.core.db import Base, db
from consult.debate.models import Comment
from consult.documents.models import Clause, DraftVersion
from tests import rows
from tests.make import Make

from .furnished import World

Rows = dict[str, list[tuple[object, ...]]]


def held(app: Flask) -> Rows:
    with app.app_context(), db.engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return {
            t.name: [tuple(row) for row in connection.execute(t.select().order_by(t.c.id))]
            for t in tables
            if t.name != "edition"  # is never taken back
        }


def test_all_that_changed_is_put_back_and_then_all_is_gone(app: Flask, make: Make) -> None:
    world = World(app, "open")
    before = held(app)
    with make.writing() as session:
        session.scalars(select(Person).order_by(Person.id)).first().name = "Another name"  # type: ignore[union-attr]
    number = "P0009-009"
    world.make.comment(world.consultation, make.clauses(world.make.version(world.consultation))[1], number=number)
    with rows.unchecked(app) as connection:
        connection.execute(Comment.__table__.delete().where(Comment.__table__.c.number == "P0001-001"))
    changed = held(app)
    assert {name for name, many in before.items() if many != changed[name]} >= {"person", "clause", "comment"}
    world.restore()
    assert held(app) == before
    world.restore()
    assert held(app) == before
    world.clear()
    assert not any(held(app).values())


def test_a_part_of_a_draft_is_put_back_beside_a_published_version(app: Flask, make: Make) -> None:
    world = World(app, "open")
    before = held(app)
    with make.writing() as session:
        drafts = select(DraftVersion.id).where(DraftVersion.frozen_at.is_(None))
        session.execute(update(Clause).where(Clause.version_id.in_(drafts)).values(title="Another title"))
    assert {name for name, many in held(app).items() if many != before[name]} == {"clause"}
    world.restore()
    assert held(app) == before


def test_rows_are_checked_again_afterwards(app: Flask) -> None:
    rows.empty(app)
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        else:
            assert connection.execute(text("SHOW session_replication_role")).scalar() == "origin"
