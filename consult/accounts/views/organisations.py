"""Doors of organisations and memberships."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in
from consult.debate import queries as debate
from consult.notices.queries import is_following

from .. import operations, queries, rules
from ..forms import OrganisationForm
from ..models import CATEGORIES
from .room import room


@room.get("/organisations", permit=anyone)
def organisations() -> ResponseReturnValue:
    """Every organisation that takes part, by name; `?category=` shows one kind."""
    category = request.args.get("category", "")
    category = category if category in CATEGORIES else ""
    after, before = request.args.get("after"), request.args.get("before")
    listing = queries.organisations(viewer=me(), category=category, after=after, before=before)
    return show(
        "accounts/organisations.html",
        listing=listing,
        category=category,
        kinds=CATEGORIES,
        may_found=rules.may_found_organisation(me()),
    )


@room.get("/organisations/new", permit=rules.may_found_organisation)
def new_organisation() -> ResponseReturnValue:
    """Put an organisation on the list."""
    return show("accounts/new_organisation.html", form=OrganisationForm(formdata=None))


@room.post("/organisations/new", permit=rules.may_found_organisation, limit="20 per hour")
def found_organisation() -> ResponseReturnValue:
    """Put it on the list and become its first signatory."""
    form, row = OrganisationForm(), None
    if form.validate():
        row = form.accept(
            operations.found_organisation, actor=me(), name=form.name.data, category=form.category.data,
            country=form.country.data, size=form.size.data, register_number=form.register_number.data,
            parent_id=form.found and form.found.id, key=form.key,
        )  # fmt: skip
    if row is None:
        return show("accounts/new_organisation.html", form=form, status=422)
    flash("It is on the list, and you sign for it. It shows “not verified” until an administrator has checked it.")
    return see_other(".organisation", slug=row.slug)


@room.get("/organisations/<slug>", permit=anyone)
def organisation(slug: str) -> ResponseReturnValue:
    """One organisation: what it is, who signs for it, all it said."""
    page = queries.organisation_page(viewer=me(), slug=slug)
    following = is_following(viewer=me(), subject=page.organisation)
    said = debate.said(viewer=me(), organisation=page.organisation, after=request.args.get("after"))
    in_hand = [one for one in debate.in_hand(viewer=me()) if one.organisation.id == page.organisation.id]
    return show("accounts/organisation.html", page=page, is_following=following, said=said, in_hand=in_hand)


@room.post("/organisations/<slug>/membership-requests", permit=signed_in, limit="30 per hour")
def ask_membership(slug: str) -> ResponseReturnValue:
    """Ask to speak for it."""
    row = queries.organisation(viewer=me(), slug=slug)
    operations.ask_membership(actor=me(), organisation=row)
    flash("Asked. You get a mail when one of its signatories has answered.")
    return see_other(".organisation", slug=slug)


@room.post("/memberships/<int:membership_id>/approval", permit=signed_in)
def approve_membership(membership_id: int) -> ResponseReturnValue:
    """Let somebody speak for the organisation."""
    return _decide(membership_id, is_approved=True)


@room.post("/memberships/<int:membership_id>/refusal", permit=signed_in)
def refuse_membership(membership_id: int) -> ResponseReturnValue:
    """Refuse a request to join."""
    return _decide(membership_id, is_approved=False)


@room.post("/memberships/<int:membership_id>/ending", permit=signed_in)
def end_membership(membership_id: int) -> ResponseReturnValue:
    """Leave, take back a request, or take somebody off the list."""
    row = queries.membership(viewer=me(), membership_id=membership_id)
    operations.end_membership(actor=me(), membership=row)
    flash(
        f"You left {row.organisation.name}."
        if row.person_id == me().person_id
        else f"{row.person.name} is not a member any more."
    )
    return see_other(".organisation", slug=row.organisation.slug)


@room.post("/memberships/<int:membership_id>/signing", permit=signed_in)
def start_signing(membership_id: int) -> ResponseReturnValue:
    """Make a member a signatory."""
    return _choose_signatory(membership_id, is_signatory=True)


@room.post("/memberships/<int:membership_id>/signing/ending", permit=signed_in)
def end_signing(membership_id: int) -> ResponseReturnValue:
    """Make a signatory an ordinary member."""
    return _choose_signatory(membership_id, is_signatory=False)


def _decide(membership_id: int, *, is_approved: bool) -> ResponseReturnValue:
    row = queries.membership(viewer=me(), membership_id=membership_id)
    operations.decide_membership(actor=me(), membership=row, is_approved=is_approved)
    told = "can speak for" if is_approved else "was refused for"
    flash(f"{row.person.name} {told} {row.organisation.name}. We told them by mail.")
    return see_other(".organisation", slug=row.organisation.slug)


def _choose_signatory(membership_id: int, *, is_signatory: bool) -> ResponseReturnValue:
    row = queries.membership(viewer=me(), membership_id=membership_id)
    operations.choose_signatory(actor=me(), membership=row, is_signatory=is_signatory)
    flash(f"{row.person.name} {'signs' if is_signatory else 'does not sign'} for {row.organisation.name} now.")
    return see_other(".organisation", slug=row.organisation.slug)
