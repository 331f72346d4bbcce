"""Whether the demo is here."""

from __future__ import annotations

from sqlalchemy import select

from consult.accounts.models import Person
from consult.core.db import db
from consult.core.rules import Actor, system_only


def is_loaded(*, viewer: Actor) -> bool:
    """Whether demo people are here; the demo comes whole or not at all, so one of them is enough."""
    if not system_only(viewer):
        return False
    return db.session.scalar(select(Person.id).where(Person.is_demo).limit(1)) is not None
