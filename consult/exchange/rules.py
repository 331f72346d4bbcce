"""Who may bring comments in."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.rules import YES, Actor, Verdict, no


def may_import_comments(actor: Actor, consultation: Consultation) -> Verdict:
    """Moderators of the consultation, and the command line."""
    if not actor.holds("moderator", consultation.id):
        return no("Only moderators of this consultation can bring comments in.")
    return YES
