"""Every room of the house, lowest first: its doors, its commands, and its listeners (by import)."""

from __future__ import annotations

from click import Command
from flask import Blueprint

from .accounts import views as accounts
from .accounts.views import load_signed_in

DOORS: list[Blueprint] = [accounts.room]
COMMANDS: list[Command] = []

__all__ = ["COMMANDS", "DOORS", "load_signed_in"]
