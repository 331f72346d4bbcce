"""Who may send a letter, and who cuts it into comments."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.rules import YES, Actor, Verdict, no

from ..models import Letter
from .talking import OVER, is_open, may_post_comment, may_post_here, takes_part


def may_send_letter(actor: Actor, consultation: Consultation) -> Verdict:
    """Who may comment may send a whole letter."""
    return may_post_comment(actor, consultation)


def may_cut_letter(actor: Actor, letter: Letter) -> Verdict:
    """Its author; moderators and organisers if she handed it over. Its consultation, round and author are loaded."""
    if letter.cut_at is not None:
        return no("This letter is cut into comments already.")
    if not _is_letters_author(actor, letter) and not _is_handed_over_to(actor, letter):
        return no("Only its author can cut this letter into comments.")
    if letter.author.suspended_at is not None:
        return no("The account of its author is suspended, so no comments can be posted in that name.")
    verdict = no(OVER) if letter.round.is_over else is_open(letter.consultation)
    return (
        takes_part(actor, "cut it into comments", letter.consultation)
        and verdict
        and may_post_here(actor, letter.consultation)
    )


def may_hand_over(actor: Actor, letter: Letter) -> Verdict:
    """Its author says who cuts it, until it is cut."""
    if letter.cut_at is not None:
        return no("This letter is cut into comments already.")
    return YES if _is_letters_author(actor, letter) else no("Only its author says who cuts this letter.")


def may_discard_letter(actor: Actor, letter: Letter) -> Verdict:
    """Its author, before anything of it is public."""
    if letter.cut_at is not None:
        return no("Comments were posted from this letter, so it stays. You can withdraw each of them.")
    return YES if _is_letters_author(actor, letter) else no("Only its author can discard this letter.")


def _is_letters_author(actor: Actor, letter: Letter) -> bool:
    return actor.is_authenticated and actor.person_id == letter.author_id


def _is_handed_over_to(actor: Actor, letter: Letter) -> bool:
    is_helper = actor.holds("moderator", letter.consultation_id) or actor.holds("organiser", letter.consultation_id)
    return letter.is_handed_over and is_helper
