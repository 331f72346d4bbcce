"""A record behaves as a frozen dataclass would."""

from __future__ import annotations

import pytest

from consult.core.records import Record, asdict, field, replace


class Place(Record):
    """A place."""

    number: int
    name: str = ""
    parts: tuple[int, ...] = field(default_factory=tuple)


class Marked(Place):
    """A place with a mark."""

    mark: str = "+"


def test_a_record_is_what_its_fields_are() -> None:
    assert Place(1, "Harbour") == Place(number=1, name="Harbour")
    assert {Place(1): "one"}[Place(1)] == "one"
    assert Place(1) != Marked(1)
    assert asdict(Marked(2, mark="-")) == {"number": 2, "name": "", "parts": (), "mark": "-"}
    assert repr(Place(1, "Harbour")) == "Place(number=1, name='Harbour', parts=())"


def test_a_record_never_changes_and_another_is_made_of_it() -> None:
    place = Place(1, "Harbour")
    with pytest.raises(AttributeError):
        place.number = 2  # type: ignore[misc]
    assert replace(place, number=2) == Place(2, "Harbour")
    assert place == Place(1, "Harbour")
    for wrong in ({}, {"number": 1, "street": ""}):
        with pytest.raises(TypeError):
            Place(**wrong)
