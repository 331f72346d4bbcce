"""Organisations and consultations, for those who run the site."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, true
from sqlalchemy.orm import joinedload

from consult.accounts.models import Membership, Organisation, RoleGrant
from consult.consultations.models import STATES, Consultation
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, administrators

from ..models import AdministrativeAct
from .acts import newest
from .listing import by_id, fits

ORGANISATIONS = {"unverified": "Not verified", "verified": "Verified"}


def organisations(
    *, viewer: Actor, text: str = "", shown: str = "", after: str | None = None, before: str | None = None
) -> Listing[Organisation]:
    """Organisations by name, code, register number or domain, the newest first; `shown` is a key of ORGANISATIONS."""
    only = [Organisation.is_verified.is_(shown == "verified")] if shown in ORGANISATIONS else []
    found = fits(text, Organisation.name, Organisation.code, Organisation.register_number, Organisation.domain)
    return by_id(viewer, Organisation, [_known(viewer), *only, *found], after, before)


class OrganisationPage(Record):
    """One organisation as it is looked at before it is verified."""

    organisation: Organisation
    members: int
    signatories: Sequence[Membership]
    acts: Sequence[AdministrativeAct]


def organisation(*, viewer: Actor, slug: str) -> Organisation:
    """One organisation; Missing for whoever does not run the site."""
    row = db.session.scalars(select(Organisation).where(Organisation.slug == slug, _known(viewer))).first()
    if row is None:
        raise Missing
    return row


def organisation_page(*, viewer: Actor, slug: str) -> OrganisationPage:
    """One organisation, who signs for it, and every administrative act about it."""
    row = organisation(viewer=viewer, slug=slug)
    inside = (Membership.organisation_id == row.id, Membership.state == "member")
    signing = select(Membership).options(joinedload(Membership.person)).where(*inside, Membership.is_signatory)
    return OrganisationPage(
        row, db.session.scalar(select(func.count()).select_from(Membership).where(*inside)) or 0,
        db.session.scalars(signing.order_by(Membership.id).limit(50)).all(),
        newest(viewer=viewer, where=[AdministrativeAct.organisation_id == row.id]),
    )  # fmt: skip


def consultations(
    *, viewer: Actor, text: str = "", shown: str = "", after: str | None = None, before: str | None = None
) -> Listing[Consultation]:
    """Consultations in any state, the newest first; `shown` is a state, or `orphaned`: without an organiser."""
    there = Consultation.id.is_not(None) if administrators(viewer) else Consultation.id.is_(None)
    only = [Consultation.state == shown] if shown in STATES else []
    if shown == "orphaned":
        only = [Consultation.id.not_in(select(RoleGrant.consultation_id).where(RoleGrant.role == "organiser"))]
    return by_id(
        viewer, Consultation, [there, *only, *fits(text, Consultation.title, Consultation.slug)], after, before
    )


def organisers(*, viewer: Actor, consultations: Sequence[int]) -> dict[int, list[RoleGrant]]:
    """Who organises some consultations, in one statement."""
    grants = select(RoleGrant).options(joinedload(RoleGrant.person)).where(RoleGrant.role == "organiser")
    found: dict[int, list[RoleGrant]] = {}
    where = (RoleGrant.consultation_id.in_(consultations), true() if administrators(viewer) else RoleGrant.id.is_(None))
    for grant in db.session.scalars(grants.where(*where).order_by(RoleGrant.id)):
        found.setdefault(grant.consultation_id, []).append(grant)
    return found


class ConsultationPage(Record):
    """One consultation and everybody with a role on it."""

    consultation: Consultation
    grants: Sequence[RoleGrant]
    acts: Sequence[AdministrativeAct]

    @property
    def is_orphaned(self) -> bool:
        """Whether nobody organises it who can sign in."""
        return not any(g.role == "organiser" and g.person.suspended_at is None for g in self.grants)


def consultation_page(*, viewer: Actor, slug: str) -> ConsultationPage:
    """One consultation in any state; Missing for whoever does not run the site."""
    row = db.session.scalars(select(Consultation).where(Consultation.slug == slug)).first()
    if row is None or not administrators(viewer):
        raise Missing
    grants = select(RoleGrant).options(joinedload(RoleGrant.person)).where(RoleGrant.consultation_id == row.id)
    return ConsultationPage(
        row, db.session.scalars(grants.order_by(RoleGrant.role, RoleGrant.id).limit(200)).all(),
        newest(viewer=viewer, where=[AdministrativeAct.consultation_id == row.id]),
    )  # fmt: skip


def _known(viewer: Actor):  # type: ignore[no-untyped-def]
    return Organisation.id.is_not(None) if administrators(viewer) else Organisation.id.is_(None)
