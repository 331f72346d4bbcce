"""Every room of the house, lowest first: its doors, its commands, and its listeners (by import)."""

from __future__ import annotations

from click import Command
from flask import Blueprint

from .accounts import views as accounts
from .accounts.views import load_signed_in
from .consultations import views as consultations
from .debate import cli as debate_commands
from .debate import views as debate
from .documents import views as documents
from .lobby import views as lobby
from .moderation import views as moderation
from .outcomes import views as outcomes

DOORS: list[Blueprint] = [
    accounts.room, consultations.room, documents.room, debate.room, moderation.room, outcomes.room, lobby.room,
]  # fmt: skip
COMMANDS: list[Command] = [debate_commands.recount]

__all__ = ["COMMANDS", "DOORS", "load_signed_in"]
