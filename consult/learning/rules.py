"""Who may explain a draft, who may propose for its shelf, and who decides."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.consultations.rules import may_take_part
from consult.core.rules import YES, Actor, Verdict, no

from .models import Resource

ENDED = ("withdrawn", "archived")
WRITERS = ("organiser", "editor")
KEEPERS = ("organiser", "editor", "moderator")
JUDGES = ("organiser", "moderator")


def _one_of(actor: Actor, consultation: Consultation, roles: tuple[str, ...], who: str) -> Verdict:
    if not (actor.is_administrator or any(actor.holds(role, consultation.id) for role in roles)):
        return no(f"Only the {who} of this consultation can do this.")
    if consultation.state in ENDED:
        return no("This consultation has ended; its guide and its shelf stay as they are.")
    return YES


def may_explain(actor: Actor, consultation: Consultation) -> Verdict:
    """Write the guide, questions and answers, terms: organisers and editors, until it ends."""
    return _one_of(actor, consultation, WRITERS, "organisers and editors")


def may_keep_shelf(actor: Actor, consultation: Consultation) -> Verdict:
    """Put things on the shelf, order them, take them off: those who run it, until it ends."""
    return _one_of(actor, consultation, KEEPERS, "organisers, editors and moderators")


def may_decide(actor: Actor, resource: Resource) -> Verdict:
    """Accept or decline a proposal: organisers and moderators; nobody decides on their own. Needs its consultation."""
    verdict = _one_of(actor, resource.consultation, JUDGES, "organisers and moderators")
    if verdict and resource.state != "proposed":
        return no("This proposal is decided already.")
    if verdict and resource.added_by_id == actor.person_id:
        return no("You proposed this yourself; another organiser or moderator decides.")
    return verdict


def may_propose(actor: Actor, consultation: Consultation) -> Verdict:
    """Anybody with a confirmed address, while it is public and has not ended."""
    if not (verdict := may_take_part(actor, consultation)):
        return verdict
    if not actor.is_authenticated:
        return no("Sign in to propose something for the shelf.")
    if not actor.is_verified:
        return no("Confirm your e-mail address first, with the link we sent you; then you can propose something.")
    if consultation.state == "draft":
        return no("This consultation is not public yet; it takes no proposals.")
    if consultation.state in ENDED:
        return no("This consultation has ended; its shelf stays as it is.")
    return YES


def may_withdraw(actor: Actor, resource: Resource) -> Verdict:
    """Take back a proposal: whoever made it, until it is decided."""
    if resource.added_by_id != actor.person_id:
        return no("Only the person who proposed it can take it back.")
    return YES if resource.state == "proposed" else no("This proposal is decided already.")


def may_change(actor: Actor, resource: Resource) -> Verdict:
    """Change, move or take off what is on the shelf. Needs its consultation."""
    verdict = may_keep_shelf(actor, resource.consultation)
    return verdict if not verdict or resource.state == "accepted" else no("This is not on the shelf any more.")


def may_put_back(actor: Actor, resource: Resource) -> Verdict:
    """Undo taking something off. Needs its consultation."""
    verdict = may_keep_shelf(actor, resource.consultation)
    return verdict if not verdict or resource.state == "removed" else no("This was not taken off the shelf.")
