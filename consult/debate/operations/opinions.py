"""Keeping what was found about opinion groups."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update

from consult.core import clock
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate import agreement, ballots, opinions
from consult.debate.models import Comment, OpinionMap, OpinionTally


@operation(rule=system_only)
def keep_opinions(*, actor: Actor, round_id: int, found: opinions.Opinions, votes: int) -> OpinionMap:
    """Put a finding in the place of the one before, and each comment's place in “Agreed across groups” with it.

    Counts are kept only where all of a comment's may be shown. The comments are held, so that no vote comes between
    what is read of them and what is written.
    """
    mine = Comment.round_id == round_id
    held = select(Comment.id, Comment.agree_count, Comment.disagree_count, Comment.pass_count, Comment.group_ground)
    rows = session().execute(held.where(mine).order_by(Comment.id).with_for_update()).all()
    everybody = {row.id: (row.agree_count, row.disagree_count, row.pass_count) for row in rows}
    shown = {c: cells for c, cells in found.cells.items() if c in everybody and opinions.may_show(cells, everybody[c])}
    _place(round_id, {row.id: row.group_ground for row in rows}, found)
    session().execute(delete(OpinionTally).where(OpinionTally.comment_id.in_(select(Comment.id).where(mine))))
    if shown:
        session().execute(insert(OpinionTally), [line for c, cells in shown.items() for line in _lines(c, cells)])
    row = session().scalars(select(OpinionMap).where(OpinionMap.round_id == round_id)).first()
    row = row or OpinionMap(round_id=round_id)
    row.formula, row.votes, row.voters, row.counted = opinions.FORMULA, votes, found.voters, found.counted
    row.sizes = json.dumps(found.sizes)
    row.typical = json.dumps(opinions.typical(shown, len(found.sizes)))
    row.uniting = json.dumps(opinions.uniting(shown))
    row.gain, row.is_stable, row.made_at = round(1000 * found.gain), found.is_stable, clock.now()
    session().add(row)
    return row


def _lines(comment_id: int, cells: Sequence[tuple[int, int, int]]) -> list[dict[str, int]]:
    return [
        {"comment_id": comment_id, "number": n, "agree_count": a, "disagree_count": d, "pass_count": p}
        for n, (a, d, p) in enumerate(cells, 1)
    ]


def _place(round_id: int, before: Mapping[int, int], found: opinions.Opinions) -> None:
    """Write how far the groups agree on each comment, where that is another number now."""
    silent = [(0, 0, 0)] * len(found.sizes)
    now = {comment_id: opinions.ground(found.cells.get(comment_id, silent)) for comment_id in before}
    categories = ballots.by_category(Comment.round_id == round_id)
    changed = [
        {
            "id": comment_id, "group_ground": ground,
            "common_ground": agreement.everywhere(agreement.common_ground(categories[comment_id]), ground),
        }
        for comment_id, ground in now.items()
        if ground != before[comment_id]
    ]  # fmt: skip
    if changed:
        session().execute(update(Comment), changed)
