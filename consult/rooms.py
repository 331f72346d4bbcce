"""Every room of the house, lowest first: its doors, and what starts to listen once imported."""

from __future__ import annotations

from types import ModuleType

from flask import Blueprint

from .accounts import bodies as accounts_bodies
from .accounts import jobs as accounts_jobs
from .accounts import personal as accounts_personal
from .accounts import views as accounts
from .accounts.views import load_signed_in
from .administration import listeners as administration_listeners
from .administration import personal as administration_personal
from .administration import views as administration
from .api import bodies as api_bodies
from .api import jobs as api_jobs
from .api import listeners as api_listeners
from .api import personal as api_personal
from .api import views as api
from .consultations import bodies as consultations_bodies
from .consultations import jobs as consultations_jobs
from .consultations import personal as consultations_personal
from .consultations import views as consultations
from .debate import bodies as debate_bodies
from .debate import jobs as debate_jobs
from .debate import listeners as debate_listeners
from .debate import personal as debate_personal
from .debate import views as debate
from .documents import listeners as documents_listeners
from .documents import personal as documents_personal
from .documents import views as documents
from .exchange import personal as exchange_personal
from .feeds import views as feeds
from .learning import personal as learning_personal
from .learning import views as learning
from .lobby import views as lobby
from .moderation import jobs as moderation_jobs
from .moderation import listeners as moderation_listeners
from .moderation import personal as moderation_personal
from .moderation import views as moderation
from .notices import bodies as notices_bodies
from .notices import jobs as notices_jobs
from .notices import listeners as notices_listeners
from .notices import personal as notices_personal
from .notices import views as notices
from .outcomes import bodies as outcomes_bodies
from .outcomes import jobs as outcomes_jobs
from .outcomes import listeners as outcomes_listeners
from .outcomes import personal as outcomes_personal
from .outcomes import views as outcomes
from .privacy import jobs as privacy_jobs
from .privacy import personal as privacy_personal
from .privacy import views as privacy
from .search import listeners as search_listeners
from .search import views as search

DOORS: list[Blueprint] = [
    accounts.room, consultations.room, documents.room, learning.room, debate.room, moderation.room, outcomes.room, search.room,
    notices.room, feeds.room, api.room, api.programs, privacy.room, administration.room, lobby.room,
]  # fmt: skip
HOLDING: list[ModuleType] = [  # what is kept about people, lowest first
    accounts_personal, consultations_personal, documents_personal, learning_personal, debate_personal, moderation_personal, outcomes_personal, notices_personal, exchange_personal, api_personal, privacy_personal, administration_personal,
]  # fmt: skip
POINTING: list[ModuleType] = [  # what points to an organisation, lowest first
    accounts_bodies, consultations_bodies, debate_bodies, outcomes_bodies, notices_bodies, api_bodies,
]  # fmt: skip
AT_WORK: list[ModuleType] = [
    accounts_jobs, consultations_jobs, documents_listeners, debate_jobs, debate_listeners, moderation_jobs,
    moderation_listeners, notices_jobs, notices_listeners, outcomes_jobs, outcomes_listeners,
    search_listeners, api_jobs, api_listeners, privacy_jobs, administration_listeners,
]  # fmt: skip

__all__ = ["AT_WORK", "DOORS", "HOLDING", "POINTING", "load_signed_in"]
