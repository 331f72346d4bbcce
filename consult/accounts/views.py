"""Doors of the accounts room."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import UserMixin

from consult.core.doors import Room
from consult.core.errors import Missing
from consult.core.rules import Actor, anyone, signed_in

from . import queries

room = Room("accounts")


class SignedIn(UserMixin):
    """What flask-login carries: the sign-in token, and the actor it stands for."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def load_signed_in(token: str) -> SignedIn | None:
    """flask-login's user loader: the token from the cookie to the actor behind it."""
    actor = queries.actor_for_token(token)
    return SignedIn(token, actor) if actor.is_authenticated else None


@room.get("/sign-in", permit=anyone)
def sign_in() -> ResponseReturnValue:
    raise Missing


@room.get("/register", permit=anyone)
def register() -> ResponseReturnValue:
    raise Missing


@room.get("/me/account", permit=signed_in)
def account() -> ResponseReturnValue:
    raise Missing


@room.get("/organisations", permit=anyone)
def organisations() -> ResponseReturnValue:
    raise Missing


@room.get("/organisations/<slug>", permit=anyone)
def organisation(slug: str) -> ResponseReturnValue:
    raise Missing


@room.get("/people/<int:person_id>", permit=anyone)
def person(person_id: int) -> ResponseReturnValue:
    raise Missing
