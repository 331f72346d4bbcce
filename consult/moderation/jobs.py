"""Looking through all comments of a consultation for texts they share."""

from __future__ import annotations

from typing import Any

from consult.core.jobs import job
from consult.core.rules import SYSTEM

from . import operations
from .models import CampaignSearch
from .queries import searches
from .resemblance import find

STEP = 5_000  # comments between two words about how far it is


@job(searches.JOB)
def find_campaigns(payload: dict[str, Any]) -> None:
    """Begun again it proposes nothing twice."""
    look(payload["consultation_id"], payload["search_id"])


def look(consultation_id: int, search_id: int | None = None) -> CampaignSearch:
    """Read everything, compare it outside any transaction, and keep what is new."""
    texts = searches.texts(viewer=SYSTEM, consultation_id=consultation_id)
    search = operations.begin_search(
        actor=SYSTEM, consultation_id=consultation_id, total=len(texts), search_id=search_id
    )
    number = search.id

    def tell(done: int) -> None:
        if done and done % STEP == 0:
            operations.tell_progress(actor=SYSTEM, search_id=number, done=done)

    known = searches.known_lines(viewer=SYSTEM, consultation_id=consultation_id)
    found = find(texts, known=known, tell=tell)
    operations.keep_groups(actor=SYSTEM, search=search, found=found)
    return search
