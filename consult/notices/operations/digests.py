"""Mails that gather: each notice comes in one of them, and each of them comes once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, null, update

from consult.core import clock
from consult.core.db import insert_new
from consult.core.jobs import later
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only

from ..models import Digest, Notice


@operation(rule=system_only)
def gather_digest(*, actor: Actor, person_id: int, rhythm: str, due_at: datetime) -> None:
    """Put what waits for this digest into it, and its mail into the queue, in one transaction; a second time nothing.

    What was read on the site meanwhile is left out.
    """
    digest_id = insert_new(Digest, person_id=person_id, rhythm=rhythm, due_at=due_at)
    if digest_id is None:
        return
    waiting = (Notice.person_id == person_id, Notice.awaits == rhythm, Notice.created_at < due_at)
    into = case((Notice.read_at.is_(None), digest_id), else_=null())
    session().execute(update(Notice).where(*waiting).values(awaits="", digest_id=into))
    later("notices.digest", {"digest": digest_id}, dedupe_key=f"digest {digest_id}")


@operation(rule=system_only)
def note_sent(*, actor: Actor, digest_id: int) -> None:
    """It is on its way: a job that is done once more sends nothing."""
    session().execute(
        update(Digest).where(Digest.id == digest_id, Digest.sent_at.is_(None)).values(sent_at=clock.now())
    )
