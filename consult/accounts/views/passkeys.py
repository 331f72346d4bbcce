"""Doors of passkeys: adding and removing them, and going in with one."""

from __future__ import annotations

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, proven

from .. import operations, queries
from ..forms import NewPasskeyForm, PasskeyEntryForm, PasskeyForm, SignInForm
from ..passkeys import ENTER, STEP, Question, Site
from .entering import enter, secret_key
from .factors import codes_of, digests, show_codes
from .held import Held
from .room import room

NOT_RIGHT = "That did not work. The page may have been open for too long, or this passkey is not known here. Try again."


def site() -> Site:
    """This site as browsers and keys know it: by the public address in the settings."""
    settings = current_app.extensions["consult.settings"]
    return Site(settings.public_url, settings.site_name, secret_key())


@room.app_template_global()
def passkey_to_enter() -> Question | None:
    """For the sign-in page: what any passkey for this site may answer; None where there can be none."""
    return site().ask(ENTER) if site().is_possible else None


@room.app_template_global()
def passkey_to_prove(person_id: int) -> Question | None:
    """What one of this person's passkeys may answer; None when she has none."""
    present = queries.credentials_of(person_id) if site().is_possible else []
    return site().ask(STEP, person_id, present) if present else None


@room.post("/sign-in/passkey", permit=anyone, limit="60 per 15 minutes")
def enter_with_passkey() -> ResponseReturnValue:
    """Sign in with a passkey alone: the device has made sure who holds it."""
    form, held = PasskeyEntryForm(), Held.from_request()
    found, answer = queries.who_answered(site(), form.passkey_asked.data, form.passkey_answer.data), None
    if found is not None:
        answer = enter(form, found[0], held, is_long=form.stay.data == "y", proof=found[1])
    if answer is not None:
        return answer
    first = SignInForm(formdata=None)
    first.form_errors += form.form_errors or [NOT_RIGHT]
    return show("accounts/sign_in.html", form=first, held=held, status=422)


@room.get("/me/account/passkeys/new", permit=proven)
def new_passkey() -> ResponseReturnValue:
    """Add a passkey."""
    return _show_new(NewPasskeyForm(formdata=None))


@room.post("/me/account/passkeys/new", permit=proven, limit="60 per hour")
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser made; then the recovery codes are shown."""
    form = NewPasskeyForm()
    made = site().added(me().person_id or 0, form.passkey_asked.data, form.passkey_answer.data)
    if made is None:
        form.form_errors.append(NOT_RIGHT)
        return _show_new(form, status=422)
    codes = codes_of(form)
    form.accept(
        operations.add_passkey, actor=me(), name=form.name.data, made=made, recovery=digests(codes), key=form.key
    )
    if form.errors:
        return _show_new(form, status=422)
    flash("Your passkey is added. You can sign in with it now.")
    return show_codes(codes)


@room.post("/me/account/passkeys/<int:passkey_id>/removal", permit=proven)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Let a passkey open this account no more."""
    operations.remove_passkey(actor=me(), passkey=queries.passkey(viewer=me(), passkey_id=passkey_id))
    flash("The passkey is removed. Remove it on your device, too.")
    return see_other(".account")


def _show_new(form: PasskeyForm, status: int = 200) -> ResponseReturnValue:
    person_id = me().person_id or 0
    question = None
    if site().is_possible:
        question = site().ask_to_add(person_id, me().email, me().name, queries.credentials_of(person_id))
    return show("accounts/new_passkey.html", status=status, form=form, question=question)
