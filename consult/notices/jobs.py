"""Sending notices. A job carries ids; the words are read when it is done."""

from __future__ import annotations

from typing import Any

from consult.core import mail
from consult.core.jobs import job
from consult.core.rules import SYSTEM

from . import letters, operations, queries


@job("notices.mail")
def send(payload: dict[str, Any]) -> None:
    """Write to one person, unless she cannot be reached or there is nothing to say any more."""
    person = queries.reachable(viewer=SYSTEM, person_id=payload["person"])
    letter = letters.letter(payload["notice"], payload["about"], person) if person else None
    if person and letter:
        template, values = letter
        mail.deliver(template, person.email, values, payload["job"])


@job("notices.fan_out")
def fan_out(payload: dict[str, Any]) -> None:
    """Queue the mails of the next commenters."""
    operations.tell_commenters(
        actor=SYSTEM, consultation_id=payload["consultation_id"], notice=payload["notice"],
        occasion=payload["occasion"], after=payload["after"],
    )  # fmt: skip
