"""What is dear to load and seldom needed is loaded when it is first touched, and not before a page can be answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


class Later:
    """Stands for what `make` returns; that is made once, when the first of its attributes is asked for."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = cache(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


def module(name: str) -> Any:
    """The module `name`, not loaded yet. For libraries only: import contracts do not see what is named here."""
    return Later(lambda: import_module(name))
