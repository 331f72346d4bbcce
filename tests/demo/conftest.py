"""The whole demo, loaded once by its command into an installation of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.app import create_app
from consult.core import clock
from consult.core.db import db
from consult.demo.cli import demo
from consult.settings import Settings
from tests import postgresql
from tests.conftest import IS_POSTGRESQL


@dataclass(frozen=True, slots=True)
class Stage:
    """An installation with the demo, and what the command printed."""

    app: Flask
    settings: Settings
    told: dict[str, Any]
    before: datetime
    after: datetime

    @property
    def app_folder(self) -> Path:
        return Path(self.settings.instance)

    @property
    def passwords(self) -> dict[str, str]:
        """Passwords by e-mail address."""
        return {person["email"]: person["password"] for person in self.told["people"]}


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("demo")
    url = postgresql.fresh(f"consult_demo_{os.getpid()}") if IS_POSTGRESQL else ""
    settings = Settings(instance=str(folder), database_url=url, mode="test", public_url="http://localhost")
    app = create_app(settings)
    with app.app_context():
        db.create_all()
    before = clock.now()
    done = app.test_cli_runner().invoke(demo, ["--json"])
    assert done.exit_code == 0, done.output
    yield Stage(app, settings, json.loads(done.stdout), before, clock.now())
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if IS_POSTGRESQL:
        postgresql.drop(url)
