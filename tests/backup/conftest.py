"""Installations of their own, on either database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from consult.app import create_app
from consult.core.db import db
from consult.core.paths import MIGRATIONS
from consult.settings import Settings
from tests import postgresql

Site = Callable[..., Flask]
KEY = "the same key of thirty-two letters or more"


@contextmanager
def sites(folder: Path) -> Iterator[Site]:
    """`site("old", "postgresql")` is an installation in `folder`, with its tables or (`is_bare`) without."""
    made: list[tuple[Flask, str]] = []

    def build(name: str, database: str, *, is_bare: bool = False, key: str = KEY) -> Flask:
        url = postgresql.fresh(f"consult_backup_{name}_{os.getpid()}") if database == "postgresql" else ""
        app = create_app(Settings(
            instance=str(folder / name), database_url=url, mode="test", public_url="http://localhost", secret_key=key,
        ))  # fmt: skip
        made.append((app, url))
        if not is_bare:
            with app.app_context():
                upgrade(directory=str(MIGRATIONS))
        return app

    try:
        yield build
    finally:
        for app, url in made:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            if url:
                postgresql.drop(url)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with sites(tmp_path) as build:
        yield build
