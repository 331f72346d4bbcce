"""What happened: told to listeners at once, inside the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
Listener = Callable[[Any], None]
_listeners: dict[type, list[Listener]] = defaultdict(list)


def listen(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Call the decorated function whenever an event of `kind` is emitted."""

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        _listeners[kind].append(listener)
        return listener

    return register


def emit(event: object) -> None:
    """Tell every listener now; if one fails, the whole act fails."""
    for listener in _listeners[type(event)]:
        listener(event)
