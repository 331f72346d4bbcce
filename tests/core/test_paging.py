"""Cursors come back as they went; meddled ones are nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.paging import decode, encode

stored = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
keys = st.lists(st.one_of(st.integers(-(2**63) + 1, 2**63 - 1), stored), min_size=1, max_size=4)


@given(keys)
def test_a_cursor_comes_back_as_it_went(values: list[int | str]) -> None:
    assert decode(encode(values), len(values)) == values


@given(st.text())
def test_a_meddled_cursor_is_no_cursor_and_no_crash(cursor: str) -> None:
    assert decode(cursor, 2) is None or isinstance(decode(cursor, 2), list)


@pytest.mark.parametrize("cursor", [None, "", "é", "e30", "WzFd", "W251bGwsIDFd"])
def test_what_is_not_two_plain_keys_is_no_cursor(cursor: str | None) -> None:
    assert decode(cursor, 2) is None


@pytest.mark.parametrize("key", ["a\x00b", "\ud800", 2**63, -(2**70), 1e300, None])
def test_a_cursor_no_database_can_compare_with_is_no_cursor(key: object) -> None:
    assert decode(encode([key]), 1) is None
