"""What authors handed in with better words, and the old beside the new."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate.models import Comment, Revision

from .. import rules
from ..models import UNDONE_BY, Correction, ModerationAct
from ..rules import Contribution
from .things import act_parts


class Pair(Record):
    """The old words and the new ones, side by side; `correction` where these wait for an answer."""

    old: str
    new: str
    correction: Correction | None
    verdict: Verdict


def pair(*, viewer: Actor, thing: Contribution, acts: Sequence[ModerationAct]) -> Pair | None:
    """The old and the new, for who may decide; where it was handed in again, or changed because it was asked for.

    `acts`: all on this contribution, newest first.
    """
    asked = next((act for act in acts if act.is_waiting and act.corrected_at is not None), None)
    if asked is not None and rules.may_see_queue(viewer, rules.consultation_of(thing)):
        return Pair(_said_before(thing, asked), thing.html, None, rules.may_decide(viewer, thing))
    if thing.state != "hidden":
        return None
    found = db.session.scalars(
        select(Correction)
        .options(joinedload(Correction.act).options(*act_parts()))
        .where(Correction.act_id.in_([act.id for act in acts]), Correction.outcome == "")
    ).first()
    if found is None:
        return None
    return Pair(thing.html, found.html, found, rules.may_decide_correction(viewer, found))


def _said_before(thing: Contribution, asked: ModerationAct) -> str:
    """What it said when its author was asked to change it."""
    of = Revision.comment_id if isinstance(thing, Comment) else Revision.reply_id
    earlier = select(Revision.html).where(of == thing.id, Revision.until >= asked.at).order_by(Revision.number).limit(1)
    return db.session.scalar(earlier) or ""


def in_force(acts: Sequence[ModerationAct]) -> Sequence[ModerationAct]:
    """The acts beside a hiding that can be taken back; `acts`: all on a contribution."""
    undone = {act.undoes_id for act in acts}
    return [act for act in acts if act.verb in UNDONE_BY and act.verb != "hide" and act.id not in undone]
