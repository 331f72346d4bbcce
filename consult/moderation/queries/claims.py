"""Who looks at what just now."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.rules import Actor

from .. import rules
from ..models import Claim
from ..rules import Claimable

THINGS = ("comment", "reply", "campaign")
Claims = Mapping[tuple[str, int], Claim]  # by table and id of what it is on


def in_force(*, viewer: Actor, consultation: Consultation) -> Claims:
    """Table and id of what moderators look at, with their claims; nothing for who does not moderate here."""
    if not rules.may_see_queue(viewer, consultation):
        return {}
    claims = db.session.scalars(_in_force().where(Claim.consultation_id == consultation.id))
    return {_thing_of(claim): claim for claim in claims}


def claim_on(*, viewer: Actor, thing: Claimable) -> Claim | None:
    """The claim in force on one thing, the viewer's own or another's; for its moderators."""
    if not rules.may_look(viewer, thing):
        return None
    return db.session.scalars(_in_force().where(getattr(Claim, f"{thing.__tablename__}_id") == thing.id)).first()


def _in_force() -> Select[Claim]:
    return select(Claim).options(joinedload(Claim.person)).where(Claim.until > clock.now())


def _thing_of(claim: Claim) -> tuple[str, int]:
    ids = ((table, getattr(claim, f"{table}_id")) for table in THINGS)
    return next((table, row_id) for table, row_id in ids if row_id is not None)
