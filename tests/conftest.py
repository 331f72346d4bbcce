"""The test world: one real database per worker, emptied after each test.

CONSULT_TEST_DATABASE chooses `sqlite` (default) or `postgresql` (127.0.0.1:5432, role root or postgres).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import event
from xdist.scheduler import LoadScopeScheduling

from consult.app import create_app
from consult.core.db import db
from consult.core.limits import limiter
from consult.core.shelf import Shelves
from consult.settings import Settings

from . import postgresql, rows
from .lengths import IS_LONG, examples
from .make import Make
from .visitor import Visitor

HERE = Path(__file__).parent
# Their tests make databases of their own, so they say nothing of it in their fixtures.
WITH_OWN_DATABASE = (
    "backup/",
    "core/test_db.py",
    "demo/",
    "faults/",
    "machines/",
    "search/",
    "shape/test_migrations.py",
)
# How a page looks and answers to keys does not depend on the database behind it; that each answers on both is in shape.
BROWSER_ON_BOTH = {"test_search.py", "test_story.py"}
# Of these the short form asks SQLite only: headers, connections, and two large archives read by the same importer code.
LEFT_TO_SQLITE = (
    "exchange/test_github_archive.py", "exchange/test_suggestions.py", "shape/test_egress.py", "shape/test_headers.py",
)  # fmt: skip
# What takes minutes begins first, so that no worker has a long way to go when the others are done.
LONGEST = ("shape/test_matrix.py", "browser/test_pages.py", "shape/test_bad_input.py", "browser/", "demo/", "faults/")
hypothesis.settings.register_profile(
    "consult", deadline=None, max_examples=examples(100)
)  # a busy machine is no failure
hypothesis.settings.load_profile("consult")
IS_POSTGRESQL = os.environ.get("CONSULT_TEST_DATABASE", "sqlite") == "postgresql"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The PostgreSQL half leaves out what says nothing about a database: SQLite's half ran it. The longest begin."""
    if IS_POSTGRESQL:
        left = [item for item in items if not _asks_database(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
    items.sort(key=_turn)


@pytest.hookimpl(optionalhook=True)  # there is no such hook without xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    return Worlds(config, log) if config.getoption("dist") == "loadscope" else None


class Worlds(LoadScopeScheduling):
    """What shares a world runs in one worker: a module, and all that looks at the demo once it is loaded."""

    def _split_scope(self, nodeid: str) -> str:
        return "demo" if nodeid.startswith("tests/demo/") else nodeid.split("::", 1)[0]


def _place(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).as_posix()


def _turn(item: pytest.Item) -> int:
    """Where in the order its module stands; the order within is left as it is."""
    place = _place(item)
    return next((turn for turn, start in enumerate(LONGEST) if place.startswith(start)), len(LONGEST))


def _asks_database(item: pytest.Item) -> bool:
    place = _place(item)
    if place.startswith(LEFT_TO_SQLITE) and not IS_LONG:
        return False
    if place.startswith("browser/"):
        return item.path.name in BROWSER_ON_BOTH and not item.name.endswith(("[plain]", "[keyboard]"))
    return "app" in getattr(item, "fixturenames", ()) or place.startswith(WITH_OWN_DATABASE)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("instance")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Settings(
        instance=str(folder),
        database_url=postgresql.fresh(f"consult_test_{os.getpid()}_{worker}") if IS_POSTGRESQL else "",
        mode="test",
        public_url="http://localhost",
        request_log="on",
    )


def _hurry(connection: Any, _record: object) -> None:
    """Not to wait for the disk: a power cut may lose the rows of a test."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        if IS_POSTGRESQL:
            db.engine.pool._timeout = 60  # type: ignore[attr-defined]  # fifty at once share twelve, on a busy machine
        else:
            event.listen(db.engine, "connect", _hurry)
        db.create_all()
    gc.collect()
    gc.freeze()  # all modules and templates stay until the end: nobody need look through them again and again
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if IS_POSTGRESQL:
        postgresql.drop(settings.database_url)


@pytest.fixture(autouse=True)
def _empty_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "app" not in request.fixturenames:
        return
    app: Flask = request.getfixturevalue("app")
    settings: Settings = request.getfixturevalue("settings")
    rows.empty(app)
    app.extensions["consult.shelf"] = Shelves()  # a page that is kept would cost the next test less
    with app.app_context():
        limiter.reset()  # not by removing its file, which stays open and cannot be written to any more
    for left in Path(settings.instance).glob("mail/*.eml"):
        left.unlink()


@pytest.fixture
def asking(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The site as it is where it asks people who are new for a calculation."""
    app.extensions["consult.settings"] = replace(settings, proof_of_work="on")
    yield app
    app.extensions["consult.settings"] = settings


@pytest.fixture
def make(app: Flask) -> Make:
    """Plain builders of rows; see make.py."""
    return Make(app)


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """`visit()` is a stranger's browser without JavaScript, `visit(person)` a signed-in one."""

    def arrive(person: object = None, **options: object) -> Visitor:
        return Visitor(app, person, **options)  # type: ignore[arg-type]

    return arrive


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """An application context, for tests of operations and queries. Never together with `visit`."""
    with app.app_context():
        yield app
        db.session.remove()
