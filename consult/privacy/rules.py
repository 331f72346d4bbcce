"""Who may ask what about her own data."""

from __future__ import annotations

from consult.core.rules import YES, Actor, Verdict, no


def may_ask_copy(actor: Actor) -> Verdict:
    """Everybody, of her own data."""
    return YES if actor.is_authenticated else no("Sign in to get a copy of your data.")


def may_be_erased(actor: Actor) -> Verdict:
    """Everybody, of her own account."""
    return YES if actor.is_authenticated else no("Sign in to have your account erased.")
