"""Doors of machines: accounts of programs that belong to an organisation or to the site."""

from __future__ import annotations

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import proven, signed_in

from .. import operations, queries, tokens
from ..forms import ClosingForm, MachineForm, TokenForm
from ..scopes import OF_MACHINES, SCOPES
from .room import room
from .tokens import MADE_BEFORE


@room.get("/me/account/machines", permit=signed_in)
def machines() -> ResponseReturnValue:
    """The machines one runs, and the form for a new one."""
    page = queries.machines_page(viewer=me())
    return show("api/machines.html", page=page, form=_form(page, is_new=True))


@room.post("/me/account/machines", permit=proven, limit="30 per hour")
def make_machine() -> ResponseReturnValue:
    """Make an account for a program."""
    page = queries.machines_page(viewer=me())
    form, row = _form(page), None
    if form.validate():
        of = queries.organisation_for_machine(viewer=me(), slug=form.organisation.data or "")
        row = form.accept(operations.make_machine, actor=me(), organisation=of, name=form.name.data or "", key=form.key)
    if row is None:
        return show("api/machines.html", page=page, form=form, status=422)
    flash(f"{row.name} has an account. Make a token for it.")
    return see_other(".machine", machine_id=row.id)


@room.get("/me/account/machines/<int:machine_id>", permit=proven)
def machine(machine_id: int) -> ResponseReturnValue:
    """One machine with its tokens."""
    return _show(queries.machine(viewer=me(), machine_id=machine_id), TokenForm(OF_MACHINES, formdata=None))


@room.post("/me/account/machines/<int:machine_id>/tokens", permit=proven, limit="60 per hour")
def make_machine_token(machine_id: int) -> ResponseReturnValue:
    """Make a token for a machine and show it this once."""
    found, form, token = queries.machine(viewer=me(), machine_id=machine_id), TokenForm(OF_MACHINES), tokens.new()
    given = {"digest": tokens.digest(token, current_app.config["SECRET_KEY"]), "start": tokens.start(token)}
    row, who = None, {"machine": found.person, "membership": found.membership}
    if form.validate():
        row = form.accept(operations.make_machine_token, actor=me(), **who, **given, **form.values())
    if row is None:
        return _show(found, form, 422)
    if row.digest != given["digest"]:
        flash(MADE_BEFORE)
        return see_other(".machine", machine_id=machine_id)
    return show("api/made.html", token=token, row=row, machine=found)


@room.get("/me/account/machines/<int:machine_id>/closing", permit=proven)
def closing(machine_id: int) -> ResponseReturnValue:
    """What it means to close a machine, before it is done."""
    found = queries.machine(viewer=me(), machine_id=machine_id)
    return show("api/closing.html", machine=found, form=ClosingForm(formdata=None))


@room.post("/me/account/machines/<int:machine_id>/closing", permit=proven, limit="30 per hour")
def close_machine(machine_id: int) -> ResponseReturnValue:
    """Close it, with a reason."""
    found, form, row = queries.machine(viewer=me(), machine_id=machine_id), ClosingForm(), None
    if form.validate():
        who = {"machine": found.person, "membership": found.membership}
        row = form.accept(operations.close_machine, actor=me(), **who, reason=form.reason.data, key=form.key)
    if row is None:
        return show("api/closing.html", machine=found, form=form, status=422)
    flash(f"{row.name} is closed. Programs that have its tokens are shut out from now on.")
    return see_other(".machine", machine_id=machine_id)


def _form(page: queries.MachinesPage, *, is_new: bool = False) -> MachineForm:
    given = {"formdata": None} if is_new else {}
    return MachineForm(page.organisations, is_for_site=me().is_administrator, **given)


def _show(found: queries.Machine, form: TokenForm, status: int = 200) -> ResponseReturnValue:
    rows = queries.tokens(viewer=me(), of=found.person)
    return show("api/machine.html", machine=found, form=form, rows=rows, scopes=SCOPES, status=status)
