"""The full-text index is the same wherever it was made."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location

import pytest

from consult.core.paths import MIGRATIONS
from consult.search import fulltext


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_migration_makes_what_the_code_says(dialect: str) -> None:
    spec = spec_from_file_location("first", MIGRATIONS / "versions" / "0001_initial_tables.py")
    assert spec is not None
    assert spec.loader is not None
    first = module_from_spec(spec)
    spec.loader.exec_module(first)
    assert getattr(first, f"{dialect.upper()}_INDEX") == fulltext.statements(dialect)
    assert getattr(first, f"{dialect.upper()}_INDEX_GOES") == fulltext.drop_statements(dialect)
