"""That somebody used the power over the whole site: told as an event, kept by the room `administration`.

Every operation that only administrators (or the command line) may run tells this in its own transaction, so that none
of them happens without a trace; a test runs each.
"""

from __future__ import annotations

import getpass
import os

from .errors import Invalid
from .records import Record, replace
from .rules import SYSTEM, Actor
from .text import normalise

LONGEST_REASON = 500


class Administered(Record):
    """What was done by whom, to whom or what, and why. `verb` is a key of administration.models.VERBS."""

    actor: Actor
    verb: str
    person_id: int | None = None
    organisation_id: int | None = None
    consultation_id: int | None = None
    job_id: int | None = None
    detail: str = ""  # what else one must know: a role, a kind of jobs
    reason: str = ""


def reason_given(reason: str) -> str:
    """The reason as it is kept. Raises Invalid(reason) when there is none, or it is too long."""
    reason = normalise(reason).strip()
    if not reason:
        raise Invalid("Say why. It is kept in the list of administrative acts.", "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"This is {len(reason):,} characters long; {LONGEST_REASON} is the most.", "reason")
    return reason


def at_the_command_line() -> Actor:
    """The system, acting for whoever types a command: her name on this machine is kept with what she does."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        name = f"user {os.getuid()}"
    return replace(SYSTEM, name=name)
