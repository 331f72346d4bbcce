"""The mail about a decision, as its author would get it, before it is made."""

from __future__ import annotations

from datetime import timedelta

from consult.core import clock, mail
from consult.core.doors import me

from .. import letters, rules
from ..forms import AppealDecisionForm, DecisionForm
from ..models import UNDONE_BY, Appeal
from ..queries import things
from ..rules import Contribution, consultation_of, role_of

Written = tuple[str, str] | None


def decision(form: DecisionForm, thing: Contribution, slug: str) -> Written:
    """The mail of a decision; none when nobody gets one."""
    if form.verb.data in ("keep", "withhold") or thing.author_id is None or not rules.may_decide(me(), thing):
        return None
    role = role_of(me(), consultation_of(thing))
    if form.undone_act_id is not None or form.verb.data == "restore":
        verb = "restore"
        if form.undone_act_id is not None:
            verb = UNDONE_BY[things.find_act(viewer=me(), slug=slug, act_id=form.undone_act_id).verb]
        given = letters.restored(thing, reason=form.reason.data, role=role, verb=verb)
        return mail.written("moderation/restored", given)
    return _limiting(form, thing, role)


def _limiting(form: DecisionForm, thing: Contribution, role: str) -> Written:
    facts = things.facts(viewer=me(), thing=thing, typed=form.facts.data or "")
    stated = {name: getattr(form, name).data for name in ("rule", "passage", "reason")}
    stated |= {"facts": facts, "role": role}
    if form.verb.data == "ask":
        until = clock.now() + timedelta(days=int(form.days.data))
        return mail.written("moderation/asked", letters.asked_if(thing, **stated, until=until))
    days = int(form.suspend_days.data) if form.verb.data == "suspend" else None
    until_or_not = None if days is None else clock.now() + timedelta(days=days)
    return mail.written(
        "moderation/hidden", letters.decided_if(thing, verb=form.verb.data, **stated, until=until_or_not)
    )


def appeal_answer(form: AppealDecisionForm, appeal: Appeal) -> Written:
    """The mail about an answer to an appeal."""
    if not rules.may_decide_appeal(me(), appeal):
        return None
    role = role_of(me(), appeal.act.consultation, looks_again=True)
    given = letters.appeal_decided(appeal, outcome=form.outcome.data, reason=form.reason.data, role=role)
    return mail.written("moderation/appeal_decided", given)
