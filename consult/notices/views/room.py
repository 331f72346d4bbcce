"""The room, and the number of unread notices that stands at the top of every page of somebody who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from consult.core.doors import Room, me

from .. import queries

room = Room("notices")


@room.app_context_processor
def about_the_inbox() -> dict[str, Callable[[], int]]:
    """`unread()` for templates: one statement, and none for strangers, so that their pages stay the same for all."""
    return {"unread": lambda: queries.unread_count(viewer=me())}
