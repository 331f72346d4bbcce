"""Doors of one's own data."""

from __future__ import annotations

from flask import flash, send_file
from flask.typing import ResponseReturnValue

from consult.core.doors import Room, me, see_other, show
from consult.core.forms import ActionForm
from consult.core.operations import SubmissionKey
from consult.core.rules import signed_in

from . import operations, packing, queries

room = Room("privacy")


@room.get("/me/data", permit=signed_in)
def data() -> ResponseReturnValue:
    """What one can do with one's own data."""
    return show("privacy/data.html", page=queries.data_page(viewer=me()), form=ActionForm(formdata=None))


@room.post("/me/data/copies", permit=signed_in, limit="20 per hour")
def ask_copy() -> ResponseReturnValue:
    """Have a copy made."""
    operations.ask_copy(actor=me(), key=SubmissionKey(ActionForm().key))
    flash("Your copy is being made. We write to you when it is ready.")
    return see_other(".data")


@room.get("/me/data/copy", permit=signed_in, limit="60 per hour")
def copy() -> ResponseReturnValue:
    """The copy, for whom it is about alone; nothing on the way keeps it."""
    ready = queries.ready_copy(viewer=me())
    name = f"my-data-{ready.ready_at:%Y-%m-%d}.zip"
    answer = send_file(packing.folder() / ready.name, "application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
