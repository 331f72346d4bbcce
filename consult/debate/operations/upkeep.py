"""What the rooms above and the operator do to the debate: hide, answer, count anew."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import delete, select, update

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import KEY_STAYS, refresh_with_parents, take_your_time
from consult.core.errors import Conflict, Invalid
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate import appearing, counters, holding, recounting, rules, wording
from consult.debate.models import DISPOSITIONS, Comment, Reply, Trail
from consult.debate.recounting import Piece


@operation(rule=rules.may_hide, on="thing")
def hide(*, actor: Actor, thing: Comment | Reply, reason: str) -> Comment | Reply:
    """Put a tombstone with its public reason in place of a contribution. A Reply comes with its comment loaded.

    Moderation calls this inside its own act, which keeps rule, passage and the way to appeal.
    """
    if thing.state not in ("posted", "held"):
        raise Conflict("It is not shown any more: it was hidden or withdrawn meanwhile.")
    was_shown = thing.state == "posted"
    thing.state, thing.state_reason = "hidden", reason
    session().flush()
    if was_shown:
        _count(thing, -1)
    else:
        appearing.take_place(thing)  # its tombstone stands where it would have stood
    return thing


@operation(rule=rules.may_hide, on="thing")
def release(*, actor: Actor, thing: Comment | Reply) -> Comment | Reply:
    """Put on show what waited for a look, with the moment it was received; everybody hears of it now."""
    if thing.state != "held":
        raise Conflict("It does not wait any more.")
    appearing.release(thing)
    return thing


@operation(rule=rules.may_hide, on="thing")
def unhide(*, actor: Actor, thing: Comment | Reply) -> Comment | Reply:
    """Show a hidden contribution again."""
    if thing.state != "hidden":
        raise Conflict("It is not hidden.")
    thing.state, thing.state_reason = "posted", ""
    session().flush()
    _count(thing, 1)
    return thing


def _count(thing: Comment | Reply, by: int) -> None:
    if isinstance(thing, Comment):
        counters.count(thing, by)
    else:
        counters.count_reply(thing, by)
    wording.show_quoters_anew(thing)


@operation(rule=rules.may_decide, on="comment")
def set_disposition(*, actor: Actor, comment: Comment, code: str, apart: Mapping[int, str] | None = None) -> Comment:
    """Copy what became of a comment onto it, `apart` by clause id where that differs; outcomes keeps the decisions."""
    if not {code, *(apart or {}).values()} <= DISPOSITIONS.keys():
        raise Invalid("Choose one of the answers.", "code")
    counters.answer(comment, code)
    comment.answers_apart = json.dumps(apart) if apart else ""
    return comment


@operation(rule=system_only)
def recount(*, actor: Actor, consultation: Consultation, piece: Piece) -> list[str]:
    """Set the kept counters of a piece to what their rows say; returns a line for each that was wrong.

    What is counted is held meanwhile: the comments of the piece, or the consultation, behind which all others wait.
    """
    if piece.is_of_comments:
        mine = select(Comment.id).where(recounting.in_span(consultation.id, piece.span))
        session().execute(mine.order_by(Comment.id).with_for_update(**KEY_STAYS))
    else:
        refresh_with_parents(consultation)
    take_your_time()
    wrong = list(recounting.differences_in(consultation, piece))
    for table, row_id, column, _says, should in wrong:
        session().execute(update(table).where(table.id == row_id).values({column: should}))
    return [
        f"{table.__tablename__} {row_id}: {column} was {says}, is {should}"
        for table, row_id, column, says, should in wrong
    ]


@operation(rule=system_only)
def forget_trails(*, actor: Actor) -> None:
    """Delete what told a flood from a debate, once it is too old to tell."""
    session().execute(delete(Trail).where(Trail.at < clock.now() - holding.WINDOW))
