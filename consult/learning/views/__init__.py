"""Doors of the room: the guide, the shelf, and where both are made."""

from __future__ import annotations

from . import manage, public, shelf  # noqa: F401  (their doors register themselves)
from .room import room

__all__ = ["room"]
