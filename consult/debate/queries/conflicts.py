"""Who could be on two sides: people with a role, and organisations of theirs that commented."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from consult.accounts.bodies import of_body
from consult.accounts.models import Membership, Organisation
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import Comment

from .visibility import visible_to


def spoken_for(
    *, viewer: Actor, people: Collection[int], consultations: Collection[int]
) -> Mapping[tuple[int, int], Sequence[str]]:
    """By person and consultation the names of the organisations she is a member of and that commented there."""
    commented = select(Comment.id).where(
        of_body(Comment.organisation_id, Membership.organisation_id), Comment.consultation_id == Consultation.id,
        visible_to(viewer),
    )  # fmt: skip
    rows = db.session.execute(
        select(Membership.person_id, Consultation.id, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Consultation, Consultation.id.in_(consultations))
        .where(Membership.state == "member", Membership.person_id.in_(people), commented.exists())
        .order_by(Organisation.name)
    )
    found: dict[tuple[int, int], list[str]] = {}
    for person_id, consultation_id, name in rows:
        found.setdefault((person_id, consultation_id), []).append(name)
    return found
