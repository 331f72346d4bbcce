"""Giving back what an act took away, and answering the appeal against it."""

from __future__ import annotations

from sqlalchemy import exists, select

from consult.accounts import operations as accounts
from consult.core import clock
from consult.core.errors import Conflict
from consult.core.events import emit
from consult.core.operations import session
from consult.core.rules import Actor
from consult.debate import operations as debate
from consult.debate.models import Removal

from .claiming import KEPT
from .events import AppealDecided, Restored
from .models import UNDONE_BY, Appeal, Correction, ModerationAct
from .queries.things import THE_WORDS
from .rules import Contribution, consultation_of
from .stating import write_down


def undo(
    actor: Actor, thing: Contribution, act: ModerationAct | None, reason: str, *, role: str, facts: str = "",
    by_correction: bool = False,
) -> ModerationAct:  # fmt: skip
    """Write the act that takes another back, and do it; an appeal that waits is answered. None: nobody knows who hid it."""
    appeal = session().scalars(select(Appeal).filter_by(act_id=act.id, outcome="")).first() if act else None
    if act is not None and session().scalar(select(exists().where(ModerationAct.undoes_id == act.id))):
        raise Conflict(f"It was taken back already. {KEPT}")
    relied = facts.strip() or THE_WORDS
    relied += " Its author had asked for a second look." if appeal else ""
    made = write_down(
        actor, thing, UNDONE_BY[act.verb] if act else "restore", reason, rule=act.rule if act else "", role=role,
        facts=relied, undoes_id=act.id if act else None,
    )  # fmt: skip
    if not by_correction:
        _give_back(actor, thing, act)
    if act is not None and not by_correction:
        _overtake_corrections(act, made)
    emit(Restored(made.id, appeal.id if appeal else None))
    if appeal is not None:
        answer(appeal, actor, "restored", reason, role)
    return made


def _give_back(actor: Actor, thing: Contribution, act: ModerationAct | None) -> None:
    if act is None or act.verb == "hide":
        debate.unhide(actor=actor, thing=thing)
    elif act.removal_id is not None:
        debate.put_back(actor=actor, thing=thing, removal=session().get_one(Removal, act.removal_id))
    else:
        accounts.suspend_posting(
            actor=actor, consultation_id=consultation_of(thing).id, person_id=thing.author_id or 0, until=clock.now()
        )


def _overtake_corrections(act: ModerationAct, made: ModerationAct) -> None:
    """It is shown as it was, so better words wait no more."""
    for correction in session().scalars(select(Correction).filter_by(act_id=act.id, outcome="")):
        correction.outcome, correction.answer_id = "overtaken", made.id


def answer(appeal: Appeal, actor: Actor, outcome: str, reason: str, role: str) -> None:
    """Keep what was decided on an appeal, and tell."""
    appeal.outcome, appeal.reason, appeal.role = outcome, reason, role
    appeal.decided_by_id, appeal.decided_at = actor.person_id, clock.now()
    session().flush()
    emit(AppealDecided(appeal.id))
