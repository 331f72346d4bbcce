"""Letting a browser in: what it shows, the cookies it gets, and where it goes on to."""

from __future__ import annotations

from typing import Any

import flask_login
from flask import Response, after_this_request, current_app, flash, g, redirect, request, session
from flask.typing import ResponseReturnValue

from consult.core import ids
from consult.core.doors import me, see_other, show
from consult.core.forms import Form

from .. import devices, operations
from ..models import Person
from .held import Held
from .room import SignedIn, actor_behind

KNOWN_FOR = 365 * 24 * 60 * 60  # seconds
UNCONFIRMED = "Your e-mail address is not confirmed yet, so you cannot post. The link is in the mail we sent you."


def enter(form: Form, person: Person, held: Held, *, is_long: bool, **shown: Any) -> ResponseReturnValue | None:
    """Start the sign-in and go on to where one wanted to go, or show what was typed there; None: the form says why not.

    `shown`: what start_sign_in takes besides (a proof, a new hash).
    """
    token = ids.new_token()
    started = form.accept(
        operations.start_sign_in, actor=me(), person=person, token=token, checked_hash=person.password_hash,
        is_long=is_long, device=devices.label(request.user_agent.string), is_known=is_known(person.email), **shown,
    )  # fmt: skip
    if started is None:
        return None
    _take_cookie(token, is_long=is_long)
    _know_this_browser(person.email)
    if held.next and not me().is_verified:
        flash(UNCONFIRMED)
    if held.is_for_sending:
        return show("accounts/held.html", held=held, is_same_sign_in=False)
    return redirect(held.next, 303) if held.next else see_other(".account")


def is_known(email: str) -> bool:
    """Whether this account signed in on this browser before."""
    return devices.knows(secret_key(), request.cookies.get(_device_cookie(), ""), email)


def who_tries(email: str) -> str:
    """What tries count against: strangers who guess do not lock out a browser that this account knows."""
    return f"{email} {request.cookies[_device_cookie()]}" if is_known(email) else email


def secret_key() -> str:
    """What seals and signs here."""
    key: str = current_app.config["SECRET_KEY"]
    return key


def forget_cookie() -> None:
    """Nothing of this session stays in the browser."""
    session.clear()
    g.pop("csrf_token", None)  # the token of the page we show now must belong to the new session
    g.pop("actor", None)


def _take_cookie(token: str, *, is_long: bool) -> None:
    """A new session for a new sign-in: nothing that was in the browser before stays in it."""
    forget_cookie()
    session.permanent = is_long
    carry_on(token)


def carry_on(token: str) -> None:
    """Be known by a new token from now on; what the session holds besides stays."""
    user = SignedIn(token, actor_behind(token))
    flask_login.login_user(user)
    g.actor = user.actor


def _know_this_browser(email: str) -> None:
    """Keep for a year that this account signed in here: its next sign-in here is no news."""
    name = _device_cookie()
    value = devices.remember(secret_key(), request.cookies.get(name, ""), email)
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(name, value, max_age=KNOWN_FOR, secure=is_secure, httponly=True, samesite="Lax")
        return response


def _device_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"
