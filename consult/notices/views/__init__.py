"""Doors of following, of one's inbox, and of ending mails."""

from __future__ import annotations

from . import endings, following, inbox, settings
from .room import room

__all__ = ["endings", "following", "inbox", "room", "settings"]
