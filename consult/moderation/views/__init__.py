"""Doors of the moderation room: reporting, the desk, shared texts, appeals, the public log, mail and paper."""

from . import acts, campaigns, claims, intake, redress, workbench
from .room import room

__all__ = ["acts", "campaigns", "claims", "intake", "redress", "room", "workbench"]
