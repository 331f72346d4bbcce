"""Doors behind the link that ends mails of one kind. Opening it shows a page; the button, or a mail program, ends them.

A mail program sends its POST without session and without token (RFC 8058), and follows no redirect: so this one door
takes no CSRF token, and answers with the page itself. It is the token in the address that says what may be done.
"""

from __future__ import annotations

from flask import current_app
from flask.typing import ResponseReturnValue

from consult.core.doors import show
from consult.core.errors import Missing
from consult.core.rules import SYSTEM, anyone

from .. import operations
from ..endings import Ending, read
from .room import room


@room.get("/mail-endings/<token>", permit=anyone)
def ending(token: str) -> ResponseReturnValue:
    """End mails of a kind: the page with the button."""
    return show("notices/ending.html", ending=_read(token), token=token, is_done=False)


@room.post("/mail-endings/<token>", permit=anyone, is_for_programs=True)
def end_mails(token: str) -> ResponseReturnValue:
    """End them; in the inbox everything stays."""
    found = _read(token)
    operations.switch_off(actor=SYSTEM, person_id=found.person_id, what=found.what)
    return show("notices/ending.html", ending=found, token=token, is_done=True)


def _read(token: str) -> Ending:
    found = read(current_app.config["SECRET_KEY"], token)
    if found is None:
        raise Missing("This link is not whole. Copy all of it from the mail, or sign in and choose how you are told.")
    return found
