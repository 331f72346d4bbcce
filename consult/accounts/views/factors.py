"""Doors of what is asked after the password: an app for codes, and recovery codes."""

from __future__ import annotations

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from consult.core import limits
from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm, Form
from consult.core.operations import SubmissionKey
from consult.core.rules import proven

from .. import factors, operations, queries
from ..forms import AuthenticatorForm
from ..operations.factors import WRONG
from .entering import secret_key
from .room import room

TOO_MANY = "There were many wrong codes. Wait a quarter of an hour and try again."
TOO_OLD = "The key was shown some time ago, so here is a new one. Remove the old one from your app."


@room.get("/me/account/authenticator", permit=proven)
def authenticator() -> ResponseReturnValue:
    """Set up an app for codes: a new key as a picture and as text."""
    return _show_key(AuthenticatorForm(formdata=None))


@room.post("/me/account/authenticator", permit=proven, limit="60 per 15 minutes")
def set_up_authenticator() -> ResponseReturnValue:
    """Ask for codes of this app from now on; then the recovery codes are shown."""
    form = AuthenticatorForm()
    limits.at_most("20 per 15 minutes", "authenticator", me().person_id, TOO_MANY)
    code = factors.app_code(_key_of(form), form.app_code.data)
    if code is None:
        form.app_code.errors = [WRONG]
        return _show_key(form, status=422)
    codes, key = codes_of(form), form.key
    form.accept(operations.set_up_authenticator, actor=me(), sealed=form.sealed.data, code=code,
                recovery=digests(codes), key=key)  # fmt: skip
    if form.errors:
        return _show_key(form, status=422)
    flash("From now on you are asked for a code of this app when you sign in.")
    return show_codes(codes)


@room.post("/me/account/authenticator/removal", permit=proven)
def remove_authenticator() -> ResponseReturnValue:
    """Ask for codes of the app no more."""
    operations.remove_authenticator(actor=me())
    flash("The app is removed. You are not asked for its codes any more.")
    return see_other(".account")


@room.get("/me/account/recovery-codes", permit=proven)
def recovery_codes() -> ResponseReturnValue:
    """How many are left, and a button that makes new ones."""
    return show("accounts/recovery_codes.html", form=ActionForm(formdata=None), factors=queries.factors(viewer=me()))


@room.post("/me/account/recovery-codes", permit=proven, limit="20 per hour")
def renew_recovery_codes() -> ResponseReturnValue:
    """Make new ones and show them this once."""
    form = ActionForm()
    codes = codes_of(form)
    operations.renew_recovery_codes(actor=me(), recovery=digests(codes), key=SubmissionKey(form.key))
    return show_codes(codes)


def _key_of(form: AuthenticatorForm) -> str:
    return factors.unseal(secret_key(), me().person_id or 0, form.sealed.data or "", minutes=factors.MINUTES_TO_SET_UP)


def _show_key(form: AuthenticatorForm, status: int = 200) -> ResponseReturnValue:
    """The key in the form, or a new one when it has none that is of use."""
    secret = _key_of(form)
    if not secret:
        secret = factors.new_secret()
        form.app_code.errors = [TOO_OLD] if form.is_submitted() else []
        form.sealed.data = factors.seal(secret_key(), me().person_id or 0, secret)
    address = factors.app_address(secret, me().email, current_app.extensions["consult.settings"].site_name)
    side, path = factors.picture(address)
    return show(
        "accounts/authenticator.html", status=status, form=form, secret=secret, address=address, side=side, path=path
    )


def show_codes(codes: list[str]) -> ResponseReturnValue:
    """The codes, when they are those that count; somebody who had some before keeps them."""
    if not queries.holds_code(viewer=me(), digest=digests(codes)[0]):
        return see_other(".account")
    return show("accounts/new_codes.html", codes=codes)


def codes_of(form: Form) -> list[str]:
    """The recovery codes that belong to this form as it was served."""
    return factors.recovery_codes(secret_key(), me().person_id or 0, form.sheet)


def digests(codes: list[str]) -> list[str]:
    """What is stored of them."""
    """What is stored of them."""
    return [factors.recovery_proof(code).digest for code in codes]
