"""What the draft says now where a comment was accepted: the words of its clauses, before and after.

As in `causes`, nothing here says "because": the comment was accepted there, and the next draft has other words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.core.text import excerpt
from consult.debate.models import Anchor, Comment
from consult.documents import redline
from consult.documents.models import Clause, DraftVersion

from ..models import ACCEPTED
from .visibility import link_became, visible_to

LONGEST = 20_000  # characters of a clause that are compared on a page with other things


class Rewording(Record):
    """A clause on which a comment was accepted, from the draft it is on to the next."""

    where: str
    slug: str
    old: int  # number of the draft it is on
    new: int
    pieces: Sequence[redline.Piece]  # empty where its words are the same, or cannot be followed


def reworded(*, viewer: Actor, comment_ids: Collection[int]) -> Mapping[int, Sequence[Rewording]]:
    """By comment id what became of the clauses on which it was accepted, once the next draft is public. One statement."""
    before, after, then, now = DraftVersion, aliased(DraftVersion), Clause, aliased(Clause)
    rows = db.session.execute(
        select(
            Comment.id, Consultation.slug, Consultation.language, before.number, after.number, then.label, then.title,
            then.text, now.text,
        )
        .join(Comment.consultation)
        .join(Comment.anchors)
        .join(Anchor.clause)
        .join(before, before.id == then.version_id)
        .join(after, and_(after.supersedes_id == before.id, after.frozen_at.is_not(None)))
        .outerjoin(now, and_(now.version_id == after.id, now.lineage_id == then.lineage_id))
        .where(Comment.id.in_(comment_ids), Comment.state == "posted", link_became(*ACCEPTED), visible_to(viewer))
        .order_by(Comment.id, then.rank)
    )  # fmt: skip
    found: dict[int, list[Rewording]] = defaultdict(list)
    for comment_id, slug, language, old, new, label, title, was, became in rows:
        is_told = became is not None and became != was and max(len(was), len(became)) <= LONGEST
        pieces = redline.pieces(was, became, language) if is_told else []
        found[comment_id].append(Rewording(excerpt(label or title or was, 40), slug, old, new, pieces))
    return found
