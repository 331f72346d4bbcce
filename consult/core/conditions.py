"""Conditions that say what a viewer may see, which nearly every statement asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import ColumnElement

from .rules import Actor

Condition = Callable[[Actor], ColumnElement[bool]]
VIEWERS = 256  # for whom a process remembers each condition


def per_viewer(condition: Condition) -> Condition:
    """Build a condition once for everybody about whom the same is true: building one costs more than asking it.

    It may ask the Actor only: neither the clock nor the request. Whoever changes in any way is another Actor.
    """
    return lru_cache(maxsize=VIEWERS)(condition)
