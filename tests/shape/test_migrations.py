"""Migrations build exactly what the models say, on an empty database, and back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from consult.app import create_app
from consult.core.db import Base, db
from consult.core.paths import MIGRATIONS
from consult.search.fulltext import is_modelled
from consult.settings import Settings
from tests import postgresql
from tests.conftest import IS_POSTGRESQL


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    url = postgresql.fresh(f"consult_migrations_{os.getpid()}") if IS_POSTGRESQL else ""
    app = create_app(Settings(instance=str(tmp_path), database_url=url, mode="test", public_url="http://localhost"))
    yield app
    with app.app_context():
        db.engine.dispose()
    if url:
        postgresql.drop(url)


def test_migrations_and_models_agree(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade(directory=str(MIGRATIONS))
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_modelled})
            assert compare_metadata(context, Base.metadata) == []


def test_every_migration_can_be_taken_back(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade(directory=str(MIGRATIONS))
        assert "comment" in inspect(db.engine).get_table_names()
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade(directory=str(MIGRATIONS))
        assert "comment" in inspect(db.engine).get_table_names()
