"""Doors of the moderation room: reporting, the desk, shared texts, appeals, the public log, mail and paper."""

from . import acts, campaigns, intake, receipts, redress, workbench
from .room import room

__all__ = ["acts", "campaigns", "intake", "receipts", "redress", "room", "workbench"]
