"""What authors handed in with better words, and the old beside the new."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate.models import Comment, Revision

from .. import rules
from ..models import UNDONE_BY, Appeal, Correction, ModerationAct
from ..rules import Contribution


class Pair(Record):
    """The old words and the new ones, side by side; `correction` where these wait for an answer."""

    old: str
    new: str
    correction: Correction | None
    verdict: Verdict


class Decided(Record):
    """An act with what its author made of it; `before`: what was said when a change was asked for that she made since."""

    act: ModerationAct
    appeal: Appeal | None
    correction: Correction | None  # that waits for an answer
    before: str | None


def decided(*, viewer: Actor, thing: Contribution) -> Sequence[Decided]:
    """Everything that was decided about a contribution, newest first; for its moderators. One statement."""
    if not rules.may_look(viewer, thing):
        return []
    is_comment = isinstance(thing, Comment)
    revised = Revision.comment_id if is_comment else Revision.reply_id
    earlier = select(Revision.html).where(revised == thing.id, Revision.until >= ModerationAct.at)
    before = earlier.order_by(Revision.number).limit(1).scalar_subquery()
    is_changed = and_(ModerationAct.is_waiting, ModerationAct.corrected_at.is_not(None))
    rows = db.session.execute(
        select(ModerationAct, Appeal, Correction, case((is_changed, func.coalesce(before, ""))))
        .outerjoin(Appeal, Appeal.act_id == ModerationAct.id)
        .outerjoin(Correction, and_(Correction.act_id == ModerationAct.id, Correction.outcome == ""))
        .options(joinedload(ModerationAct.moderator))
        .where((ModerationAct.comment_id if is_comment else ModerationAct.reply_id) == thing.id)
        .order_by(ModerationAct.id.desc())
    )
    return [Decided(*row) for row in rows]


def pair(*, viewer: Actor, thing: Contribution, decided: Sequence[Decided]) -> Pair | None:
    """The old and the new, for who may decide; where it was handed in again, or changed because it was asked for."""
    before = next((one.before for one in decided if one.before is not None), None)
    if before is not None:
        return Pair(before, thing.html, None, rules.may_decide(viewer, thing))
    better = next((one.correction for one in decided if one.correction is not None), None)
    if thing.state != "hidden" or better is None:
        return None
    return Pair(thing.html, better.html, better, rules.may_decide_correction(viewer, better))


def in_force(acts: Sequence[ModerationAct]) -> Sequence[ModerationAct]:
    """The acts beside a hiding that can be taken back; `acts`: all on a contribution."""
    undone = {act.undoes_id for act in acts}
    return [act for act in acts if act.verb in UNDONE_BY and act.verb != "hide" and act.id not in undone]
