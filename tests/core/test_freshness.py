"""Pages a browser may keep: the tag follows everything the page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from consult.consultations.models import Position
from consult.core import clock
from consult.core.freshness import _plain


@dataclass(frozen=True, slots=True)
class Thing:
    """Something a template is given."""

    name: str
    parts: tuple[object, ...] = ()


def test_equal_values_print_the_same_and_others_do_not() -> None:
    def printed(value: object) -> str:
        return repr(_plain(value, set(), []))

    row, twin = Position(id=1, key="safety", name="Safety"), Position(id=1, key="safety", name="Safety")
    assert printed(Thing("a", (row, {"b", "c"}))) == printed(Thing("a", (twin, {"c", "b"})))
    assert printed({"x": 1, "y": [row]}) == printed({"y": [twin], "x": 1})
    assert printed(row) != printed(Position(id=1, key="safety", name="Security"))
    assert printed(Thing("a")) != printed(Thing("b"))


def test_rough_times_change_with_the_clock() -> None:
    moment = clock.now()
    before = _plain(moment, set(), [])
    with clock.shifted(timedelta(hours=2)):
        assert _plain(moment, set(), []) != before


def test_what_cannot_be_judged_is_an_error() -> None:
    with pytest.raises(TypeError, match="cannot tell when object changes"):
        _plain(object(), set(), [])
