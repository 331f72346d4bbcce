"""What moderators and authors may do with what was said, and where it is carried."""

from __future__ import annotations

from consult.consultations.models import Consultation, Round
from consult.core.rules import YES, Actor, Verdict, no

from ..models import CarriedAnchor, Comment, Reply
from .talking import ANSWERS_PUBLIC


def may_hide(actor: Actor, thing: Comment | Reply) -> Verdict:
    """Moderators and the appeals panel of the consultation; a Reply comes with its comment loaded."""
    consultation_id = thing.consultation_id if isinstance(thing, Comment) else thing.comment.consultation_id
    if actor.holds("moderator", consultation_id) or actor.holds("appeals_panel", consultation_id):
        return YES
    return no("Only moderators of this consultation can do this.")


def may_decide(actor: Actor, comment: Comment) -> Verdict:
    """Moderators of the consultation, or an import."""
    if actor.holds("moderator", comment.consultation_id):
        return YES
    return no("Only moderators of this consultation decide what becomes of a comment.")


def may_read_answers(actor: Actor, consultation: Consultation, of: Round) -> bool:
    """Whether what became of the comments of a round may be shown: to all from its review on, to the staff before."""
    is_told = of.is_over or consultation.state in ANSWERS_PUBLIC
    return is_told or actor.is_staff_of(consultation.id) or actor.is_administrator


def is_own(actor: Actor, comment: Comment) -> bool:
    """Whether the actor, or an organisation the actor belongs to (or its subsidiary), wrote the comment."""
    if actor.person_id is not None and comment.author_id == actor.person_id:
        return True
    return bool(bodies_of(comment) & actor.member_of)


def bodies_of(thing: Comment | Reply) -> set[int]:
    """The organisation it was written for, signed or not, and the one that is a part of; both links are loaded."""
    ids, loaded = [thing.organisation_id], [thing.organisation]
    if isinstance(thing, Comment):
        ids, loaded = [*ids, thing.unsigned_for_id], [*loaded, thing.unsigned_for]
    ids += [one.parent_id for one in loaded if one is not None]
    return {body for body in ids if body is not None}


def may_see_carried(actor: Actor, consultation: Consultation) -> Verdict:
    """The list of what became of all comments in the next draft; everybody sees it beside the text."""
    if actor.is_staff_of(consultation.id) or actor.is_administrator:
        return YES
    return no("Only the moderators, organisers and editors of this consultation see this list.")


def may_check_anchor(actor: Actor, carried: CarriedAnchor) -> Verdict:
    """Its author, or a moderator whose own comment it is not. Its comment with consultation and organisation is loaded."""
    comment = carried.comment
    if comment.consultation.state in ("withdrawn", "archived"):
        return no("This consultation has ended; its comments stay as they are.")
    if comment.state == "withdrawn":
        return no("It was withdrawn by its author, so there is nothing to check.")
    is_author = actor.is_authenticated and actor.person_id == comment.author_id
    if is_author and comment.state == "posted":
        return YES
    if not actor.holds("moderator", comment.consultation_id):
        return no("Only its author and the moderators of this consultation say what became of it.")
    if is_own(actor, comment):
        return no("It is a comment of your own organisation. Leave it to its author, or to another moderator.")
    return YES


def may_give_up(actor: Actor, carried: CarriedAnchor) -> Verdict:
    """Say that one's comment is not meant any more: only its author."""
    if actor.is_authenticated and actor.person_id == carried.comment.author_id:
        return may_check_anchor(actor, carried)
    return no("Only its author can say that it is not meant any more.")


def may_judge_anchor(actor: Actor, carried: CarriedAnchor, said: str) -> Verdict:
    """Say this of it."""
    return may_give_up(actor, carried) if said == "withdrawn" else may_check_anchor(actor, carried)


def may_take_back_judgement(actor: Actor, carried: CarriedAnchor) -> Verdict:
    """Whoever may say the same may take it back."""
    return may_judge_anchor(actor, carried, carried.checked_as)
