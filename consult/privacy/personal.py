"""What this room itself keeps about people; see core.personal."""

from __future__ import annotations

from datetime import timedelta

from consult.core.personal import KEPT, PERSON, Fading, Held, fade, hold

from .models import DataCopy, Erasure

hold(Held(DataCopy, DataCopy.person_id == PERSON, None), Held(Erasure, Erasure.person_id == PERSON, KEPT))
fade(Fading(DataCopy, DataCopy.ready_at, timedelta(days=7)))  # as queries.KEPT
