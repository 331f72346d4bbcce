"""Doors of the debate: the reading room, and everything said there."""

from . import (
    behalf,
    carried,
    comments,
    drafts,
    letters,
    names,
    naming,
    news,
    proving,
    reading,
    replies,
    sides,
    visits,
    weighing,
    words,
)
from .room import room

__all__ = [
    "behalf", "carried", "comments", "drafts", "letters", "names", "naming", "news", "proving", "reading", "replies", "room", "sides", "visits", "weighing", "words",
]  # fmt: skip
