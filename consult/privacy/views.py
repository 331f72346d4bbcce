"""Doors of one's own data."""

from __future__ import annotations

from flask import flash, send_file
from flask.typing import ResponseReturnValue

from consult.accounts import queries as accounts
from consult.core import limits
from consult.core.doors import Room, me, see_other, show
from consult.core.forms import ActionForm
from consult.core.operations import SubmissionKey
from consult.core.rules import signed_in

from . import operations, packing, queries
from .forms import ErasureForm

room = Room("privacy")
TOO_OFTEN = "There were many wrong tries. Wait a quarter of an hour and try again."


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
    answer = send_file(packing.opened(ready.name), "application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@room.get("/me/data/erasure", permit=signed_in)
def erasure() -> ResponseReturnValue:
    """What would go, what would stay and why, before anything is done."""
    return show("privacy/erasure.html", page=queries.erasure_page(viewer=me()), form=ErasureForm(formdata=None))


@room.post("/me/data/erasure", permit=signed_in, limit="20 per hour")
def ask_erasure() -> ResponseReturnValue:
    """Have oneself erased in a week."""
    form = ErasureForm()
    known = _checked_hash(form)
    if known:
        form.accept(
            operations.ask_erasure, actor=me(), checked_hash=known, words_go=form.words.data == "go", key=form.key
        )
    if form.errors:
        return show("privacy/erasure.html", page=queries.erasure_page(viewer=me()), form=form, status=422)
    flash("You will be erased in a week. Until then you can take it back here.")
    return see_other(".data")


@room.post("/me/data/erasure/ending", permit=signed_in)
def take_back_erasure() -> ResponseReturnValue:
    """Stay."""
    operations.take_back_erasure(actor=me())
    flash("Taken back. Nothing was erased.")
    return see_other(".data")


def _checked_hash(form: ErasureForm) -> str:
    """The stored hash when the form is well filled in and the password is right."""
    if not form.validate():
        return ""
    limits.at_most("20 per 15 minutes", "sign-in", me().email, TOO_OFTEN)
    known = accounts.who_has(me().email, form.current_password.data)
    if known is None:
        form.current_password.errors = ["This is not your password."]
    return known.password_hash if known else ""
