"""The real resolution logs that the demo ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.demo.script import DATA

FIRST = DATA / "csaf-2.1" / "log_from_csd01pr.md"
SECOND = DATA / "csaf-2.1" / "log_from_csd02pr.md"


@pytest.fixture(scope="session")
def log() -> bytes:
    """The log of the first public review: 43 comments, each answered."""
    return FIRST.read_bytes()


@pytest.fixture
def log_file() -> Path:
    return FIRST


@pytest.fixture
def second_log_file() -> Path:
    """The log of the second review, on another draft: 14 comments, the last one not answered."""
    return SECOND
