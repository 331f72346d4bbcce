"""Doors for showing once more that it is really you, before what somebody at an open screen must not do."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from consult.core import ids, limits
from consult.core.doors import NotProven, me, see_other, show
from consult.core.failures import kept_fields
from consult.core.rules import signed_in

from .. import operations, queries
from ..forms import PasskeyForm, ProofForm
from .entering import carry_on, who_tries
from .held import Held
from .passkeys import NOT_RIGHT, site
from .room import room

WRONG = "This is not your password."
TOO_OFTEN = "There were many wrong tries. Wait a quarter of an hour and try again. What you typed is below."


@room.app_errorhandler(NotProven)
def ask_again(error: NotProven) -> ResponseReturnValue:
    """A page leads to the question; a form waits behind it, with all that was typed but the secrets."""
    here = request.full_path.rstrip("?")
    if request.method != "POST":
        return see_other("accounts.proof", next=here)
    return show("accounts/proof.html", form=ProofForm(formdata=None), held=Held(here, tuple(kept_fields())), status=403)


@room.get("/me/proof", permit=signed_in)
def proof() -> ResponseReturnValue:
    """Ask for the password; `?next=` says where to go afterwards."""
    return show("accounts/proof.html", form=ProofForm(formdata=None), held=Held.from_request())


@room.post("/me/proof", permit=signed_in, limit="60 per 15 minutes")
def prove() -> ResponseReturnValue:
    """Go on after the password."""
    form, held, token = ProofForm(), Held.from_request(), ids.new_token()
    if form.validate():
        limits.at_most("20 per 15 minutes", "sign-in", who_tries(me().email), TOO_OFTEN)
        known = queries.who_has(me().email, form.password.data)
        form.password.errors = [] if known else [WRONG]
        if known:
            form.accept(operations.prove_again, actor=me(), checked_hash=known.password_hash, token=token)
    if form.errors:
        return show("accounts/proof.html", form=form, held=held, status=422)
    return _go_on(held, token)


@room.post("/me/proof/passkey", permit=signed_in, limit="60 per 15 minutes")
def prove_with_passkey() -> ResponseReturnValue:
    """Go on after a passkey."""
    form, held, token = PasskeyForm(), Held.from_request(), ids.new_token()
    known, person_id = queries.person_for_link(me().person_id or 0), me().person_id or 0
    proof = queries.passkey_shown(site(), person_id, form.passkey_asked.data, form.passkey_answer.data)
    if known is not None and proof is not None:
        form.accept(operations.prove_again, actor=me(), checked_hash=known.password_hash, token=token, proof=proof)
    if proof is None or form.errors:
        again = ProofForm(formdata=None)
        again.form_errors += form.form_errors or [NOT_RIGHT]
        return show("accounts/proof.html", form=again, held=held, status=422)
    return _go_on(held, token)


def _go_on(held: Held, token: str) -> ResponseReturnValue:
    """With the new token to where the question came up, or show what was typed there."""
    carry_on(token)
    if held.is_for_sending:
        return show("accounts/held.html", held=held, is_same_sign_in=True)
    return redirect(held.next, 303) if held.next else see_other(".account")
