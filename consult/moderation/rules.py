"""Who may report, decide, appeal, and look again."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.rules import YES, Actor, Verdict, no
from consult.debate.models import Comment, Reply
from consult.debate.rules import bodies_of

from .models import Appeal, Campaign, ModerationAct

Contribution = Comment | Reply
NOBODY_JUDGES_THEMSELVES = "Nobody decides on a contribution of their own or of their own organisation."


def consultation_of(thing: Contribution) -> Consultation:
    """The consultation a comment or a reply was written in."""
    return thing.consultation if isinstance(thing, Comment) else thing.comment.consultation


def thing_of(act: ModerationAct) -> Contribution:
    """The comment or the reply an act is about."""
    thing = act.comment or act.reply
    assert thing is not None, "the table's check says there is one"
    return thing


def is_own(actor: Actor, thing: Contribution) -> bool:
    """Written by this actor, or for an organisation (or a part of an organisation) the actor is a member of."""
    return thing.author_id == actor.person_id or bool(bodies_of(thing) & actor.member_of)


def may_report(actor: Actor, thing: Contribution) -> Verdict:
    """Every reader, with or without an account, about what is on show and not their own."""
    if thing.state != "posted":
        return no("It is not on show any more, so there is nothing to report.")
    if actor.is_authenticated and thing.author_id == actor.person_id:
        return no("You wrote this yourself. You can change or withdraw it on its own page.")
    return YES


def may_see_queue(actor: Actor, consultation: Consultation) -> Verdict:
    """Moderators, and the appeals panel, of this consultation."""
    if any(actor.holds(role, consultation.id) for role in ("moderator", "appeals_panel")):
        return YES
    return no("Only the moderators of this consultation see this page.")


def may_look(actor: Actor, thing: Contribution) -> Verdict:
    """Whoever decides here, on reports or on appeals."""
    return may_see_queue(actor, consultation_of(thing))


def may_claim(actor: Actor, thing: Contribution) -> Verdict:
    """Say that one looks at it now: whoever might decide on it."""
    verdict = may_look(actor, thing)
    if verdict and is_own(actor, thing):
        return no(f"{NOBODY_JUDGES_THEMSELVES} Leave it to a colleague.")
    return verdict


def may_decide(actor: Actor, thing: Contribution) -> Verdict:
    """A moderator of the consultation, never on their own side's contribution."""
    if actor.person_id is None or not actor.holds("moderator", consultation_of(thing).id):
        return no("Only the moderators of this consultation decide what is shown.")
    return no(f"{NOBODY_JUDGES_THEMSELVES} Leave it to a colleague.") if is_own(actor, thing) else YES


def may_appeal(actor: Actor, act: ModerationAct) -> Verdict:
    """The author of what was hidden."""
    if act.verb != "hide" or actor.person_id is None or thing_of(act).author_id != actor.person_id:
        return no("Only the author of what was hidden can ask for a second look.")
    return YES


def may_decide_appeal(actor: Actor, appeal: Appeal) -> Verdict:
    """A moderator or a member of the appeals panel, other than the one who hid it and not of the author's side."""
    verdict = may_see_queue(actor, appeal.act.consultation)
    if actor.person_id is None or not verdict:
        return no("Only the moderators and the appeals panel of this consultation decide on appeals.")
    if appeal.act.moderator_id == actor.person_id:
        return no("You hid this yourself, so somebody else looks at it again.")
    return no(f"{NOBODY_JUDGES_THEMSELVES} Leave it to a colleague.") if is_own(actor, thing_of(appeal.act)) else YES


def role_of(actor: Actor, consultation: Consultation, *, looks_again: bool = False) -> str:
    """In which role somebody decides: who has both decides on an appeal as the panel, and on everything else as a moderator."""
    roles = ("appeals_panel", "moderator") if looks_again else ("moderator", "appeals_panel")
    return next(role for role in roles if actor.holds(role, consultation.id))


def may_find_campaigns(actor: Actor, consultation: Consultation) -> Verdict:
    """A moderator of the consultation, or the command line."""
    if actor.holds("moderator", consultation.id):
        return YES
    return no("Only the moderators of this consultation look for comments that share a text.")


def may_decide_campaign(actor: Actor, campaign: Campaign) -> Verdict:
    """A moderator of the consultation; that none of its comments is their own is asked of the comments."""
    if actor.person_id is None or not actor.holds("moderator", campaign.consultation_id):
        return no("Only the moderators of this consultation decide how comments that share a text are counted.")
    return YES


def may_disown(actor: Actor, comment: Comment) -> Verdict:
    """Anybody whose name stands over a comment on show that they did not send from an account."""
    if comment.state != "posted":
        return no("It is not on show any more.")
    if actor.is_authenticated and comment.author_id == actor.person_id:
        return no("You wrote this yourself. You can change or withdraw it on its own page.")
    if comment.source == "web":
        return no("This comment was written from an account. If it pretends to be yours, report it instead.")
    return YES
