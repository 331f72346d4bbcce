"""What is kept about a person: each room says which of its rows, and what becomes of them when she has it erased.

A room declares this in its `personal.py`; the room `privacy` makes copies, erases and lets things fade by what is
declared here, and by nothing else it knows of the others. What each column is for is in `privacy/inventory.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case

from .db import Base, BigId
from .records import Record, field

PERSON = bindparam("whom", type_=BigId)  # whose rows, in every condition; given with each statement by `whom`
WITHDRAWN = "Name withdrawn"
ERASED = "(erased)"  # where a table asks for some words

KEPT: Mapping[str, Any] = {}


class Held(Record):
    """Rows of one table that say something of the person PERSON.

    `only`: the columns that are about her; none: all of them. `is_copied`: whether they come into a copy by this line.
    `content`: the column with the SHA-256 of a file in the store. `blank`: what columns hold after an erasure, as values
    or SQL; None: the rows go. `words`: the same for what she has said in public, where she wants that to go, too.
    """

    model: type[Base]
    whose: ColumnElement[bool]
    blank: Mapping[str, Any] | None
    only: tuple[str, ...] = ()
    is_copied: bool = True
    content: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)


def unless_withheld(named: Any, name: Any) -> Any:
    """What becomes of the column `name`: what stands in place of a withheld one stays, by the column `named`.

    Changed for all of it at once it would tell which contributions are of one person.
    """
    return case((named == "name", WITHDRAWN), else_=name)


class Leaving(Record):
    """Somebody who has herself erased, as she was called until now; `words_go`: what she said in public goes as well."""

    person_id: int
    name: str
    email: str
    words_go: bool


class Fading(Record):
    """Rows that go by themselves: those for which `since`, a moment in the row, is longer ago than `after`."""

    model: type[Base]
    since: Any
    after: timedelta
    where: tuple[ColumnElement[bool], ...] = ()


Eraser = Callable[[Leaving], None]
HELD: list[Held] = []
FADING: list[Fading] = []
ERASERS: list[Eraser] = []


def whom(person_id: int) -> dict[str, int]:
    """Who PERSON is in a statement."""
    return {"whom": person_id}


def hold(*held: Held) -> None:
    """Declare rows of people."""
    HELD.extend(held)


def fade(*fading: Fading) -> None:
    """Declare rows that are forgotten after some time."""
    FADING.extend(fading)


def erasing(function: Eraser) -> Eraser:
    """Call the decorated function in each erasure, once the declared rows are blank or gone, in the same transaction.

    For what statements alone cannot do.
    """
    ERASERS.append(function)
    return function
