"""The guided form that opens a consultation: one page a question, each saved, in any order, as often as one likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.accounts import queries as accounts
from consult.core.doors import me, see_other, show
from consult.core.errors import Missing
from consult.core.forms import ActionForm, Form
from consult.core.rules import VISITOR, proven, signed_in
from consult.debate.queries import spoken_for
from consult.documents import queries as documents

from .. import operations, queries
from ..forms import STAGE_FORMS, GuestForm, InvitationForm, NewForm
from ..queries import Opening
from ..readiness import STAGES
from ..rules import may_begin_consultation
from .public import overview_of
from .room import room

SAVE: dict[str, Callable[..., Any]] = {
    "words": operations.describe,
    "bodies": operations.name_bodies,
    "questions": operations.ask,
    "positions": operations.define_positions,
    "dates": operations.set_dates,
    "access": operations.choose_access,
    "looks": operations.choose_looks,
}
OTHER_FORMS: dict[str, type[Form]] = {"people": InvitationForm, "check": ActionForm, "draft": ActionForm}


@room.get("/consultations/new", permit=signed_in)
def new() -> ResponseReturnValue:
    """Begin: what should it be called?"""
    return show("consultations/new.html", form=NewForm(), verdict=may_begin_consultation(me()))


@room.post("/consultations/new", permit=signed_in)
def begin() -> ResponseReturnValue:
    """Begin a draft, and go on to its first page."""
    form = NewForm()
    row = form.validate() and form.accept(
        operations.begin_consultation, actor=me(), title=form.title.data, key=form.key
    )
    if not row:
        return show("consultations/new.html", form=form, verdict=may_begin_consultation(me()), status=422)
    flash("Saved as a draft. Only you can see it, and you can come back to it at any time.")
    return see_other("consultations.settle", slug=row.slug, stage="words")


@room.get("/c/<slug>/manage/settings/<stage>", permit=signed_in)
def settle(slug: str, stage: str) -> ResponseReturnValue:
    """One page of the guided form."""
    page = queries.opening(viewer=me(), slug=slug, stage=stage)
    form = STAGE_FORMS[stage].of(page) if stage in STAGE_FORMS else OTHER_FORMS[stage]()
    return _show_stage(page, form)


@room.post("/c/<slug>/manage/settings/<stage>", permit=signed_in)
def save_settings(slug: str, stage: str) -> ResponseReturnValue:
    """Save one page, and go on to the next or back to the home of this consultation."""
    page = queries.opening(viewer=me(), slug=slug, stage=stage)
    if stage not in STAGE_FORMS:
        raise Missing
    form = STAGE_FORMS[stage]()
    if not (form.validate() and form.accept(SAVE[stage], actor=me(), consultation=page.row, **form.values())):
        page = queries.opening(viewer=me(), slug=slug, stage=stage)
        return _show_stage(page, form, meanwhile=form.meanwhile(page), status=422)
    flash("Saved.")
    if request.form.get("then") == "stop":
        return see_other("consultations.manage", slug=slug, sent=form.sheet)
    return see_other("consultations.settle", slug=slug, stage=page.next_stage, sent=form.sheet)


@room.get("/c/<slug>/manage/preview", permit=signed_in)
def preview(slug: str) -> ResponseReturnValue:
    """The first page of it as a stranger will see it, or who is invited where it is private."""
    page = queries.manage(viewer=me(), slug=slug)
    return show("consultations/overview.html", **overview_of(queries.header_of(page.row, viewer=VISITOR), VISITOR))


@room.post("/c/<slug>/manage/announcement", permit=signed_in)
def announce(slug: str) -> ResponseReturnValue:
    """Make it public; what is missing is said on the page one came from."""
    page = queries.opening(viewer=me(), slug=slug, stage="check")
    form = ActionForm()
    if not (form.validate() and form.accept(operations.announce, actor=me(), consultation=page.row, key=form.key)):
        return _show_stage(queries.opening(viewer=me(), slug=slug, stage="check"), form, status=422)
    flash(f"It is announced, and {page.row.readers} can see it. It opens by itself at the announced time.")
    return see_other("consultations.manage", slug=slug)


@room.post("/c/<slug>/manage/people", permit=proven, limit="60 per hour")
def invite(slug: str) -> ResponseReturnValue:
    """Invite somebody to a role."""
    page = queries.opening(viewer=me(), slug=slug, stage="people")
    form = InvitationForm()
    if not (
        form.validate()
        and form.accept(
            operations.invite,
            actor=me(),
            consultation=page.row,
            email=form.email.data,
            role=form.role.data,
            key=form.key,
        )
    ):
        return _show_stage(queries.opening(viewer=me(), slug=slug, stage="people"), form, status=422)
    flash(f"Invited {form.email.data}. The role begins when they accept; the invitation is good for 14 days.")
    return see_other("consultations.settle", slug=slug, stage="people")


@room.post("/c/<slug>/manage/people/<int:person_id>/<role>/end", permit=proven)
def dismiss(slug: str, person_id: int, role: str) -> ResponseReturnValue:
    """Take a role away."""
    page = queries.opening(viewer=me(), slug=slug, stage="people")
    form = ActionForm()
    if not (
        form.validate()
        and form.accept(operations.dismiss, actor=me(), consultation=page.row, person_id=person_id, role=role)
    ):
        flash(" ".join(form.form_errors) or "Nothing was changed. Try again.")
    return see_other("consultations.settle", slug=slug, stage="people")


@room.post("/c/<slug>/manage/organisations", permit=proven, limit="60 per hour")
def invite_organisation(slug: str) -> ResponseReturnValue:
    """Invite an organisation to take part."""
    page, form = queries.opening(viewer=me(), slug=slug, stage="people"), GuestForm()
    if not (
        form.validate()
        and form.accept(
            operations.invite_organisation, actor=me(), consultation=page.row, organisation=form.found, key=form.key
        )
    ):  # fmt: skip
        return _show_stage(page, InvitationForm(formdata=None), guests=form, status=422)
    flash(f"{form.name.data} is invited: its members can take part from now on.")
    return see_other("consultations.settle", slug=slug, stage="people")


@room.post("/c/<slug>/manage/organisations/<int:organisation_id>/end", permit=proven)
def dismiss_organisation(slug: str, organisation_id: int) -> ResponseReturnValue:
    """Take the invitation of an organisation back."""
    page = queries.opening(viewer=me(), slug=slug, stage="people")
    operations.dismiss_organisation(actor=me(), consultation=page.row, organisation_id=organisation_id)
    flash("Taken back. Its members cannot take part any more; what they wrote stays.")
    return see_other("consultations.settle", slug=slug, stage="people")


def _show_stage(
    page: Opening, form: Form, *, meanwhile: Any = (), guests: GuestForm | None = None, status: int = 200
) -> ResponseReturnValue:
    versions = documents.versions(viewer=me(), consultation_id=page.row.id)
    checks, staff = page.checks(has_draft=bool(versions)), {grant.person_id for grant in page.staff}
    with_guests = page.stage == "people" and page.row.access != "public"
    organisations = accounts.guests(viewer=me(), consultation_id=page.row.id) if with_guests else ()
    return show(
        f"consultations/opening/{page.stage}.html", page=page, form=form, action=ActionForm(), meanwhile=meanwhile,
        guests=guests or GuestForm(formdata=None), organisations=organisations, with_guests=with_guests,
        versions=versions, invited=accounts.invitations_to_roles(viewer=me(), consultation_id=page.row.id),
        conflicts=spoken_for(viewer=me(), people=staff, consultations={page.row.id}), checks=checks, stages=STAGES, done={c.stage for c in checks if c.is_done}, status=status,
    )  # fmt: skip
