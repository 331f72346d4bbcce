"""Milder than hiding, and about more than one contribution: removing words, withholding a name, a time without posting."""

from __future__ import annotations

from consult.accounts import operations as accounts
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import SubmissionKey, operation
from consult.core.rules import Actor
from consult.debate import operations as debate

from .. import rules
from ..claiming import KEPT
from ..events import Limited
from ..models import RULES, ModerationAct
from ..queries.things import facts as facts_now
from ..rules import Contribution, consultation_of, role_of, thing_of
from ..stating import (
    close_reports,
    is_stated,
    is_without,
    nobody_was_quicker,
    reason_is_fit_for_the_public,
    write_down,
)
from ..undoing import undo

SUSPENSIONS = (7, 30, 90)  # days
LONGEST_NOTICE = 300  # characters of a reason that stands in the text


@operation(rule=rules.may_decide, on="thing")
def redact_contribution(
    *, actor: Actor, thing: Contribution, rule: str, passage: str, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Remove a passage from a comment or a reply; rule and reason stand in its place, the rest stays on show."""
    _is_on_show(thing, seen_act_id)
    is_stated(thing, rule, passage, reason, facts)
    if len(reason.strip()) > LONGEST_NOTICE:
        raise Invalid(f"This stands in the text, so say it in {LONGEST_NOTICE} characters at most.", field="reason")
    facts = facts_now(viewer=actor, thing=thing, typed=facts)
    said = f"{RULES[rule]}: {reason.strip()}"
    removal = debate.take_out(actor=actor, thing=thing, passage=passage, said=said)
    act = write_down(
        actor, thing, "redact", reason, rule=rule, passage=passage, role=role_of(actor, consultation_of(thing)),
        facts=facts, removal_id=removal.id,
    )  # fmt: skip
    return _told(act)


@operation(rule=rules.may_decide, on="thing")
def withhold_name(
    *, actor: Actor, thing: Contribution, rule: str, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Show a comment or a reply from outside without the name that stands over it."""
    _is_on_show(thing, seen_act_id)
    name = thing.author_name
    if thing.author_id is not None:
        raise Conflict(f"It was written from an account, so it stands in the name of that account. {KEPT}")
    is_stated(thing, rule, name, reason, facts)
    facts = facts_now(viewer=actor, thing=thing, typed=facts)
    removal = debate.withhold_name(actor=actor, thing=thing)
    act = write_down(
        actor, thing, "withhold", reason, rule=rule, passage=name, role=role_of(actor, consultation_of(thing)),
        facts=facts, removal_id=removal.id,
    )  # fmt: skip
    return _told(act)


@operation(rule=rules.may_decide, on="thing")
def suspend_author(
    *, actor: Actor, thing: Contribution, rule: str, passage: str, reason: str, suspend_days: int, seen_act_id: int,
    facts: str = "", key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Let the author of a comment or a reply post nothing new in this consultation for some days; reading, voting,
    correcting and appealing stay hers. It ends by itself."""
    nobody_was_quicker(thing, seen_act_id)
    if thing.author_id is None:
        raise Conflict(f"It came from outside, so its author does not post here. {KEPT}")
    is_stated(thing, rule, passage, reason, facts)
    if suspend_days not in SUSPENSIONS:
        raise Invalid("Choose for how long.", field="suspend_days")
    act = write_down(
        actor, thing, "suspend", reason, rule=rule, passage=passage, role=role_of(actor, consultation_of(thing)),
        facts=facts_now(viewer=actor, thing=thing, typed=facts), days=suspend_days,
    )  # fmt: skip
    assert act.until is not None, "the table's check says so"
    accounts.suspend_posting(
        actor=actor, consultation_id=act.consultation_id, person_id=thing.author_id, until=act.until
    )
    return _told(act)


@operation(rule=rules.may_take_back, on="act")
def take_back(
    *, actor: Actor, act: ModerationAct, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Put words or a name back, or let somebody post again. An appeal that waits is answered by this."""
    thing = thing_of(act)
    nobody_was_quicker(thing, seen_act_id)
    reason_is_fit_for_the_public(reason, act.passage)
    is_without(facts, act.passage, "facts")
    return undo(actor, thing, act, reason, role=role_of(actor, consultation_of(thing)), facts=facts)


def _is_on_show(thing: Contribution, seen_act_id: int) -> None:
    nobody_was_quicker(thing, seen_act_id)
    if thing.state != "posted":
        raise Conflict(f"It is not on show any more ({thing.state}). {KEPT}")


def _told(act: ModerationAct) -> ModerationAct:
    close_reports(act)
    emit(Limited(act.id))
    return act
