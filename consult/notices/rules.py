"""Who may follow, and whose inbox is whose."""

from __future__ import annotations

from consult.core.rules import YES, Actor, Verdict, no

from .models import Notice


def may_follow(actor: Actor) -> Verdict:
    """Everybody who is signed in; what they see to follow is decided by the queries."""
    return YES if actor.is_authenticated else no("Sign in to follow this.")


def may_keep_inbox(actor: Actor) -> Verdict:
    """Everybody their own."""
    return YES if actor.is_authenticated else no("Sign in to see your inbox.")


def may_mark(actor: Actor, notice: Notice) -> Verdict:
    """The person who was told."""
    return YES if actor.person_id == notice.person_id else no("This is in somebody else's inbox.")
