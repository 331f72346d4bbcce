"""Doors behind mailed links. Opening one only shows a page; the button on it acts, so that mail scanners do not."""

from __future__ import annotations

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.errors import Missing
from consult.core.rules import anyone

from .. import operations, passwords, queries
from ..forms import NewPasswordForm
from ..links import CHANGE, CONFIRM, RESET, Link, read
from ..models import Person
from .room import room


class DeadLink(Missing):
    """A mailed link that is forged, too old or used."""


@room.errorhandler(DeadLink)
def dead_link(error: DeadLink) -> ResponseReturnValue:
    """Says what may have happened and how to get a new link."""
    return show("accounts/dead_link.html", status=404)


@room.get("/email-confirmation/<token>", permit=anyone)
def confirmation(token: str) -> ResponseReturnValue:
    """Confirm an address: the page with the button."""
    link, _person = _opened(CONFIRM, token)
    return show("accounts/confirmation.html", link=link, token=token)


@room.post("/email-confirmation/<token>", permit=anyone)
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address."""
    link, _person = _opened(CONFIRM, token)
    operations.confirm_email(actor=me(), link=link)
    flash("Your e-mail address is confirmed. You can comment now.")
    return see_other(".account") if me().is_authenticated else see_other(".sign_in")


@room.get("/new-password/<token>", permit=anyone)
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password by mailed link."""
    _link, person = _opened(RESET, token)
    return show("accounts/new_password.html", form=NewPasswordForm(formdata=None), person=person, token=token)


@room.post("/new-password/<token>", permit=anyone, limit="30 per hour")
def set_password(token: str) -> ResponseReturnValue:
    """Set it; every sign-in of this account ends."""
    link, person = _opened(RESET, token)
    form = NewPasswordForm.of(person)
    if not form.validate():
        return show("accounts/new_password.html", form=form, person=person, token=token, status=422)
    operations.reset_password(actor=me(), link=link, password_hash=passwords.hash_password(form.password.data))
    flash("Your new password is set, and every browser is signed out. Sign in with it.")
    return see_other(".sign_in")


@room.get("/new-email/<token>", permit=anyone)
def new_email(token: str) -> ResponseReturnValue:
    """Use a new address: the page with the button."""
    link, person = _opened(CHANGE, token)
    return show("accounts/new_email.html", link=link, person=person, token=token)


@room.post("/new-email/<token>", permit=anyone)
def use_new_email(token: str) -> ResponseReturnValue:
    """Use the new address."""
    link, _person = _opened(CHANGE, token)
    operations.change_email(actor=me(), link=link)
    flash(f"Your account now uses {link.email}. We told the old address.")
    return see_other(".account") if me().is_authenticated else see_other(".sign_in")


def _opened(purpose: str, token: str) -> tuple[Link, Person]:
    """A link that still works, and whose it is."""
    link = read(current_app.config["SECRET_KEY"], purpose, token)
    person = queries.person_for_link(link.person_id) if link else None
    if link is None or person is None or not link.fits(person):
        raise DeadLink
    return link, person
