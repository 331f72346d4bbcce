"""The room whose doors these files hold."""

from __future__ import annotations

from consult.core.doors import Room

room = Room("learning")
OFTEN = "120 per 15 minutes"  # for a whole library behind one address; one person writes far less
