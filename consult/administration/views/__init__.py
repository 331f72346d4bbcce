"""Doors of those who run the site."""

from . import bodies, people, record, start, work
from .room import room

__all__ = ["bodies", "people", "record", "room", "start", "work"]
