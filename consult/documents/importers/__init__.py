"""From a file to numbered units.

`take` is for files as they arrive: what is read is decided by looking at the content (`guard`), and it is read in a
child process with little memory, little time and no way out (`child`). `read` cuts a text of our own in this process.
To add a text format, write its module and name it in `texts.TEXT_FORMATS`; an archive format goes into `readers`.

None of them is loaded before the first file comes: they bring libraries for XML and pictures.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .letter_files import ReadLetter
    from .taking import Taken, take, take_letter
    from .texts import read

__all__ = ["ReadLetter", "Taken", "read", "take", "take_letter"]
PLACES = {"ReadLetter": "letter_files", "Taken": "taking", "take": "taking", "take_letter": "taking", "read": "texts"}


def __getattr__(name: str) -> Any:
    """What is named above, from its module."""
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
