"""How long the tests look for what breaks: short in CI, long with CONSULT_TEST_LENGTH=long (`make test-long`)."""

from __future__ import annotations

import os

IS_LONG = os.environ.get("CONSULT_TEST_LENGTH", "short") == "long"
FEWEST = 25  # examples that each property is tried on, at least


def examples(count: int) -> int:
    """How many examples a property that is worth `count` of them is tried on."""
    return count if IS_LONG else min(count, max(FEWEST, count // 4))
