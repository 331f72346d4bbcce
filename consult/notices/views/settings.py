"""Doors of how one wants to be told."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import GUEST, signed_in

from .. import operations, queries
from ..forms import WishesForm
from .room import room


@room.get("/me/inbox/settings", permit=signed_in)
def settings() -> ResponseReturnValue:
    """For each kind: on the site only, by mail at once, or gathered."""
    form = WishesForm.of(queries.wishes(viewer=me()), roles=_roles())
    return show("notices/settings.html", form=form)


@room.post("/me/inbox/settings", permit=signed_in)
def save_settings() -> ResponseReturnValue:
    """Keep what was chosen."""
    form = WishesForm.of(queries.wishes(viewer=me()), roles=_roles(), sent=request.form)
    if form.validate():
        form.accept(operations.set_wishes, actor=me(), modes=form.modes)
    if form.errors:
        return show("notices/settings.html", form=form, status=422)
    flash("Kept. From now on you are told this way; everything is in your inbox as well.")
    return see_other(".settings")


def _roles() -> set[str]:
    return {role for _, role in me().roles if role != GUEST}  # who only takes part has no work here
