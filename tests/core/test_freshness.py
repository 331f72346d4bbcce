"""Pages that are kept: until when one is true."""

from __future__ import annotations

from datetime import timedelta

from consult.core import clock
from consult.core.freshness import LONGEST_KEPT, _for_how_long
from consult.core.rendering import ago


def test_a_page_is_true_until_a_moment_is_worded_differently_or_comes() -> None:
    now = clock.now()
    for moment in (
        now - timedelta(minutes=5, seconds=52),
        now + timedelta(seconds=8),
        now + timedelta(hours=3, seconds=8),
    ):
        kept = _for_how_long([now - timedelta(days=9, seconds=40), moment], now)
        assert timedelta(seconds=6) < kept <= timedelta(seconds=8)
        with clock.shifted(kept + timedelta(seconds=0.1)):
            assert ago(moment) != ago(moment + kept) or clock.now() > moment


def test_no_page_is_true_for_long() -> None:
    assert _for_how_long([], clock.now()) == LONGEST_KEPT
    assert _for_how_long([clock.now() - timedelta(days=3, seconds=1)], clock.now()) == LONGEST_KEPT


def test_what_comes_while_a_page_is_made_ends_it() -> None:
    began = clock.now()
    with clock.shifted(timedelta(seconds=2)):
        assert began + _for_how_long([began + timedelta(seconds=1)], began) < clock.now()
