"""Invitations that wait: one's own, an organisation's, and those to roles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.rules import STAFF, Actor

from ..models import GuestOrganisation, Invitation, Organisation, RoleGrant

MOST = 200


def invitations_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Those to the viewer's confirmed address, and those that she may take back."""
    if viewer.is_administrator or viewer.is_system:
        return Invitation.id.is_not(None)
    organised = {consultation_id for consultation_id, role in viewer.roles if role == "organiser"}
    return or_(
        Invitation.email == (viewer.email if viewer.is_verified else None),
        Invitation.organisation_id.in_(viewer.signatory_of),
        Invitation.consultation_id.in_(organised),
    )


def my_invitations(*, viewer: Actor) -> Sequence[Invitation]:
    """What the viewer is invited to, as long as it is good; nothing until her address is confirmed."""
    mine = Invitation.email == (viewer.email if viewer.is_verified else None)
    return _open(viewer, mine)


def invitations_into(*, viewer: Actor, organisation: Organisation) -> Sequence[Invitation]:
    """Who is invited into an organisation, for those who may take it back."""
    return _open(viewer, Invitation.organisation_id == organisation.id)


def invitations_to_roles(*, viewer: Actor, consultation_id: int) -> Sequence[Invitation]:
    """Who is invited to a role on a consultation, for those who may take it back."""
    return _open(viewer, Invitation.consultation_id == consultation_id)


def invitation(*, viewer: Actor, invitation_id: int) -> Invitation:
    """One invitation, also one that has expired; Missing for those whom it does not concern."""
    statement = select(Invitation).options(joinedload(Invitation.organisation))
    row = db.session.scalars(
        statement.where(Invitation.id == invitation_id, invitations_visible_to(viewer))
    ).first()  # fmt: skip
    if row is None:
        raise Missing
    return row


def my_role(*, viewer: Actor, grant_id: int) -> RoleGrant:
    """One role of the viewer."""
    mine = select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.person_id == viewer.person_id)
    row = db.session.scalars(mine).first()
    if row is None:
        raise Missing
    return row


def guests_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Invited organisations: for those who invited them, and for their own members."""
    if viewer.is_administrator or viewer.is_system:
        return GuestOrganisation.id.is_not(None)
    organised = {consultation_id for consultation_id, role in viewer.roles if role in STAFF}
    return or_(
        GuestOrganisation.consultation_id.in_(organised), GuestOrganisation.organisation_id.in_(viewer.member_of)
    )


def guests(*, viewer: Actor, consultation_id: int) -> Sequence[GuestOrganisation]:
    """The organisations invited to take part in a consultation, as far as the viewer may know of them."""
    here = GuestOrganisation.consultation_id == consultation_id
    return db.session.scalars(
        select(GuestOrganisation)
        .options(joinedload(GuestOrganisation.organisation))
        .where(here, guests_visible_to(viewer))
        .order_by(GuestOrganisation.id)
    ).all()


def guest(*, viewer: Actor, guest_id: int) -> GuestOrganisation:
    """One invited organisation; Missing for those whom it does not concern."""
    row = db.session.scalars(
        select(GuestOrganisation)
        .options(joinedload(GuestOrganisation.organisation))
        .where(GuestOrganisation.id == guest_id, guests_visible_to(viewer))
    ).first()
    if row is None:
        raise Missing
    return row


def _open(viewer: Actor, where: ColumnElement[bool]) -> Sequence[Invitation]:
    return db.session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.organisation), joinedload(Invitation.invited_by))
        .where(where, invitations_visible_to(viewer), Invitation.expires_at > clock.now())
        .order_by(Invitation.id.desc())
        .limit(MOST)
    ).all()
