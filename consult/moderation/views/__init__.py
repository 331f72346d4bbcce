"""Doors of the moderation room: reporting, the moderators' desk, shared texts, appeals, the public log."""

from . import acts, campaigns, workbench
from .room import room

__all__ = ["acts", "campaigns", "room", "workbench"]
