"""What an author can do about a decision: ask somebody else to look again, or hand it in with better words."""

from __future__ import annotations

from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import Actor
from consult.core.text import markdown
from consult.debate import composing, redaction
from consult.debate import operations as debate

from .. import rules
from ..claiming import KEPT, settle
from ..events import Appealed, Corrected, CorrectionRefused
from ..models import FALLS, RULES, STANDS, Appeal, Correction, ModerationAct
from ..queries.things import is_in_force
from ..rules import consultation_of, role_of, thing_of
from ..stating import is_without, nobody_was_quicker, reason_is_fit_for_the_public, write_down
from ..undoing import answer, undo

BETTER = "It had been handed in with better words."


@operation(rule=rules.may_appeal, on="act")
def appeal(*, actor: Actor, act: ModerationAct, text: str, key: SubmissionKey | None = None) -> Appeal:
    """Ask for a second look at what was taken away, once and in time; somebody else decides."""
    if not text.strip():
        raise Invalid("Say why it should be looked at again.", field="text")
    if not is_in_force(viewer=actor, act=act):
        raise Conflict("It is not in force any more, so there is nothing to look at a second time.")
    new_id = insert_new(
        Appeal, act_id=act.id, until=act.appeal_until, author_id=actor.person_id, text=text, made_at=clock.now(),
        outcome="", reason="",
    )  # fmt: skip
    if new_id is None:
        raise Conflict("You have already asked for a second look at this decision. You get a mail when it is decided.")
    emit(Appealed(new_id))
    return session().get_one(Appeal, new_id)


@operation(rule=rules.may_decide_appeal, on="appeal")
def decide_appeal(
    *, actor: Actor, appeal: Appeal, outcome: str, reason: str, key: SubmissionKey | None = None
) -> Appeal:
    """Answer an appeal: `upheld` (the decision stands) or `restored` (it is taken back), with a public reason."""
    if appeal.outcome:
        raise Conflict(_told_appeal(appeal))
    if outcome not in ("upheld", "restored"):
        raise Invalid("Choose what becomes of the decision.", field="outcome")
    act = appeal.act
    reason_is_fit_for_the_public(reason, act.passage)
    thing = thing_of(act)
    settle(actor.person_id, thing)
    role = role_of(actor, consultation_of(thing), looks_again=True)
    if outcome == "restored" and is_in_force(viewer=actor, act=act):
        undo(actor, thing, act, reason, role=role)
        return appeal
    answer(appeal, actor, outcome, reason, role)
    return appeal


def _told_appeal(appeal: Appeal) -> str:
    did = (STANDS if appeal.outcome == "upheld" else FALLS)[appeal.act.verb]
    return f"While you were reading, a colleague decided that {did}, because: “{appeal.reason}” {KEPT}"


@operation(rule=rules.may_hand_in_again, on="act")
def hand_in_again(*, actor: Actor, act: ModerationAct, body: str, key: SubmissionKey | None = None) -> Correction:
    """Hand in better words for what was hidden; a moderator reads the old and the new side by side."""
    body = composing.words(body, ask="Write what it should say.")
    if not is_in_force(viewer=actor, act=act):
        raise Conflict("It is shown again already. You can change it on its own page.")
    if redaction.holds(body, act.passage):
        raise Invalid("The words that broke the rule are still in it. They are in the mail we sent you.", field="body")
    new_id = insert_new(
        Correction, act_id=act.id, author_id=actor.person_id, body=body, html=markdown(body), made_at=clock.now(),
        outcome="",
    )  # fmt: skip
    if new_id is None:
        raise Conflict("You have handed in better words already. You get a mail when a moderator has read them.")
    emit(Corrected(new_id))
    return session().get_one(Correction, new_id)


@operation(rule=rules.may_decide_correction, on="correction")
def decide_correction(
    *, actor: Actor, correction: Correction, outcome: str, reason: str, seen_act_id: int,
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Answer better words: `accepted` shows it again with them, `refused` leaves it hidden; with a public reason."""
    act = correction.act
    thing = thing_of(act)
    nobody_was_quicker(thing, seen_act_id)
    if correction.outcome:
        raise Conflict(f"A colleague answered it already. {KEPT}")
    if outcome not in ("accepted", "refused"):
        raise Invalid("Choose what becomes of it.", field="outcome")
    reason_is_fit_for_the_public(reason, act.passage)
    is_without(reason, correction.body, "reason")
    role = role_of(actor, consultation_of(thing))
    if outcome == "accepted":
        debate.correct_hidden(actor=actor, thing=thing, body=correction.body, passage=act.passage, said=RULES[act.rule])
        made = undo(actor, thing, act, reason, role=role, facts=BETTER, by_correction=True)
    else:
        made = write_down(actor, thing, "keep_hidden", reason, rule=act.rule, role=role, facts=BETTER)
        emit(CorrectionRefused(made.id))
    correction.outcome, correction.answer_id = outcome, made.id
    return made
