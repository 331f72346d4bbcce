"""One's own inbox: what is read, and how one wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Invalid
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only

from .. import rules
from ..models import KINDS, Notice, Wish
from ..wishes import DEFAULTS, modes_of


@operation(rule=rules.may_mark, on="notice")
def mark_read(*, actor: Actor, notice: Notice) -> None:
    """Say that one has read it."""
    notice.read_at = notice.read_at or clock.now()


@operation(rule=rules.may_mark, on="notice")
def mark_unread(*, actor: Actor, notice: Notice) -> None:
    """Say that one wants to come back to it."""
    notice.read_at = None


@operation(rule=rules.may_keep_inbox)
def mark_all_read(*, actor: Actor, up_to: int) -> datetime:
    """Say that one has read everything up to the notice `up_to`; what came since stays unread.

    The moment that comes back is what `unmark_all` takes it back by.
    """
    moment = clock.now()
    unread = (Notice.person_id == actor.person_id, Notice.read_at.is_(None), Notice.id <= up_to)
    session().execute(update(Notice).where(*unread).values(read_at=moment))
    return moment


@operation(rule=rules.may_keep_inbox)
def unmark_all(*, actor: Actor, moment: datetime) -> None:
    """Take back that everything was marked as read at that moment."""
    marked = (Notice.person_id == actor.person_id, Notice.read_at == moment)
    session().execute(update(Notice).where(*marked).values(read_at=None))


@operation(rule=rules.may_keep_inbox)
def set_wishes(*, actor: Actor, modes: Mapping[str, str]) -> None:
    """Choose for each kind how to be told; what waits for a mail already comes by the new rhythm, or not at all."""
    assert actor.person_id is not None
    for kind, mode in modes.items():
        _wish(actor.person_id, kind, mode)


@operation(rule=system_only)
def switch_off(*, actor: Actor, person_id: int, what: str) -> None:
    """Send somebody no more mails of a kind, or no more daily or weekly ones; in her inbox everything stays."""
    if what in KINDS:
        _wish(person_id, what, "site")
        return
    rows = session().execute(select(Wish.kind, Wish.mode).where(Wish.person_id == person_id))
    for kind, mode in (DEFAULTS | dict(rows.all())).items():
        if mode == what:
            _wish(person_id, kind, "site")


def _wish(person_id: int, kind: str, mode: str) -> None:
    if kind not in KINDS or mode not in modes_of(kind):
        raise Invalid("Choose one of the ways.", field=kind)
    if insert_new(Wish, person_id=person_id, kind=kind, mode=mode) is None:
        session().execute(update(Wish).where(Wish.person_id == person_id, Wish.kind == kind).values(mode=mode))
    waiting = (Notice.person_id == person_id, Notice.kind == kind, Notice.awaits != "")
    # What was to come later and is to come at once now comes with the next daily mail: nobody wants ten at a time.
    awaits = {"site": "", "now": "daily"}.get(mode, mode)
    session().execute(update(Notice).where(*waiting).values(awaits=awaits))
