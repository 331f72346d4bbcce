"""Installations beside the one of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from consult.app import create_app
from consult.core.limits import limiter
from consult.settings import Settings


@pytest.fixture
def others(app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """`others(public_url=…)` is another installation; afterwards limits are counted where and as they were."""

    def make(**changes: str) -> Flask:
        folder = str(tmp_path_factory.mktemp("other"))
        return create_app(replace(settings, instance=folder, database_url="", **changes))

    kept = dict(vars(limiter))  # there is one for all, and an application that begins takes it along
    yield make
    vars(limiter).update(kept)
