"""Doors for signing in and out."""

from __future__ import annotations

import flask_login
from flask import Response, after_this_request, current_app, flash, g, redirect, request, session
from flask.typing import ResponseReturnValue

from consult.core import ids, limits
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in

from .. import devices, operations, passwords, queries
from ..forms import SignInForm
from ..models import Person
from .held import Held
from .room import SignedIn, room

WRONG = "This address and this password do not belong together. Check both, or choose a new password."
TOO_OFTEN = (
    "There were many wrong tries for this account. Wait a quarter of an hour and try again, or choose a new password."
    " What you typed is below."
)
KNOWN_FOR = 365 * 24 * 60 * 60
UNCONFIRMED = "Your e-mail address is not confirmed yet, so you cannot post. The link is in the mail we sent you."


@room.get("/sign-in", permit=anyone)
def sign_in() -> ResponseReturnValue:
    """The sign-in page; `?next=` says where to go afterwards."""
    held = Held.from_request()
    if me().is_authenticated:
        return redirect(held.next, 303) if held.next else see_other(".account")
    return show("accounts/sign_in.html", form=SignInForm(formdata=None), held=held)


@room.post("/sign-in", permit=anyone, limit="60 per 15 minutes")
def start_session() -> ResponseReturnValue:
    """Sign in, then go on to where one wanted to go, or show what was typed there."""
    form, held = SignInForm(), Held.from_request()
    person, token = _person_behind(form), ids.new_token()
    if person is None or not _is_started(form, person, token):
        return show("accounts/sign_in.html", form=form, held=held, status=422)
    _take_cookie(token, is_long=form.stay.data)
    _know_this_browser(person.email)
    if held.next and not me().is_verified:
        flash(UNCONFIRMED)
    if held.is_for_sending:
        return show("accounts/held.html", held=held)
    return redirect(held.next, 303) if held.next else see_other(".account")


@room.post("/sign-out", permit=signed_in)
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    row = queries.sign_in(viewer=me(), sign_in_id=me().sign_in_id or 0)
    operations.end_sign_in(actor=me(), sign_in=row)
    _forget_cookie()
    flash("You are signed out.")
    return see_other("lobby.home")


def _person_behind(form: SignInForm) -> Person | None:
    """Whose address and password were typed; every wrong pair gets the same sentence at the same place."""
    if not form.validate():
        return None
    limits.at_most("20 per 15 minutes", "sign-in", _who_tries(form.email.data.lower()), TOO_OFTEN)
    person = queries.who_has(form.email.data, form.password.data)
    if person is None:
        form.password.errors = [WRONG]
    return person


def _who_tries(email: str) -> str:
    """What tries count against: strangers who guess do not lock out a browser that this account knows."""
    return f"{email} {request.cookies[_device_cookie()]}" if _is_known(email) else email


def _is_started(form: SignInForm, person: Person, token: str) -> bool:
    """Start the sign-in; a hash made with old parameters is made anew, outside of the transaction."""
    outdated = passwords.is_outdated(person.password_hash)
    started = form.accept(
        operations.start_sign_in, actor=me(), person=person, token=token, checked_hash=person.password_hash,
        is_long=form.stay.data, new_hash=passwords.hash_password(form.password.data) if outdated else "",
        device=devices.label(request.user_agent.string), is_known=_is_known(person.email),
    )  # fmt: skip
    return started is not None


def _is_known(email: str) -> bool:
    """Whether this account signed in on this browser before."""
    return devices.knows(current_app.config["SECRET_KEY"], request.cookies.get(_device_cookie(), ""), email)


def _know_this_browser(email: str) -> None:
    """Keep for a year that this account signed in here: its next sign-in here is no news."""
    name, secret = _device_cookie(), current_app.config["SECRET_KEY"]
    value = devices.remember(secret, request.cookies.get(name, ""), email)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            name,
            value,
            max_age=KNOWN_FOR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _device_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _take_cookie(token: str, *, is_long: bool) -> None:
    """A new session for a new sign-in: nothing that was in the browser before stays in it."""
    _forget_cookie()
    session.permanent = is_long
    user = SignedIn(token, queries.actor_for_token(token))
    flask_login.login_user(user)
    g.actor = user.actor


def _forget_cookie() -> None:
    session.clear()
    g.pop("csrf_token", None)  # the token of the page we show now must belong to the new session
    g.pop("actor", None)
