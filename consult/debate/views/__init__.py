"""Doors of the debate: the reading room, and everything said there."""

from . import carried, comments, reading, replies, visits, weighing, words
from .room import room

__all__ = ["carried", "comments", "reading", "replies", "room", "visits", "weighing", "words"]
