"""What consultations keep about people; see core.personal."""

from __future__ import annotations

from consult.core.personal import KEPT, PERSON, Held, hold

from .models import Consultation, StoredFile, Transition

hold(
    Held(Consultation, Consultation.created_by_id == PERSON, KEPT, only=("title", "created_by_id", "created_at")),
    Held(Transition, Transition.actor_id == PERSON, KEPT),
    Held(StoredFile, StoredFile.added_by_id == PERSON, {"added_by_id": None}, content="sha256"),
)
