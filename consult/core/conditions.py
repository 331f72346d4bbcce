"""Conditions that say what a viewer may see, which nearly every statement asks, and statements with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from .rules import Actor

Built = TypeVar("Built")  # a condition, or a statement whose other values are parameters
VIEWERS = 128  # for whom a process remembers each; those of the list and the top of a page take 85 KB for one


def per_viewer(build: Callable[[Actor], Built]) -> Callable[[Actor], Built]:
    """Build it once for everybody about whom the same is true: building one costs more than asking it.

    It may ask the Actor only: neither the clock nor the request. Whoever changes in any way is another Actor.
    """
    return lru_cache(maxsize=VIEWERS)(build)
