"""Doors of who sent something by mail or on paper, and has an account now."""

from __future__ import annotations

from flask import current_app, flash, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.limits import at_most
from consult.core.rules import anyone, signed_in

from .. import operations, rules
from ..forms import ClaimForm, UnclaimForm
from ..queries import intake
from .room import room

HERE = "/c/<slug>/comments/<number>/claim"
TOO_OFTEN = "You tried ten codes for this comment. Look at your receipt once more, and try again in an hour."


@room.get(HERE, permit=anyone)
def claim_page(slug: str, number: str) -> ResponseReturnValue:
    """Become the author of what one sent; `?code=` is the one of the receipt."""
    return _claim(slug, number, ClaimForm(formdata=None, code=request.args.get("code", "")[:60]))


@room.post(HERE, permit=signed_in, limit="30 per 15 minutes")
def claim(slug: str, number: str) -> ResponseReturnValue:
    """Whoever has the code of the receipt is the author from now on, once."""
    form = ClaimForm()
    entry = intake.claimable(viewer=me(), slug=slug, number=number)
    if not form.validate():
        return _claim(slug, number, form, 422)
    at_most("10 per hour", "claim", (entry.id, me().person_id), TOO_OFTEN)
    given = {"entry": entry, "typed": form.code.data or "", "secret": current_app.config["SECRET_KEY"], "key": form.key}
    if form.accept(operations.claim, actor=me(), **given) is None:
        return _claim(slug, number, form, 422)
    flash("It is yours now. You are told of replies and of the answer, and find it under My comments.")
    return see_other("debate.comment", slug=slug, number=number)


@room.post("/c/<slug>/comments/<number>/unclaiming", permit=signed_in)
def undo_claim(slug: str, number: str) -> ResponseReturnValue:
    """It is not theirs after all: it stands in the name it came with again."""
    form = UnclaimForm()
    entry = intake.claimable(viewer=me(), slug=slug, number=number)
    given = {"entry": entry, "reason": form.reason.data or "", "key": form.key}
    if not form.validate() or form.accept(operations.undo_claim, actor=me(), **given) is None:
        return _claim(slug, number, ClaimForm(formdata=None), 422, form)
    flash("Taken back. It stands in the name it came with again, and the code on its receipt does not work any more.")
    return see_other("debate.comment", slug=slug, number=number)


def _claim(slug: str, number: str, form: ClaimForm, status: int = 200, undoing: UnclaimForm | None = None) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    entry = intake.claimable(viewer=me(), slug=slug, number=number)
    given = {"form": form, "undoing": undoing or UnclaimForm(formdata=None)}
    may = {"may": rules.may_claim(me(), entry), "may_undo": rules.may_undo_claim(me(), entry)}
    return show("moderation/claim.html", header=header, entry=entry, status=status, **given, **may)
