"""Who may report, decide, appeal, and look again."""

from __future__ import annotations

from datetime import datetime, timedelta

from consult.consultations.models import Consultation
from consult.consultations.rules import may_take_part
from consult.consultations.wall_clock import end_of_day
from consult.core import clock
from consult.core.rules import YES, Actor, Verdict, no
from consult.debate.models import Comment, Reply
from consult.debate.rules import SETTLED, bodies_of, takes_part, takes_words

from . import receipt_codes
from .models import Appeal, Campaign, Correction, IntakeEntry, ModerationAct

Contribution = Comment | Reply
Claimable = Contribution | Campaign
SECOND_THOUGHTS = timedelta(days=14)  # in which a claim can be taken back by who made it
NOBODY_JUDGES_THEMSELVES = "Nobody decides on a contribution of their own or of their own organisation."


def consultation_of(thing: Claimable) -> Consultation:
    """The consultation a comment, a reply or a shared text was written in."""
    return thing.comment.consultation if isinstance(thing, Reply) else thing.consultation


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


def may_look(actor: Actor, thing: Claimable) -> Verdict:
    """Whoever decides here, on reports or on appeals."""
    return may_see_queue(actor, consultation_of(thing))


def may_claim_item(actor: Actor, thing: Claimable) -> Verdict:
    """Say that one looks at it now: whoever might decide on it. Whose a shared text is, is asked of its comments."""
    if isinstance(thing, Campaign):
        return may_decide_campaign(actor, thing)
    verdict = may_look(actor, thing)
    if verdict and is_own(actor, thing):
        return no(f"{NOBODY_JUDGES_THEMSELVES} Leave it to a colleague.")
    return verdict


def may_decide(actor: Actor, thing: Contribution) -> Verdict:
    """A moderator of the consultation, never on their own side's contribution."""
    if actor.person_id is None or not actor.holds("moderator", consultation_of(thing).id):
        return no("Only the moderators of this consultation decide what is shown.")
    return no(f"{NOBODY_JUDGES_THEMSELVES} Leave it to a colleague.") if is_own(actor, thing) else YES


def may_take_back(actor: Actor, act: ModerationAct) -> Verdict:
    """Whoever may decide there, also who decided before."""
    return may_decide(actor, thing_of(act))


def appeal_until(consultation: Consultation, told_at: datetime) -> datetime:
    """The last moment to ask for a second look: the end of a day, as a clock on the wall there shows it."""
    day = told_at.astimezone(clock.zone(consultation.timezone)).date() + timedelta(days=consultation.appeal_days)
    return end_of_day(day, consultation.timezone, field="")


def may_appeal(actor: Actor, act: ModerationAct) -> Verdict:
    """The author of what was taken away, in time. The consultation of the act is loaded."""
    if act.appeal_until is None or actor.person_id is None or thing_of(act).author_id != actor.person_id:
        return no("Only the author of what was decided on can ask for a second look.")
    if clock.now() > act.appeal_until:
        day = act.appeal_until.astimezone(clock.zone(act.consultation.timezone))
        return no(
            f"The time to ask for a second look ended on {day.day} {day:%B %Y}, {act.consultation.appeal_days} days after"
            " we told you. Write to the organisers if something new has come up since."
        )
    return YES


def may_hand_in_again(actor: Actor, act: ModerationAct) -> Verdict:
    """The author of what was hidden, while she takes part and comments are open there."""
    thing = thing_of(act)
    if act.verb != "hide" or actor.person_id is None or thing.author_id != actor.person_id:
        return no("Only the author of what was hidden can hand it in with better words.")
    return may_take_part(actor, act.consultation) and takes_words(
        thing if isinstance(thing, Comment) else thing.comment
    )


def may_decide_correction(actor: Actor, correction: Correction) -> Verdict:
    """Whoever may decide there; who hid it may, too: nothing is judged a second time."""
    return may_decide(actor, thing_of(correction.act))


def may_decide_appeal(actor: Actor, appeal: Appeal) -> Verdict:
    """A moderator or a member of the appeals panel, other than the one who decided and not of the author's side."""
    verdict = may_see_queue(actor, appeal.act.consultation)
    if actor.person_id is None or not verdict:
        return no("Only the moderators and the appeals panel of this consultation decide on appeals.")
    if appeal.act.moderator_id == actor.person_id:
        return no("You decided this yourself, so somebody else looks at it again.")
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


def may_see_intake(actor: Actor, consultation: Consultation) -> Verdict:
    """Moderators and organisers of this consultation, whatever its state."""
    if any(actor.holds(role, consultation.id) for role in ("moderator", "organiser")):
        return YES
    return no("Only the moderators and organisers of this consultation see what came by mail and on paper.")


def may_take_in(actor: Actor, consultation: Consultation) -> Verdict:
    """The same people, from the opening until the outcome is published."""
    verdict = may_see_intake(actor, consultation)
    if verdict and consultation.state in ("draft", "announced"):
        return no("Comments are not open yet, so nothing can be entered. Keep what came until they are.")
    if verdict and consultation.state in SETTLED:
        return no("The outcome is published or the consultation has ended, so nothing can be entered any more.")
    return verdict


def may_change_entry(actor: Actor, entry: IntakeEntry) -> Verdict:
    """As long as it is not in the debate and not set aside."""
    if entry.state not in ("begun", "entered"):
        return no("It is in the debate or set aside, so what was entered stays as it is.")
    return may_take_in(actor, entry.consultation)


def may_check_entry(actor: Actor, entry: IntakeEntry) -> Verdict:
    """Somebody else than who entered it last."""
    if entry.state != "entered":
        return no("It is not waiting to be compared: it is not complete yet, in the debate, or set aside.")
    if actor.person_id is None or actor.person_id == entry.entered_by_id:
        return no("You entered this yourself, so somebody else compares it. It waits in the list for your colleagues.")
    return may_take_in(actor, entry.consultation)


def may_renew_code(actor: Actor, entry: IntakeEntry) -> Verdict:
    """As long as nobody has claimed it."""
    if entry.state != "posted" or entry.claimed_at is not None:
        return no("There is no code to make anew: it is not in the debate yet, or somebody claimed it.")
    return may_see_intake(actor, entry.consultation)


def may_undo_claim(actor: Actor, entry: IntakeEntry) -> Verdict:
    """Whoever claimed it, for some days; moderators and organisers whenever it turns out to be wrong."""
    if entry.claimed_at is None:
        return no("Nobody has claimed it.")
    if may_see_intake(actor, entry.consultation):
        return YES
    if actor.person_id is None or actor.person_id != entry.claimed_by_id:
        return no("Only who claimed it, a moderator or an organiser can take that back.")
    if clock.now() > entry.claimed_at + SECOND_THOUGHTS:
        return no(f"That was possible for {SECOND_THOUGHTS.days} days. Write to the organisers if it is not yours.")
    return YES


def may_claim(actor: Actor, entry: IntakeEntry) -> Verdict:
    """Somebody with a confirmed address, once, while the code is good and the comment on show."""
    if entry.comment is None or entry.comment.state != "posted":
        return no("It is not on show, so it cannot be claimed.")
    if entry.claimed_at is not None:
        return no("Somebody has claimed this comment already. If that was not you, write to the organiser.")
    if entry.checked_at is None or clock.now() > entry.checked_at + receipt_codes.LIFETIME:
        return no(f"The code was good for {receipt_codes.LIFETIME.days} days. Ask the organiser for a new receipt.")
    return takes_part(actor, "claim it")
