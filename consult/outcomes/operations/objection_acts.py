"""Objections that break a rule: reported by readers, hidden with a statement of reasons, looked at twice. As for comments."""

from __future__ import annotations

from sqlalchemy import func, select, update

from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.core.text import normalise
from consult.moderation.models import MEANINGS, RULES
from consult.moderation.rules import appeal_until, role_of
from consult.moderation.stating import is_without, passage_is_in, reason_is_fit_for_the_public

from .. import rules
from ..events import ObjectionJudged, ObjectionReported
from ..models import ACTS_ON_OBJECTIONS, Objection, ObjectionAct, ObjectionAppeal, ObjectionReport

FROM = {"hide": False, "keep": False, "restore": True}  # whether it is hidden before
KEPT = "Nothing you typed is lost."


@operation(rule=rules.may_report_objection, on="objection")
def report_objection(
    *, actor: Actor, objection: Objection, rule: str, text: str = "", reader: str = "", key: str | None = None
) -> Objection:
    """Tell the moderators that an objection breaks a rule. The same reader again keeps one open report."""
    if rule not in RULES:
        raise Invalid("Choose the rule it breaks.", field="rule")
    reader = f"person {actor.person_id}" if actor.is_authenticated else reader
    if not reader:
        raise Invalid("Your browser did not say who it is. Open the page again; cookies must be allowed.")
    new = insert_new(
        ObjectionReport, objection_id=objection.id, rule=rule, text=normalise(text), reader=reader,
        reported_at=clock.now(),
    )  # fmt: skip
    if new is not None:
        emit(ObjectionReported(objection_id=objection.id, consultation_id=objection.consultation_id))
    return objection


@operation(rule=rules.may_moderate_objection, on="objection")
def judge_objection(
    *, actor: Actor, objection: Objection, verb: str, reason: str, rule: str = "", passage: str = "", facts: str = "",
    seen_act_id: int = 0, key: str | None = None,
) -> ObjectionAct:  # fmt: skip
    """Hide an objection, keep it on show, or show it again: with rule, passage and a public reason where it is hidden.

    `seen_act_id`: the newest act the moderator had seen (0: none); a newer one is a Conflict.
    """
    if verb not in ACTS_ON_OBJECTIONS or FROM[verb] != (objection.hidden_at is not None):
        raise Invalid("Choose what to do.", field="verb")
    newest = session().scalar(select(func.max(ObjectionAct.id)).where(ObjectionAct.objection_id == objection.id)) or 0
    if newest > seen_act_id:
        raise Conflict(f"While you were reading, a colleague decided on it. Look at it again before you decide. {KEPT}")
    if verb == "hide":
        if rule not in RULES:
            raise Invalid("Choose the rule it breaks.", field="rule")
        passage_is_in(passage, [objection.text, objection.person_name])
    reason_is_fit_for_the_public(reason, passage)
    is_without(facts, passage, "facts")
    act = _write_down(actor, objection, verb, reason, rule if verb == "hide" else "", passage, facts)
    if verb == "restore":
        _answer_appeals(actor, objection, act)
    return act


@operation(rule=rules.may_appeal_hiding, on="act")
def appeal_hiding(*, actor: Actor, act: ObjectionAct, text: str, key: str | None = None) -> ObjectionAppeal:
    """Ask for a second look at the hiding of one's objection, once and in time; somebody else decides."""
    text = normalise(text)
    if not text:
        raise Invalid("Say why it should be looked at again.", field="text")
    new = insert_new(
        ObjectionAppeal, act_id=act.id, until=act.appeal_until, text=text, made_at=clock.now(), outcome="", reason="",
        role="",
    )  # fmt: skip
    if new is None:
        raise Conflict("You have already asked for a second look at this decision.")
    emit(ObjectionReported(objection_id=act.objection_id, consultation_id=act.objection.consultation_id))
    return session().get_one(ObjectionAppeal, new)


@operation(rule=rules.may_decide_hiding_appeal, on="appeal")
def decide_hiding_appeal(
    *, actor: Actor, appeal: ObjectionAppeal, outcome: str, reason: str, key: str | None = None
) -> ObjectionAppeal:
    """Answer an appeal: `upheld` (it stays hidden) or `restored`, with a public reason."""
    if appeal.outcome:
        raise Conflict(f"While you were reading, a colleague decided, because: “{appeal.reason}” {KEPT}")
    if outcome not in ("upheld", "restored"):
        raise Invalid("Choose what becomes of the decision.", field="outcome")
    act, objection = appeal.act, appeal.act.objection
    reason_is_fit_for_the_public(reason, act.passage)
    role = role_of(actor, objection.consultation, looks_again=True)
    _answer(appeal, actor, outcome, reason, role)
    if outcome == "restored" and objection.hidden_at is not None:
        _write_down(actor, objection, "restore", reason, "", "", "Whoever objected had asked for a second look.")
    else:
        told = {"objection_id": objection.id, "consultation_id": objection.consultation_id}
        emit(ObjectionJudged(act_id=act.id, is_second_look=True, **told))
    return appeal


def _write_down(
    actor: Actor, objection: Objection, verb: str, reason: str, rule: str, passage: str, facts: str
) -> ObjectionAct:
    """The act, what it does, the reports it closes; and tell."""
    now, consultation = clock.now(), objection.consultation
    act = ObjectionAct(
        objection_id=objection.id, verb=verb, rule=rule, ground=MEANINGS.get(rule, ""), passage=passage,
        facts=normalise(facts) or "The words themselves.", reason=normalise(reason),
        role=role_of(actor, consultation), moderator_id=actor.person_id, at=now,
        appeal_until=appeal_until(consultation, now) if verb == "hide" else None,
    )  # fmt: skip
    session().add(act)
    objection.hidden_at = now if verb == "hide" else None
    still = (ObjectionReport.objection_id == objection.id, ObjectionReport.closed_at.is_(None))
    session().execute(update(ObjectionReport).where(*still).values(closed_at=now))
    session().flush()
    emit(ObjectionJudged(act_id=act.id, objection_id=objection.id, consultation_id=consultation.id))
    return act


def _answer_appeals(actor: Actor, objection: Objection, act: ObjectionAct) -> None:
    """It is shown again, so whoever asked for a second look has her answer."""
    waits = select(ObjectionAppeal).join(ObjectionAppeal.act).where(ObjectionAct.objection_id == objection.id)
    for appeal in session().scalars(waits.where(ObjectionAppeal.outcome == "")):
        _answer(appeal, actor, "restored", act.reason, act.role)


def _answer(appeal: ObjectionAppeal, actor: Actor, outcome: str, reason: str, role: str) -> None:
    appeal.outcome, appeal.reason, appeal.role = outcome, normalise(reason), role
    appeal.decided_by_id, appeal.decided_at = actor.person_id, clock.now()
