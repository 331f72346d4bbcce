"""What somebody had typed when their session ended: carried through the sign-in page, sent afterwards."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from consult.core.records import Record
from consult.core.text import normalise

from ..addresses import local_path

PREFIX = "held."


class Held(Record):
    """Where to go after signing in, and the fields to send there; no fields: just open the page."""

    next: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def from_request(cls) -> Held:
        """Read `next` and the fields `held.<name>`; an address that is not on this site is forgotten."""
        way_on = request.form.get("next") if request.method == "POST" else request.args.get("next")
        fields = [
            (normalise(name.removeprefix(PREFIX)), normalise(value))
            for name, value in request.form.items(multi=True)
            if name.startswith(PREFIX) and name != f"{PREFIX}csrf_token"
        ]
        return cls(local_path(way_on), tuple(fields))

    @property
    def is_for_sending(self) -> bool:
        """Whether `next` awaits a form: something was typed, or the address shows no page by itself."""
        return bool(self.next) and (bool(self.fields) or not _is_page(self.next))

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The fields a person typed, to be shown."""
        return [(name, value) for name, value in self.fields if name not in ("submission", "next") and value.strip()]


def _is_page(path: str) -> bool:
    """Whether the address can be opened; one that only takes forms cannot."""
    try:
        current_app.url_map.bind("localhost").match(path.partition("?")[0], method="GET")
    except HTTPException as failure:
        return failure.code != 405
    return True
