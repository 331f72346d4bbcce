"""Doors of the accounts room."""

from . import account, factors, links, organisations, passkeys, proving, registering, signing
from .room import load_signed_in, room

__all__ = [
    "account", "factors", "links", "load_signed_in", "organisations", "passkeys", "proving", "registering", "room",
    "signing",
]  # fmt: skip
