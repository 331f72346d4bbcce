"""Doors of one's own access tokens, in one's account."""

from __future__ import annotations

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import proven, signed_in

from .. import operations, queries, tokens
from ..forms import TokenForm
from ..scopes import SCOPES
from .room import room

MADE_BEFORE = (
    "This token was made already, and it is shown only once. If you have not kept it, revoke it and make another."
)


@room.get("/me/account/tokens", permit=proven)
def tokens_page() -> ResponseReturnValue:
    """One's tokens, and the form for a new one."""
    return _show(TokenForm(_offered(), formdata=None))


@room.post("/me/account/tokens", permit=proven, limit="60 per hour")
def make_token() -> ResponseReturnValue:
    """Make a token and show it this once."""
    form, token = TokenForm(_offered()), tokens.new()
    mark = tokens.digest(token, current_app.config["SECRET_KEY"])
    row = None
    if form.validate():
        row = form.accept(operations.make_token, actor=me(), digest=mark, start=tokens.start(token), **form.values())
    if row is None:
        return _show(form, 422)
    if row.digest != mark:
        flash(MADE_BEFORE)
        return see_other(".tokens_page")
    return show("api/made.html", token=token, row=row, machine=None)


@room.post("/me/account/tokens/<int:token_id>/ending", permit=signed_in)
def revoke_token(token_id: int) -> ResponseReturnValue:
    """End a token at once."""
    row = queries.token(viewer=me(), token_id=token_id)
    operations.revoke_token(actor=me(), token=row)
    flash(f"“{row.name}” is revoked. Programs that have it are shut out from now on.")
    return see_other(".machine", machine_id=row.person_id) if row.person.is_machine else see_other(".tokens_page")


def _offered() -> list[str]:
    """Scopes for which she can make tokens: `moderate` only with a role."""
    has_role = me().is_administrator or bool(me().roles)
    return [name for name in SCOPES if name != "moderate" or has_role]


def _show(form: TokenForm, status: int = 200) -> ResponseReturnValue:
    return show("api/tokens.html", form=form, rows=queries.tokens(viewer=me()), scopes=SCOPES, status=status)
