"""Doors of the accounts room."""

from . import (
    account,
    domains,
    factors,
    families,
    invitations,
    links,
    merging,
    organisations,
    passkeys,
    providers,
    proving,
    registering,
    signing,
)
from .room import load_signed_in, room

__all__ = [
    "account", "domains", "factors", "families", "invitations", "links", "load_signed_in", "merging", "organisations", "passkeys", "providers", "proving", "registering", "room",
    "signing",
]  # fmt: skip
