"""Doors of the consultations room."""

from __future__ import annotations

from . import manage, opening, public  # noqa: F401  (their doors register themselves)
from .room import room

__all__ = ["room"]
