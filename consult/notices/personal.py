"""What notices keep about people; see core.personal."""

from __future__ import annotations

from datetime import timedelta

from consult.core.personal import PERSON, Fading, Held, fade, hold

from .models import Digest, Follow, Notice, Wish

hold(
    Held(Follow, Follow.person_id == PERSON, None),
    Held(Wish, Wish.person_id == PERSON, None),
    Held(Digest, Digest.person_id == PERSON, None),
    Held(Notice, Notice.person_id == PERSON, None),
)
fade(Fading(Notice, Notice.created_at, timedelta(days=730), (Notice.read_at.is_not(None), Notice.awaits == "")))
