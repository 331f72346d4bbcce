"""Who looks at what just now."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.rules import Actor

from .. import rules
from ..models import Claim
from ..rules import Claimable

THINGS = ("comment", "reply", "campaign")


def taken(*, viewer: Actor, consultation: Consultation) -> Mapping[tuple[str, int], str]:
    """Table and id of what other moderators look at, with their names; nothing for who does not moderate here."""
    if not rules.may_see_queue(viewer, consultation):
        return {}
    rows = db.session.execute(
        select(Claim.comment_id, Claim.reply_id, Claim.campaign_id, Person.name)
        .join(Claim.person)
        .where(Claim.consultation_id == consultation.id, Claim.until > clock.now(), Claim.person_id != viewer.person_id)
    )
    return {
        next((table, row_id) for table, row_id in zip(THINGS, ids, strict=True) if row_id): name for *ids, name in rows
    }


def claim_on(*, viewer: Actor, thing: Claimable) -> Claim | None:
    """The claim in force on one thing, the viewer's own or another's; for its moderators."""
    if not rules.may_look(viewer, thing):
        return None
    return db.session.scalars(
        select(Claim)
        .options(joinedload(Claim.person))
        .where(getattr(Claim, f"{thing.__tablename__}_id") == thing.id, Claim.until > clock.now())
    ).first()
