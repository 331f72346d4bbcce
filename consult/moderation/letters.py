"""What an author is told about a decision: the values of the mails, for sending and for looking at before."""

from __future__ import annotations

from typing import Any

from consult.debate.models import Comment

from .models import RULES, Appeal, ModerationAct
from .rules import Contribution, consultation_of, thing_of


def about(thing: Contribution) -> dict[str, Any]:
    """Whom a mail greets, and which contribution it is about."""
    consultation = consultation_of(thing)
    comment = thing if isinstance(thing, Comment) else thing.comment
    what = f"your comment {comment.number}" if comment is thing else f"your reply under comment {comment.number}"
    return {
        "name": thing.author_name, "what": what, "number": comment.number, "slug": consultation.slug,
        "title": consultation.title,
    }  # fmt: skip


def hidden(thing: Contribution, *, rule: str, passage: str, reason: str, act_id: int | None) -> dict[str, Any]:
    """Values of `mail/moderation/hidden`; without `act_id` it is a look at a decision not yet made."""
    return about(thing) | {"rule": RULES[rule], "passage": passage, "reason": reason, "act_id": act_id}


def restored(act: ModerationAct) -> dict[str, Any]:
    """Values of `mail/moderation/restored`."""
    return about(thing_of(act)) | {"reason": act.reason}


def appeal_decided(appeal: Appeal) -> dict[str, Any]:
    """Values of `mail/moderation/appeal_decided`."""
    return about(thing_of(appeal.act)) | {
        "rule": RULES[appeal.act.rule], "reason": appeal.reason, "is_restored": appeal.outcome == "restored",
    }  # fmt: skip
