"""Cursors come back as they went; meddled ones are nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.paging import decode, encode

keys = st.lists(st.one_of(st.integers(), st.text()), min_size=1, max_size=4)


@given(keys)
def test_a_cursor_comes_back_as_it_went(values: list[int | str]) -> None:
    assert decode(encode(values), len(values)) == values


@given(st.text())
def test_a_meddled_cursor_is_no_cursor_and_no_crash(cursor: str) -> None:
    assert decode(cursor, 2) is None or isinstance(decode(cursor, 2), list)


@pytest.mark.parametrize("cursor", [None, "", "é", "e30", "WzFd", "W251bGwsIDFd"])
def test_what_is_not_two_plain_keys_is_no_cursor(cursor: str | None) -> None:
    assert decode(cursor, 2) is None
