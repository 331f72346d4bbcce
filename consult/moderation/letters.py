"""What an author is told about a decision: the values of the mails, for sending and for looking at before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from consult.core import clock
from consult.debate.models import Comment
from consult.debate.rules import takes_words

from .models import FALLS, MEANINGS, ROLES, RULES, STANDS, Appeal, ModerationAct
from .rules import Contribution, appeal_until, consultation_of, thing_of


def about(thing: Contribution) -> dict[str, Any]:
    """Whom a mail greets, and which contribution it is about."""
    consultation = consultation_of(thing)
    comment = thing if isinstance(thing, Comment) else thing.comment
    what = f"your comment {comment.number}" if comment is thing else f"your reply under comment {comment.number}"
    return {
        "name": thing.author_name if thing.named == "name" else "", "what": what, "number": comment.number, "slug": consultation.slug,
        "title": consultation.title, "readers": consultation.readers, "is_let_in": True,
    }  # fmt: skip


def hidden(act: ModerationAct) -> dict[str, Any]:
    """Values of `mail/moderation/hidden`: of every act that takes something away."""
    given = {name: getattr(act, name) for name in ("verb", "rule", "passage", "facts", "reason", "role", "until")}
    return decided_if(thing_of(act), **given) | {
        "ground": act.ground, "act_id": act.id, "appeal_until": act.appeal_until
    }  # fmt: skip


def decided_if(
    thing: Contribution, *, verb: str, rule: str, passage: str, facts: str, reason: str, role: str,
    until: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The same of a decision that is not made yet."""
    consultation = consultation_of(thing)
    return about(thing) | {
        "verb": verb, "rule": RULES[rule], "ground": MEANINGS[rule], "passage": passage, "facts": facts, "reason": reason,
        "by": ROLES[role], "act_id": None, "until": until, "timezone": consultation.timezone,
        "appeal_until": appeal_until(consultation, clock.now()), "takes_words": verb == "hide" and _takes_words(thing),
    }  # fmt: skip


def _takes_words(thing: Contribution) -> bool:
    """Whether its author can still hand it in with better words."""
    return bool(takes_words(thing if isinstance(thing, Comment) else thing.comment))


def asked(act: ModerationAct) -> dict[str, Any]:
    """Values of `mail/moderation/asked`."""
    values = {name: getattr(act, name) for name in ("rule", "passage", "facts", "reason", "role", "until")}
    return asked_if(thing_of(act), **values) | {"ground": act.ground}


def asked_if(
    thing: Contribution, *, rule: str, passage: str, facts: str, reason: str, role: str, until: datetime
) -> dict[str, Any]:
    """The same of a decision that is not made yet."""
    stated = decided_if(
        thing, verb="ask", rule=rule, passage=passage, facts=facts, reason=reason, role=role, until=until
    )  # fmt: skip
    return stated | {
        "reply_id": None if isinstance(thing, Comment) else thing.id,
    }  # fmt: skip


def restored(thing: Contribution, *, reason: str, role: str, verb: str = "restore") -> dict[str, Any]:
    """Values of `mail/moderation/restored`, of a decision that is made or is not made yet."""
    return about(thing) | {"reason": reason, "by": ROLES[role], "verb": verb}


def refused(act: ModerationAct) -> dict[str, Any]:
    """Values of `mail/moderation/refused`: better words that are not accepted."""
    return about(thing_of(act)) | {
        "rule": RULES[act.rule],
        "ground": act.ground,
        "reason": act.reason,
        "by": ROLES[act.role],
    }


def appeal_decided(appeal: Appeal, *, outcome: str, reason: str, role: str) -> dict[str, Any]:
    """Values of `mail/moderation/appeal_decided`, of an answer that is given or is not given yet."""
    is_restored, verb = outcome == "restored", appeal.act.verb
    return about(thing_of(appeal.act)) | {
        "rule": RULES[appeal.act.rule], "ground": appeal.act.ground, "reason": reason, "by": ROLES[role],
        "is_restored": is_restored, "verb": verb, "act_id": appeal.act_id, "became": (FALLS if is_restored else STANDS)[verb],
    }  # fmt: skip
