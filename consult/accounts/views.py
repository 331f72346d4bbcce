"""Doors of the accounts room."""

from __future__ import annotations

from flask_login import UserMixin

from consult.core.doors import Room
from consult.core.rules import Actor

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
