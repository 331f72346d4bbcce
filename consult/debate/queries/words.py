"""The words of clauses that comments quote, as they were counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.core.rules import Actor
from consult.documents.models import Clause, PassageTally

MOST_MARKED = 1_000  # rows of one page: it costs no more, however much is quoted; further ones have no mark


def spoken(*, viewer: Actor, clauses: Sequence[Clause]) -> Mapping[int, Sequence[PassageTally]]:
    """What comments quote of clauses (which this viewer may see), by clause, in the order of the text."""
    rows = db.session.scalars(
        select(PassageTally)
        .options(joinedload(PassageTally.position))
        .where(PassageTally.clause_id.in_([clause.id for clause in clauses]), PassageTally.count > 0)
        .order_by(PassageTally.clause_id, PassageTally.start, PassageTally.end, PassageTally.position_id)
        .limit(MOST_MARKED)
    )
    by_clause = defaultdict[int, list[PassageTally]](list)
    for row in rows:
        by_clause[row.clause_id].append(row)
    return by_clause
