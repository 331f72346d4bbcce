"""Somebody of whom there is something nearly everywhere."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.make import Make

from .whole import Whole


@pytest.fixture
def whole(app: Flask, make: Make) -> Whole:
    """A person with rows in every table that holds something of people."""
    return Whole(app, make)
