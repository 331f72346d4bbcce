"""Who says how much of a name is shown, and who sees it always."""

from __future__ import annotations

from consult.core.rules import YES, Actor, Verdict, no

from ..models import Comment, Letter, Reply

NOT_YOURS = "Only the person whose name it is can choose how much of it is shown."


def may_name(actor: Actor, thing: Comment | Reply | Letter) -> Verdict:
    """Its author, and who signed it, at any time: also after comments have closed, and when it is not shown any more."""
    people = {thing.author_id, thing.signed_by_id if isinstance(thing, Comment) else None}
    return YES if actor.is_authenticated and actor.person_id in people else no(NOT_YOURS)


def may_name_cosignature(actor: Actor, comment: Comment) -> Verdict:
    """Everybody for the name she put under a comment; whose that is, the operation looks up."""
    return YES if actor.is_authenticated else no("Sign in to choose how much of your name is shown.")


def may_know_names(actor: Actor, consultation_id: int) -> bool:
    """Moderators always see who it is: to tell who speaks twice, whose own it is, and whom to ask."""
    return actor.holds("moderator", consultation_id)
