"""Doors of the debate: the reading room, and everything said there."""

from . import comments, reading, replies
from .room import room

__all__ = ["comments", "reading", "replies", "room"]
