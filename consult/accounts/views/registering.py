"""Doors for making an account and asking for a new password."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue

from consult.core import limits, proof
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in

from .. import operations, passwords, rules
from ..arrivals import Arrival
from ..forms import AddressForm, RegistrationForm
from .room import room

TOO_MANY_MAILS = (
    "We have sent several mails to this address already. Look for them, also among unwanted mail, or try again in"
    " an hour. What you typed is below."
)
MAILS = "5 per hour"
REGISTERING = "register"  # what the calculation is for


@room.get("/register", permit=rules.may_register)
def register() -> ResponseReturnValue:
    """Make an account."""
    return _registering(RegistrationForm(formdata=None))


@room.post("/register", permit=rules.may_register, limit="20 per hour")
def create_account() -> ResponseReturnValue:
    """Make the account; the answer is the same when the address has one."""
    form = RegistrationForm()
    return see_other(".check_mail") if make_account(form) else _registering(form, 422)


def make_account(form: RegistrationForm, arrival: Arrival | None = None) -> bool:
    """Make the account, which an account elsewhere opens, too (`arrival`); False: the form says why not."""
    if form.validate():
        limits.at_most(MAILS, "mail", form.email.data.lower(), TOO_MANY_MAILS)
        form.accept(
            operations.register, actor=me(), name=form.name.data, email=form.email.data,
            password_hash=passwords.hash_password(form.password.data), category=form.category.data,
            country=form.country.data, interest=form.interest.data, arrival=arrival,
            is_unproven=form.is_like_a_program or not proof.is_given(REGISTERING), key=form.key,
        )  # fmt: skip
    return not form.errors


def _registering(form: RegistrationForm, status: int = 200) -> ResponseReturnValue:
    return show("accounts/register.html", form=form, challenge=proof.ask(REGISTERING), arrival=None, status=status)


@room.get("/check-mail", permit=anyone)
def check_mail() -> ResponseReturnValue:
    """A mail is on its way."""
    return show("accounts/check_mail.html")


@room.post("/me/account/confirmation-mail", permit=signed_in, limit="20 per hour")
def send_confirmation() -> ResponseReturnValue:
    """Mail the link that confirms the address once more."""
    limits.at_most(MAILS, "mail", me().email, TOO_MANY_MAILS)
    operations.request_confirmation(actor=me())
    flash(f"We sent the link to {me().email} again. Older links still work.")
    return see_other(".account")


@room.get("/forgotten-password", permit=anyone)
def forgotten_password() -> ResponseReturnValue:
    """Ask for a link to choose a new password."""
    return show("accounts/forgotten_password.html", form=AddressForm(formdata=None))


@room.post("/forgotten-password", permit=anyone, limit="20 per hour")
def request_reset() -> ResponseReturnValue:
    """Mail the link if the address has an account; the answer is the same if it has none."""
    form = AddressForm()
    if form.validate():
        limits.at_most(MAILS, "mail", form.email.data.lower(), TOO_MANY_MAILS)
        form.accept(operations.request_reset, actor=me(), email=form.email.data, key=form.key)
    if form.errors:
        return show("accounts/forgotten_password.html", form=form, status=422)
    return see_other(".check_mail")
