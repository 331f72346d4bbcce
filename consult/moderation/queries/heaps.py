"""How much waits where, in few words for many consultations at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import CompoundSelect, Select, case, func, literal, select, union_all

from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import SUSPECTED, Comment, Reply

from ..models import Campaign

HEAPS = {"held": "to look at first", "spam": "suspected as spam", "campaigns": "that share a text"}


def heaps(*, viewer: Actor, consultation_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """What waits for moderators, by consultation and kind (HEAPS); one statement, and no words of anybody. For the system."""
    comments = _held(Comment).where(Comment.consultation_id.in_(consultation_ids))
    replies = _held(Reply).join(Reply.comment).where(Comment.consultation_id.in_(consultation_ids))
    texts = select(Campaign.consultation_id, literal("campaigns"), func.count()).where(
        Campaign.consultation_id.in_(consultation_ids), Campaign.state == "proposed"
    )
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(HEAPS, 0))
    rows: CompoundSelect[Any] = union_all(comments.group_by("whose", "heap"), replies.group_by("whose", "heap"), texts.group_by(Campaign.consultation_id))  # fmt: skip
    for consultation_id, kind, count in db.session.execute(rows):
        found[consultation_id][kind] += count
    return found


def _held(thing: type[Comment | Reply]) -> Select[tuple[int, str, int]]:
    kind = case((thing.held_for.in_(SUSPECTED), "spam"), else_="held").label("heap")
    return select(Comment.consultation_id.label("whose"), kind, func.count()).where(thing.state == "held")
