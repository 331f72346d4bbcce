"""The room, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from consult.core.doors import Room
from consult.core.records import Record, asdict
from consult.core.text import normalise

room = Room("administration")
LONGEST = 200
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "jobs": ("administration.jobs", {}),
    "failed": ("administration.jobs", {"show": "failed"}),
    "mail": ("administration.mail", {}),
    "settings": ("administration.settings", {}),
    "one-step": ("administration.people", {"show": "one-step"}),
    "orphaned": ("administration.consultations", {"show": "orphaned"}),
}


class Asked(Record):
    """What a list is narrowed by, from the address."""

    q: str
    show: str

    def kept(self, **changes: str) -> dict[str, str]:
        """The arguments of an address that narrows as this, with changes; what is empty is left out."""
        return {name: value for name, value in (asdict(self) | changes).items() if value}


def asked() -> Asked:
    """What this request narrows by."""
    q, shown = (normalise(request.args.get(name, "")[:LONGEST]).strip() for name in ("q", "show"))
    return Asked(q, shown)


def page_of_list() -> tuple[str | None, str | None]:
    """Where in a list one is: `after` and `before` of its cursors."""
    return request.args.get("after"), request.args.get("before")


@room.app_template_global("place_address")
def place_address(place: str) -> str:
    """Where one can act on what a check found."""
    endpoint, values = PLACES[place]
    return url_for(endpoint, **values)
