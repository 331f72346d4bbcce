"""Erasing somebody: what every room declared, then what only functions can do. Called inside an operation."""

from __future__ import annotations

import json

from sqlalchemy import delete, or_, update

from consult.core.db import Base
from consult.core.jobs import Job
from consult.core.operations import session
from consult.core.personal import ERASERS, HELD, Held, Leaving, whom

UNSYNCHRONISED = {"synchronize_session": False}


def erase(leaving: Leaving) -> None:
    """Empty and delete, children before parents, whatever the rooms hold of a person."""
    order = {table.name: at for at, table in enumerate(Base.metadata.sorted_tables)}
    for held in sorted(HELD, key=lambda one: -order[one.model.__tablename__]):
        _erase_rows(held, leaving)
    session().expire_all()
    for eraser in ERASERS:
        eraser(leaving)
    _erase_work(leaving)


def _erase_rows(held: Held, leaving: Leaving) -> None:
    mine, person = held.whose, whom(leaving.person_id)
    if held.blank is None:
        session().execute(delete(held.model).where(mine), person, execution_options=UNSYNCHRONISED)
        return
    values = {**held.blank, **(held.words if leaving.words_go else {})}
    if values:
        session().execute(update(held.model).where(mine).values(values), person, execution_options=UNSYNCHRONISED)


def _erase_work(leaving: Leaving) -> None:
    """Mails to her that did not go yet go no more; of what was done only the key is left, so that it is not done twice."""
    written, name = (json.dumps(words)[1:-1] for words in (leaving.email, leaving.name))
    to_her = Job.payload.contains(written, autoescape=True)
    over = or_(Job.finished_at.is_not(None), Job.is_parked)
    session().execute(delete(Job).where(to_her, ~over))
    named = or_(to_her, Job.payload.contains(name, autoescape=True), Job.error.contains(leaving.email, autoescape=True))
    session().execute(update(Job).where(named, over).values(payload="{}", error=None))
