"""What tokens say of people; see core.personal."""

from __future__ import annotations

from datetime import timedelta

from consult.core.personal import PERSON, Fading, Held, fade, hold

from .models import ApiToken

KEPT_DEAD = timedelta(days=90)  # so that somebody who finds one that is lost can still be told whose it was

hold(
    Held(ApiToken, ApiToken.person_id == PERSON, None),
    Held(ApiToken, ApiToken.made_by_id == PERSON, None),
)
fade(Fading(ApiToken, ApiToken.expires_at, KEPT_DEAD))
