"""What documents keep about people; see core.personal."""

from __future__ import annotations

from datetime import timedelta

from consult.core.personal import KEPT, PERSON, Fading, Held, fade, hold

from .models import ClausePair, StagedDraft

hold(
    Held(ClausePair, ClausePair.decided_by_id == PERSON, KEPT, only=("decided", "decided_by_id", "decided_at")),
    Held(StagedDraft, StagedDraft.person_id == PERSON, None),
)
fade(Fading(StagedDraft, StagedDraft.created_at, timedelta(days=365)))
