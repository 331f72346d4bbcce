"""The room whose doors these files hold."""

from __future__ import annotations

from consult.core.doors import Room

room = Room("consultations")
