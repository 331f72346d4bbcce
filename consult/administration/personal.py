"""What this room keeps about people; see core.personal."""

from __future__ import annotations

from consult.core.personal import KEPT as STAYS
from consult.core.personal import PERSON, Fading, Held, fade, hold

from .models import KEPT, AdministrativeAct

hold(
    Held(AdministrativeAct, AdministrativeAct.by_id == PERSON, STAYS, only=("at", "verb", "by_id", "detail")),
    Held(AdministrativeAct, AdministrativeAct.person_id == PERSON, STAYS, only=("at", "verb", "person_id", "consultation_id", "detail", "reason")),
)  # fmt: skip
fade(Fading(AdministrativeAct, AdministrativeAct.at, KEPT))
