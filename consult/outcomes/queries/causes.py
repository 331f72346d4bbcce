"""Which comments that were accepted stand on which clauses, for saying what is behind a change of the draft.

That a comment was accepted and its clause has other words is all that is known: nothing here says "because".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.became import lower_first
from consult.debate.models import Anchor, Comment
from consult.documents.models import Clause, DraftVersion

from .. import rules
from ..models import ACCEPTED
from .answers import answers_of
from .visibility import link_became, visible_to


class Accepted(Record):
    """Accepted comments by id, in the order of the draft: by the lineage of their clauses, and on the whole draft."""

    by_lineage: Mapping[str, Sequence[int]]
    on_whole: Sequence[int]
    is_told: bool  # whether this viewer may read the answers to at least some of the comments in question
    not_yet: str = ""  # when the others can be read

    @property
    def total(self) -> int:
        """How many are on clauses."""
        return len({comment for comments in self.by_lineage.values() for comment in comments})


class Cause(Record):
    """An accepted comment, as a change names it."""

    id: int
    number: str
    who: str
    answer: str  # "accepted", or for which of its clauses
    note: str  # what the answer says that changed
    is_proposed: bool


def accepted(*, viewer: Actor, consultation: Consultation, between: Sequence[DraftVersion]) -> Accepted:
    """Accepted comments on the versions `between` (the older of two that are compared, up to before the newer).

    The versions come as `documents.queries.versions` gave them to this viewer. One statement.
    """
    verdicts = [rules.may_see_answers(viewer, consultation, v.round) for v in between if v.round is not None]
    by_lineage: dict[str, list[int]] = defaultdict(list)
    on_whole = list[int]()
    for comment_id, lineage in db.session.execute(_placed(viewer, consultation, between)):
        (on_whole if lineage is None else by_lineage[lineage]).append(comment_id)
    return Accepted(
        by_lineage, on_whole, is_told=any(verdicts) or bool(by_lineage or on_whole),
        not_yet=next((verdict.reason for verdict in verdicts if not verdict), ""),
    )  # fmt: skip


def tell_causes(*, viewer: Actor, comment_ids: Collection[int]) -> Mapping[int, Cause]:
    """What a page says of accepted comments, by id; what this viewer may not read is not there. Three statements."""
    answers = answers_of(viewer=viewer, comment_ids=comment_ids)
    rows = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.organisation))
        .where(Comment.id.in_(comment_ids), Comment.state == "posted")
    ).all()
    return {
        row.id: Cause(
            id=row.id, number=row.number, who=row.organisation.name if row.organisation else row.author_name,
            answer=", ".join(lower_first(a.says) for a in yes), note="; ".join(filter(None, (a.change_note for a in yes))),
            is_proposed=yes[0].is_proposed,
        )
        for row in rows if row.id in answers and (yes := [a for a in answers[row.id].each if a.code in ACCEPTED])
    }  # fmt: skip


def _placed(
    viewer: Actor, consultation: Consultation, between: Sequence[DraftVersion]
) -> Select[int, str | None]:  # fmt: skip
    """Comments with the lineages of their clauses, each once; None for the whole draft."""
    versions = [version.id for version in between]
    rounds = [version.round_id for version in between if version.round_id is not None]
    is_on_whole = and_(Anchor.clause_id.is_(None), Comment.round_id.in_(rounds))
    return (
        select(Comment.id, Clause.lineage_id)
        .join(Comment.consultation)
        .join(Comment.anchors)
        .outerjoin(Anchor.clause)
        .where(
            Comment.consultation_id == consultation.id, _is_accepted(viewer),
            or_(Clause.version_id.in_(versions), is_on_whole),
        )
        .group_by(Comment.id, Comment.place, Clause.lineage_id)
        .order_by(Comment.place, Comment.id)
    )  # fmt: skip


def _is_accepted(viewer: Actor) -> ColumnElement[bool]:
    """Hidden and withdrawn comments are nobody's cause, for whoever asks; of several clauses only where it was accepted.

    Needs joins to Consultation and Anchor.
    """
    return and_(Comment.state == "posted", link_became(*ACCEPTED), visible_to(viewer))
