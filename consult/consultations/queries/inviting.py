"""Roles and invitations with the names of their consultations, which their owner may know also of a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, case, select

from consult.accounts.models import GuestOrganisation, Invitation, Organisation, RoleGrant
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor

from ..models import Consultation
from .one import visible_to

MOST = 200


class MyRole(Record):
    """A role the viewer has, and where; its address where she may see it."""

    grant_id: int
    role: str
    title: str
    slug: str


class OurInvitation(Record):
    """A consultation that invited an organisation of the viewer."""

    guest_id: int
    organisation: str
    title: str
    slug: str
    is_mine_to_end: bool


def my_roles(*, viewer: Actor) -> Sequence[MyRole]:
    """Every role the viewer has, the newest first."""
    rows = db.session.execute(
        select(RoleGrant.id, RoleGrant.role, Consultation.title, _address(viewer))
        .join(Consultation, Consultation.id == RoleGrant.consultation_id)
        .where(RoleGrant.person_id == viewer.person_id)
        .order_by(RoleGrant.id.desc())
        .limit(MOST)
    )
    return [MyRole(*row) for row in rows]


def _address(viewer: Actor) -> ColumnElement[str]:
    return case((visible_to(viewer), Consultation.slug), else_="")


def our_invitations(*, viewer: Actor) -> Sequence[OurInvitation]:
    """Where the viewer can take part because an organisation of hers is invited, the newest first."""
    rows = db.session.execute(
        select(GuestOrganisation, Organisation.name, Consultation.title, _address(viewer))
        .join(Organisation, Organisation.id == GuestOrganisation.organisation_id)
        .join(Consultation, Consultation.id == GuestOrganisation.consultation_id)
        .where(GuestOrganisation.organisation_id.in_(viewer.member_of))
        .order_by(GuestOrganisation.id.desc())
        .limit(MOST)
    )
    return [
        OurInvitation(row.id, name, title, slug, row.organisation_id in viewer.signatory_of)
        for row, name, title, slug in rows
    ]


def invited_to(*, viewer: Actor) -> Mapping[int, str]:
    """Titles by id of the consultations where the viewer's confirmed address is invited to a role."""
    mine = Invitation.email == (viewer.email if viewer.is_verified else None)
    rows = db.session.execute(
        select(Consultation.id, Consultation.title)
        .join(Invitation, Invitation.consultation_id == Consultation.id)
        .where(mine, Invitation.expires_at > clock.now())
        .limit(MOST)
    )
    return dict(rows.all())


def slug_of(*, viewer: Actor, consultation_id: int | None) -> str:
    """Where a consultation is that the viewer may see."""
    slug = db.session.scalar(
        select(Consultation.slug).where(Consultation.id == consultation_id, visible_to(viewer))
    )  # fmt: skip
    if slug is None:
        raise Missing
    return slug
