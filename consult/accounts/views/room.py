"""The room, and who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import current_app, request
from flask_login import UserMixin
from sqlalchemy.exc import DBAPIError

from consult.core import clock
from consult.core.doors import Room
from consult.core.rules import Actor

from .. import operations, queries, rules
from ..countries import COUNTRIES
from ..forms import SIZE_CHOICES
from ..models import CATEGORIES

room = Room("accounts")
WAYS_IN = {
    f"accounts.{name}"
    for name in (
        "sign_in",
        "register",
        "check_mail",
        "forgotten_password",
        "confirmation",
        "new_password",
        "new_email",
        "come_back",
        "arrived",
    )
}


@room.app_context_processor
def about_the_way_back() -> dict[str, Callable[[], str | None]]:
    """`way_back()` for templates: where one comes back to after signing in; none on the way in, and after sending."""
    return {"way_back": _here}


def _here() -> str | None:
    is_page = request.method == "GET" and request.endpoint and request.endpoint not in WAYS_IN
    return request.full_path.rstrip("?") if is_page else None


@room.app_template_filter("category")
def category_name(key: str) -> str:
    """An interest category in words."""
    return CATEGORIES.get(key, key)


@room.app_template_filter("country")
def country_name(code: str) -> str:
    """A country by its ISO code; empty when it was not said."""
    return COUNTRIES.get(code, code)


@room.app_template_filter("organisation_size")
def size_name(key: str) -> str:
    """The size of an organisation in words."""
    return dict(SIZE_CHOICES).get(key, key)


class SignedIn(UserMixin):
    """What flask-login carries: the sign-in token, and the actor it stands for."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def actor_behind(token: str) -> Actor:
    """Who holds this sign-in token; roles that wait for a second factor are not there yet."""
    wanted = current_app.extensions["consult.settings"].second_factor_for_staff
    return rules.with_second_factor(queries.actor_for_token(token), wanted)


def load_signed_in(token: str) -> SignedIn | None:
    """flask-login's user loader: the token from the cookie to the actor behind it. Once a day it keeps the day."""
    actor = actor_behind(token)
    if actor.is_authenticated and actor.seen_on != clock.day_in("UTC"):
        with suppress(DBAPIError):  # a database that takes no writing just now still shows its pages
            operations.note_seen(actor=actor)
    return SignedIn(token, actor) if actor.is_authenticated else None
