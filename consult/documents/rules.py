"""Who may bring in a text, and when."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.rules import YES, Actor, Verdict, no

from .models import DraftVersion, StagedDraft

FROZEN = ("announced", "open", "paused")  # the text people read and comment on
NO_VERSION = no("There is no draft yet.")
NEXT_VERSION = ("analysis", "review", "published", "adopted")


def may_import(actor: Actor, consultation: Consultation) -> Verdict:
    """Editors and organisers, before it is announced; a next version once the comments are being answered."""
    if not (actor.holds("editor", consultation.id) or actor.holds("organiser", consultation.id)):
        return no("Only the editors and organisers of this consultation can change its draft.")
    if consultation.state == "draft" or consultation.state in NEXT_VERSION:
        return YES
    if consultation.state in FROZEN:
        return no("The draft is public and cannot change now. You can add the next version when comments are closed.")
    return no("This consultation has ended; its draft cannot change any more.")


def may_keep(actor: Actor, staged: StagedDraft, consultation: Consultation) -> Verdict:
    """Whoever uploaded it, as long as the draft may change."""
    if staged.person_id != actor.person_id or staged.consultation_id != consultation.id:
        return no("This text was uploaded by somebody else. Upload it yourself, and look at it, before you keep it.")
    return may_import(actor, consultation)


def may_freeze(actor: Actor, version: DraftVersion) -> Verdict:
    """Organisers; the first version is frozen by announcing the consultation, which the system does."""
    consultation = version.draft.consultation
    if actor.is_system:
        return YES
    if not actor.holds("organiser", consultation.id):
        return no("Only the organisers of this consultation can make a version of its draft public.")
    if consultation.state in NEXT_VERSION:
        return YES
    return no("The draft becomes public when you announce the consultation.")


def may_align(actor: Actor, version: DraftVersion) -> Verdict:
    """Editors and organisers, until the version is public."""
    consultation_id = version.draft.consultation_id
    if not (actor.holds("editor", consultation_id) or actor.holds("organiser", consultation_id)):
        return no("Only the editors and organisers of this consultation can say which clause is which.")
    if version.frozen_at is not None:
        return no(f"Version {version.number} is public and can never change.")
    return YES
