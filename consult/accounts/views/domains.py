"""Doors of an organisation's e-mail domain: asked for by a signatory, proved by whoever reads the mail there."""

from __future__ import annotations

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in

from .. import operations, queries
from ..forms import DomainForm
from ..links import DomainLink, read_domain
from ..models import Organisation
from .links import DeadLink
from .room import room


@room.get("/organisations/<slug>/domain", permit=signed_in)
def domain(slug: str) -> ResponseReturnValue:
    """To which address should the link go?"""
    row = queries.managed_organisation(viewer=me(), slug=slug)
    return show("accounts/domain.html", organisation=row, form=DomainForm(formdata=None))


@room.post("/organisations/<slug>/domain", permit=signed_in, limit="10 per hour")
def request_domain(slug: str) -> ResponseReturnValue:
    """Mail the link."""
    row, form = queries.managed_organisation(viewer=me(), slug=slug), DomainForm()
    if not (
        form.validate()
        and form.accept(
            operations.request_domain, actor=me(), organisation=row, email=form.email.data, key=form.key
        )
    ):  # fmt: skip
        return show("accounts/domain.html", organisation=row, form=form, status=422)
    flash(f"A link is on its way to {form.email.data}. Whoever reads that mail opens it within 7 days.")
    return see_other(".organisation", slug=slug)


@room.get("/organisation-domain/<token>", permit=anyone)
def domain_proof(token: str) -> ResponseReturnValue:
    """Is it your organisation? The page with the button."""
    link, row = _opened(token)
    return show("accounts/domain_proof.html", organisation=row, link=link, token=token)


@room.post("/organisation-domain/<token>", permit=anyone)
def prove_domain(token: str) -> ResponseReturnValue:
    """Show the domain on the organisation's page."""
    link, row = _opened(token)
    operations.prove_domain(actor=me(), link=link)
    flash(f"Thank you. {link.domain} is shown on this page now.")
    return see_other(".organisation", slug=row.slug)


def _opened(token: str) -> tuple[DomainLink, Organisation]:
    link = read_domain(current_app.config["SECRET_KEY"], token)
    row = queries.organisation_for_link(link.organisation_id) if link else None
    if link is None or row is None or not link.fits(row):
        raise DeadLink
    return link, row
