"""Doors of the accounts room."""

from . import account, links, organisations, registering, signing
from .room import load_signed_in, room

__all__ = ["account", "links", "load_signed_in", "organisations", "registering", "room", "signing"]
