"""Every room of the house, lowest first: its doors, its commands, and its listeners (by import)."""

from __future__ import annotations

from click import Command
from flask import Blueprint

from .accounts import jobs as _accounts_jobs  # noqa: F401
from .accounts import views as accounts
from .accounts.cli import admin
from .accounts.views import load_signed_in
from .consultations import jobs as consultations_jobs
from .consultations import views as consultations
from .debate import views as debate
from .demo.cli import demo
from .documents import cli as documents_commands
from .documents import listeners as _documents  # noqa: F401 (registers its listeners)
from .documents import views as documents
from .exchange.cli import comments
from .lobby import views as lobby
from .moderation import views as moderation
from .notices import jobs as notices_jobs
from .notices import listeners as notices_listeners
from .outcomes import listeners as outcomes_listeners
from .outcomes import views as outcomes

DOORS: list[Blueprint] = [
    accounts.room, consultations.room, documents.room, debate.room, moderation.room, outcomes.room, lobby.room,
]  # fmt: skip
COMMANDS: list[Command] = [admin, comments, demo, documents_commands.draft]


LISTENERS = (consultations_jobs, notices_jobs, notices_listeners)  # at work once imported

__all__ = ["COMMANDS", "DOORS", "LISTENERS", "consultations_jobs", "load_signed_in", "outcomes_listeners"]
