"""Doors for programs, and the pages on which people make tokens and machines."""

from . import about, machines, reading, tokens, writing
from .room import programs, room

__all__ = ["about", "machines", "programs", "reading", "room", "tokens", "writing"]
