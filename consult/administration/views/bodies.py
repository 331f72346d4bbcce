"""Organisations, and consultations with their roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from consult.accounts import operations as accounts
from consult.accounts.models import Organisation
from consult.consultations.states import STATE_WORDS
from consult.core.doors import me, see_other, show
from consult.core.errors import Missing
from consult.core.forms import Form
from consult.core.rules import administrators

from .. import operations, queries
from ..forms import AppointmentForm, DescriptionForm, ReasonForm, VerificationForm
from ..queries.bodies import ORGANISATIONS
from ..rules import proven_administrators
from .room import asked, page_of_list, room

SAID = ("name", "category", "country", "size", "register_number", "note")


@room.get("/administration/organisations", permit=administrators)
def organisations() -> ResponseReturnValue:
    """Every organisation."""
    wanted, (after, before) = asked(), page_of_list()
    listing = queries.organisations(viewer=me(), text=wanted.q, shown=wanted.show, after=after, before=before)
    return show("administration/organisations.html", listing=listing, asked=wanted, filters=ORGANISATIONS)


@room.get("/administration/organisations/<slug>", permit=administrators)
def organisation(slug: str) -> ResponseReturnValue:
    """One organisation: what to look at before it is verified, and what can be done."""
    page = queries.organisation_page(viewer=me(), slug=slug)
    row = page.organisation
    form = ReasonForm(formdata=None) if row.is_verified else VerificationForm(row, formdata=None)
    return show("administration/organisation.html", page=page, form=form)


@room.post("/administration/organisations/<slug>/verification", permit=proven_administrators, limit="200 per hour")
def verify(slug: str) -> ResponseReturnValue:
    """Say that it is what it says."""
    form = VerificationForm(queries.organisation(viewer=me(), slug=slug))
    told = "It is shown as verified now, with what you saw."
    return _with_reason(slug, form, accounts.verify_organisation, told, grounds=form.grounds.data or ())


@room.post(
    "/administration/organisations/<slug>/verification/ending", permit=proven_administrators, limit="200 per hour"
)
def unverify(slug: str) -> ResponseReturnValue:
    """Take that back."""
    return _with_reason(slug, ReasonForm(), accounts.unverify_organisation, "It is not shown as verified any more.")


def _with_reason(slug: str, form: Form, act: Callable[..., Any], told: str, **more: Any) -> ResponseReturnValue:
    page = queries.organisation_page(viewer=me(), slug=slug)
    if form.validate():
        form.accept(act, actor=me(), organisation=page.organisation, reason=form["reason"].data, **more)
    if form.errors:
        return show("administration/organisation.html", page=page, form=form, status=422)
    flash(told)
    return see_other(".organisation", slug=slug)


@room.get("/administration/organisations/<slug>/description", permit=administrators)
def description(slug: str) -> ResponseReturnValue:
    """What is said of it, to be corrected."""
    row = queries.organisation(viewer=me(), slug=slug)
    return show("administration/description.html", row=row, form=DescriptionForm(formdata=None, data=_said(row)))


@room.post("/administration/organisations/<slug>/description", permit=proven_administrators, limit="200 per hour")
def describe(slug: str) -> ResponseReturnValue:
    """Correct it."""
    row, form = queries.organisation(viewer=me(), slug=slug), DescriptionForm()
    if form.validate():
        said = {name: form[name].data for name in (*SAID, "reason")}
        form.accept(accounts.describe_organisation, actor=me(), organisation=row, **said)
    if form.errors:
        return show("administration/description.html", row=row, form=form, status=422)
    flash("Corrected.")
    return see_other(".organisation", slug=slug)


def _said(row: Organisation) -> dict[str, str]:
    return {name: getattr(row, name) for name in SAID}


@room.get("/administration/consultations", permit=administrators)
def consultations() -> ResponseReturnValue:
    """Every consultation in any state, with who runs it."""
    wanted, (after, before) = asked(), page_of_list()
    listing = queries.consultations(viewer=me(), text=wanted.q, shown=wanted.show, after=after, before=before)
    led = queries.organisers(viewer=me(), consultations=[row.id for row in listing.rows])
    filters = {"orphaned": "Without an organiser", **STATE_WORDS}
    return show(
        "administration/consultations.html", listing=listing, led=led, asked=wanted, filters=filters, states=STATE_WORDS
    )


@room.get("/administration/consultations/<slug>", permit=administrators)
def consultation(slug: str) -> ResponseReturnValue:
    """Everybody with a role on it, and a form to give one."""
    page = queries.consultation_page(viewer=me(), slug=slug)
    return show("administration/consultation.html", page=page, form=AppointmentForm(formdata=None), states=STATE_WORDS)


@room.post("/administration/consultations/<slug>/roles", permit=proven_administrators, limit="200 per hour")
def appoint(slug: str) -> ResponseReturnValue:
    """Give somebody a role on it."""
    page, form = queries.consultation_page(viewer=me(), slug=slug), AppointmentForm()
    person = _whom(form) if form.validate() else None
    if person is not None:
        form.accept(
            operations.appoint, actor=me(), consultation_id=page.consultation.id, person=person, role=form.role.data,
            reason=form.reason.data,
        )  # fmt: skip
    if form.errors:
        return show("administration/consultation.html", page=page, form=form, states=STATE_WORDS, status=422)
    flash("The role is given.")
    return see_other(".consultation", slug=slug)


def _whom(form: AppointmentForm):  # type: ignore[no-untyped-def]
    try:
        return queries.person_with(viewer=me(), email=form.email.data or "")
    except Missing as nobody:
        form.blame(nobody)
        return None


@room.get("/administration/consultations/<slug>/roles/<int:person_id>/<role>/ending", permit=administrators)
def dismissal(slug: str, person_id: int, role: str) -> ResponseReturnValue:
    """What taking a role back means."""
    return _dismissal(slug, person_id, role, ReasonForm(formdata=None))


@room.post(
    "/administration/consultations/<slug>/roles/<int:person_id>/<role>/ending",
    permit=proven_administrators,
    limit="200 per hour",
)
def dismiss(slug: str, person_id: int, role: str) -> ResponseReturnValue:
    """Take it back."""
    page, form = queries.consultation_page(viewer=me(), slug=slug), ReasonForm()
    if form.validate():
        form.accept(
            operations.dismiss, actor=me(), consultation_id=page.consultation.id, person_id=person_id, role=role,
            reason=form.reason.data,
        )  # fmt: skip
    if form.errors:
        return _dismissal(slug, person_id, role, form, 422)
    flash("The role is taken back.")
    return see_other(".consultation", slug=slug)


def _dismissal(slug: str, person_id: int, role: str, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    page = queries.consultation_page(viewer=me(), slug=slug)
    held = [grant for grant in page.grants if grant.person_id == person_id and grant.role == role]
    if not held:
        raise Missing("This person does not have that role.")
    return show("administration/dismissal.html", page=page, grant=held[0], form=form, status=status)
