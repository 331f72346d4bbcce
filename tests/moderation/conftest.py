"""The world of moderation as a fixture."""

from __future__ import annotations

import pytest

from tests.make import Make

from .world import World, build


@pytest.fixture
def world(make: Make) -> World:
    return build(make)
