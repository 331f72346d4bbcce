"""Who may do what with a consultation, and when."""

from __future__ import annotations

from collections.abc import Callable

from consult.core import clock
from consult.core.rules import STAFF, YES, Actor, Verdict, no

from .models import Consultation
from .states import BY_VERB, CLOCK, MODERATOR, Move, refusal


def may_begin_consultation(actor: Actor) -> Verdict:
    """Somebody with a confirmed address who signs for the organisation they act for; administrators; the system."""
    if actor.is_system or actor.is_administrator:
        return YES
    if not actor.is_authenticated:
        return no("Sign in to open a consultation.")
    if not actor.is_verified:
        return no("Confirm your e-mail address first. The link is in the mail we sent when you registered.")
    if not actor.signatory_of:
        return no(
            "A consultation is opened in the name of an organisation, by somebody who signs for it."
            " Found your organisation here, or ask its signatory to make you one."
        )
    if actor.acting_for_id not in actor.signatory_of:
        return no("Choose in your account the organisation you sign for, so that the consultation is in its name.")
    return YES


def may_manage(actor: Actor, consultation: Consultation) -> Verdict:
    """The people who run it: organisers, moderators, editors, and administrators."""
    if _runs(actor, consultation.id) or any(actor.holds(role, consultation.id) for role in STAFF):
        return YES
    return no("Only the people who run this consultation can see this page.")


def may_organise(actor: Actor, consultation: Consultation) -> Verdict:
    """Organisers and administrators, at any time: invite people, give and take roles."""
    return YES if _runs(actor, consultation.id) else no("Only its organisers can do this.")


def may_settle(actor: Actor, consultation: Consultation) -> Verdict:
    """Change the settings: organisers, while it is a draft."""
    if consultation.state != "draft":
        return no("The settings are fixed since the consultation was announced. Only its closing time can move later.")
    return may_organise(actor, consultation)


def may_take_part(actor: Actor, consultation: Consultation) -> Verdict:
    """Everybody, where it is public; elsewhere whoever was let in, by a role or with an organisation."""
    if consultation.access == "public" or actor.is_admitted_to(consultation.id):
        return YES
    if not actor.is_authenticated:
        return no("Only those who were invited can take part. Sign in if you were; everybody can read.")
    return no("Only people and organisations that the organisers invited can take part. You can read everything here.")


def may_set_outcome_line(actor: Actor, consultation: Consultation) -> Verdict:
    """Say in one line what came of it: organisers and moderators, once comments are closed."""
    if not (_runs(actor, consultation.id) or actor.holds(MODERATOR, consultation.id)):
        return no("Only its organisers and moderators can do this.")
    if consultation.state not in ("analysis", "review", "published", "adopted"):
        return no("There is an outcome only after comments are closed.")
    return YES


def may(verb: str) -> Callable[[Actor, Consultation], Verdict]:
    """The rule of a step in a consultation's life: who, from which state, and whether its hour has come."""
    move = BY_VERB[verb]
    its_hour = _HOURS.get(verb, _any_hour)

    def rule(actor: Actor, consultation: Consultation) -> Verdict:
        if not _is_among(actor, consultation.id, move):
            return no(_WHO[move.who])
        sentence = refusal(move, consultation.state)
        return no(sentence) if sentence else its_hour(actor, consultation)

    return rule


def _runs(actor: Actor, consultation_id: int) -> bool:
    return actor.is_administrator or actor.holds("organiser", consultation_id)


def _is_among(actor: Actor, consultation_id: int, move: Move) -> bool:
    return _runs(actor, consultation_id) or (MODERATOR in move.who and actor.holds(MODERATOR, consultation_id))


_WHO = {
    ("organiser",): "Only its organisers can do this.",
    ("organiser", CLOCK): "Only its organisers can do this.",
    ("organiser", MODERATOR): "Only its organisers and moderators can do this.",
}


def _any_hour(actor: Actor, consultation: Consultation) -> Verdict:
    return YES


def _opens_on_time(actor: Actor, consultation: Consultation) -> Verdict:
    if consultation.opens_at is not None and clock.now() < consultation.opens_at:
        return no("It opens at the announced time, not earlier: people rely on it.")
    return YES


def _closes_on_time(actor: Actor, consultation: Consultation) -> Verdict:
    if consultation.closes_at is not None and clock.now() < consultation.closes_at:
        return no("Its closing time has not come. It can be extended, never shortened: people rely on it.")
    return YES


def _resumes_before_its_end(actor: Actor, consultation: Consultation) -> Verdict:
    if consultation.closes_at is not None and clock.now() >= consultation.closes_at:
        return no("Its closing time passed while it was paused. Extend it first, or close it.")
    return YES


def _extends_before_its_end(actor: Actor, consultation: Consultation) -> Verdict:
    is_over = consultation.closes_at is None or clock.now() >= consultation.closes_at
    if is_over and consultation.state == "open":
        return no("Its closing time has passed, so it can no longer be extended.")
    return YES


def _review_is_over(actor: Actor, consultation: Consultation) -> Verdict:
    # The system brings in consultations that ended elsewhere, long ago.
    ends_at = consultation.review_ends_at
    if ends_at is not None and clock.now() < ends_at and not actor.is_system:
        return no("The review still runs. The outcome can be published when commenters had their time to check it.")
    return YES


def _is_private(actor: Actor, consultation: Consultation) -> Verdict:
    return YES if consultation.access == "private" else no("Everybody can read it already.")


_HOURS: dict[str, Callable[[Actor, Consultation], Verdict]] = {
    "open": _opens_on_time,
    "close": _closes_on_time,
    "resume": _resumes_before_its_end,
    "extend": _extends_before_its_end,
    "publish": _review_is_over,
    "make_public": _is_private,
}
