"""What an author is told about a decision: the values of the mails, for sending and for looking at before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from consult.debate.models import Comment

from .models import MEANINGS, ROLES, RULES, Appeal, ModerationAct
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


def hidden(act: ModerationAct) -> dict[str, Any]:
    """Values of `mail/moderation/hidden`."""
    return about(thing_of(act)) | {
        "rule": RULES[act.rule], "ground": act.ground, "passage": act.passage, "facts": act.facts,
        "reason": act.reason, "by": ROLES[act.role], "act_id": act.id,
    }  # fmt: skip


def hidden_if(thing: Contribution, *, rule: str, passage: str, facts: str, reason: str, role: str) -> dict[str, Any]:
    """The same of a decision that is not made yet."""
    return about(thing) | {
        "rule": RULES[rule], "ground": MEANINGS[rule], "passage": passage, "facts": facts, "reason": reason,
        "by": ROLES[role], "act_id": None,
    }  # fmt: skip


def asked(act: ModerationAct) -> dict[str, Any]:
    """Values of `mail/moderation/asked`."""
    values = {name: getattr(act, name) for name in ("rule", "passage", "facts", "reason", "role", "until")}
    return asked_if(thing_of(act), **values) | {"ground": act.ground}


def asked_if(
    thing: Contribution, *, rule: str, passage: str, facts: str, reason: str, role: str, until: datetime
) -> dict[str, Any]:
    """The same of a decision that is not made yet."""
    return hidden_if(thing, rule=rule, passage=passage, facts=facts, reason=reason, role=role) | {
        "until": until, "timezone": consultation_of(thing).timezone,
        "reply_id": None if isinstance(thing, Comment) else thing.id,
    }  # fmt: skip


def restored(thing: Contribution, *, reason: str, role: str) -> dict[str, Any]:
    """Values of `mail/moderation/restored`, of a decision that is made or is not made yet."""
    return about(thing) | {"reason": reason, "by": ROLES[role]}


def appeal_decided(appeal: Appeal, *, outcome: str, reason: str, role: str) -> dict[str, Any]:
    """Values of `mail/moderation/appeal_decided`, of an answer that is given or is not given yet."""
    return about(thing_of(appeal.act)) | {
        "rule": RULES[appeal.act.rule], "ground": appeal.act.ground, "reason": reason, "by": ROLES[role],
        "is_restored": outcome == "restored",
    }  # fmt: skip
