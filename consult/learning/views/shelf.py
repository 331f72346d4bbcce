"""Doors for those who keep the shelf: proposals, what stands on it, what was taken off."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.errors import Refused
from consult.core.forms import ActionForm
from consult.core.rules import signed_in
from consult.documents.queries import manage_header

from .. import operations, queries, rules
from ..forms import FileLabelForm, KeptForm, LabelForm, MoveForm, NewFileForm, ReasonForm
from ..models import LANGUAGES, STATES, Resource
from .room import room

SHELF = "/c/<slug>/manage/shelf"
ONE = f"{SHELF}/<int(max=999999999999999):resource_id>"


@room.get(SHELF, permit=signed_in)
def keep_shelf(slug: str) -> ResponseReturnValue:
    """Proposals to decide on, the shelf in its order, what was declined or taken off."""
    header = manage_header(viewer=me(), slug=slug)
    rows = queries.kept(viewer=me(), consultation=header.consultation)
    by_state = {state: [row for row in rows if row.state == state] for state in STATES}
    verdict = rules.may_keep_shelf(me(), header.consultation)
    return show(
        "learning/keep_shelf.html", slug=slug, header=header, by_state=by_state, verdict=verdict, languages=LANGUAGES,
        verdicts={row.id: rules.may_decide(me(), row) for row in by_state["proposed"]}, action=ActionForm(formdata=None),
    )  # fmt: skip


@room.get(f"{SHELF}/new", permit=signed_in)
def new_resource(slug: str) -> ResponseReturnValue:
    """Something to put on the shelf."""
    return _label_page(slug, LabelForm.of(None))


@room.post(SHELF, permit=signed_in)
def add_resource(slug: str) -> ResponseReturnValue:
    """Put it there."""
    header, form = manage_header(viewer=me(), slug=slug), LabelForm()
    row = form.validate() and form.accept(
        operations.add_resource, actor=me(), consultation=header.consultation, label=form.label(), key=form.key
    )
    if not row:
        return _label_page(slug, form, status=422)
    flash("It is on the shelf.")
    return see_other("learning.keep_shelf", slug=slug, sent=form.sheet, _anchor=f"r{row.id}")


@room.get(f"{SHELF}/files/new", permit=signed_in)
def new_file(slug: str) -> ResponseReturnValue:
    """A file to put on the shelf."""
    return _label_page(slug, NewFileForm.of(None))


@room.post(f"{SHELF}/files", permit=signed_in)
def add_file(slug: str) -> ResponseReturnValue:
    """Put it there; nothing is kept of what somebody sends who may not."""
    header, form = manage_header(viewer=me(), slug=slug), NewFileForm()
    may = rules.may_keep_shelf(me(), header.consultation)
    if not may:
        raise Refused(may.reason)
    kept = form.keep() if form.validate() else None
    row = kept and form.accept(
        operations.add_file, actor=me(), consultation=header.consultation, label=form.label(), file=kept, key=form.key
    )
    if not row:
        return _label_page(slug, form, status=422)
    flash("The file is on the shelf.")
    return see_other("learning.keep_shelf", slug=slug, sent=form.sheet, _anchor=f"r{row.id}")


@room.get(ONE, permit=signed_in)
def edit_resource(slug: str, resource_id: int) -> ResponseReturnValue:
    """What is said of something on the shelf."""
    row = _resource(slug, resource_id)
    return _label_page(slug, _form_for(row).of(row), row)


@room.get(f"{ONE}/decision", permit=signed_in)
def decide(slug: str, resource_id: int) -> ResponseReturnValue:
    """A proposal, with the buttons that accept or decline it."""
    return edit_resource(slug, resource_id)


@room.post(ONE, permit=signed_in)
def save_resource(slug: str, resource_id: int) -> ResponseReturnValue:
    """Save what is said of something on the shelf."""
    return _save(slug, resource_id, operations.edit_resource, "It is saved.")


@room.post(f"{ONE}/acceptance", permit=signed_in)
def accept(slug: str, resource_id: int) -> ResponseReturnValue:
    """Put a proposal on the shelf."""
    return _save(slug, resource_id, operations.accept_proposal, "The proposal is on the shelf.")


@room.post(f"{ONE}/refusal", permit=signed_in)
def decline(slug: str, resource_id: int) -> ResponseReturnValue:
    """Decline a proposal, with the reason."""
    row, form = _resource(slug, resource_id), ReasonForm()
    is_done = form.validate() and form.accept(
        operations.decline_proposal, actor=me(), resource=row, reason=form.reason.data
    )
    if not is_done:
        return _label_page(slug, _form_for(row).of(row), row, reason_form=form, status=422)
    flash("The proposal is declined. Whoever made it reads your reason.")
    return see_other("learning.keep_shelf", slug=slug)


@room.get(f"{ONE}/removal", permit=signed_in)
def confirm_taking_off(slug: str, resource_id: int) -> ResponseReturnValue:
    """Ask for the reason before something leaves the shelf."""
    return _removal(slug, _resource(slug, resource_id), ReasonForm(formdata=None))


@room.post(f"{ONE}/removal", permit=signed_in)
def take_off(slug: str, resource_id: int) -> ResponseReturnValue:
    """Take it off."""
    row, form = _resource(slug, resource_id), ReasonForm()
    if not (form.validate() and form.accept(operations.take_off, actor=me(), resource=row, reason=form.reason.data)):
        return _removal(slug, row, form, status=422)
    flash("It is off the shelf. You can put it back below.")
    return see_other("learning.keep_shelf", slug=slug, _anchor="gone")


@room.post(f"{ONE}/return", permit=signed_in)
def put_back(slug: str, resource_id: int) -> ResponseReturnValue:
    """Put something back that was taken off."""
    row, form = _resource(slug, resource_id), ActionForm()
    is_done = form.validate() and form.accept(operations.put_back, actor=me(), resource=row)
    flash("It is back on the shelf." if is_done else " ".join(_sentences(form)) or "Nothing was changed. Try again.")
    return see_other("learning.keep_shelf", slug=slug, _anchor=f"r{resource_id}")


@room.post(f"{ONE}/moves", permit=signed_in)
def move_resource(slug: str, resource_id: int) -> ResponseReturnValue:
    """Put something one place up or down."""
    is_up = MoveForm().direction.data == "up"
    operations.move_resource(actor=me(), resource=_resource(slug, resource_id), is_up=is_up)
    return see_other("learning.keep_shelf", slug=slug, _anchor=f"r{resource_id}")


def _sentences(form: ActionForm) -> list[str]:
    return [str(sentence) for sentence in form.form_errors]


def _resource(slug: str, resource_id: int) -> Resource:
    header = manage_header(viewer=me(), slug=slug)
    return queries.resource(viewer=me(), consultation=header.consultation, resource_id=resource_id)


def _form_for(row: Resource) -> type[LabelForm]:
    return LabelForm if row.file_id is None else FileLabelForm


def _save(slug: str, resource_id: int, operation: Any, told: str) -> ResponseReturnValue:
    row = _resource(slug, resource_id)
    form = _form_for(row)()
    if not (
        form.validate() and form.accept(operation, actor=me(), resource=row, label=form.label(), seen=form.seen_number)
    ):
        row = _resource(slug, resource_id)
        return _label_page(slug, form, row, meanwhile=form.meanwhile(row), status=422)
    flash(told)
    return see_other("learning.keep_shelf", slug=slug, sent=form.sheet, _anchor=f"r{resource_id}")


def _label_page(
    slug: str, form: KeptForm, row: Resource | None = None, *, reason_form: ReasonForm | None = None,
    meanwhile: Any = (), status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    header = manage_header(viewer=me(), slug=slug)
    rule = rules.may_decide if row and row.state == "proposed" else rules.may_change
    verdict = rule(me(), row) if row else rules.may_keep_shelf(me(), header.consultation)
    return show(
        "learning/resource.html", slug=slug, header=header, form=form, row=row, meanwhile=meanwhile, verdict=verdict,
        reason_form=reason_form or ReasonForm(formdata=None), status=status,
    )  # fmt: skip


def _removal(slug: str, row: Resource, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    header = manage_header(viewer=me(), slug=slug)
    return show(
        "learning/taking_off.html", slug=slug, header=header, row=row, form=form, verdict=rules.may_change(me(), row),
        status=status,
    )  # fmt: skip
