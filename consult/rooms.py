"""Every room of the house, lowest first: its doors, its commands, and what starts to listen once imported."""

from __future__ import annotations

from types import ModuleType

from click import Command
from flask import Blueprint

<<<<<<< HEAD
from .accounts import jobs as _accounts_jobs  # noqa: F401 (at work once imported)
from .accounts import views as accounts
from .accounts.cli import admin
from .accounts.views import load_signed_in
from .consultations import jobs as _consultations_jobs  # noqa: F401 (at work once imported)
from .consultations import views as consultations
from .debate import views as debate
from .demo.cli import demo
from .documents import cli as documents_commands
from .documents import listeners as _documents_listeners  # noqa: F401 (at work once imported)
from .documents import views as documents
from .documents.cli import draft
from .exchange.cli import comments
from .lobby import views as lobby
from .moderation import views as moderation
from .notices import jobs as _notices_jobs  # noqa: F401 (at work once imported)
from .notices import listeners as _notices_listeners  # noqa: F401 (at work once imported)
from .outcomes import listeners as _outcomes_listeners  # noqa: F401 (at work once imported)
from .outcomes import views as outcomes

DOORS: list[Blueprint] = [
    accounts.room, consultations.room, documents.room, debate.room, moderation.room, outcomes.room, lobby.room,
]  # fmt: skip
COMMANDS: list[Command] = [admin, comments, demo, documents_commands.draft, draft]

__all__ = ["COMMANDS", "DOORS", "load_signed_in"]
