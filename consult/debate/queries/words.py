"""The clauses that comments are about and the words they quote, as they were counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import BigInteger, bindparam, literal, select, union_all

from consult.consultations.models import Consultation, Position
from consult.core.db import read_rows
from consult.core.records import Record, field
from consult.core.rules import Actor
from consult.documents.models import Clause, ClauseTally, PassageTally

MOST_MARKED = 1_000  # rows of one page: it costs no more, however much is quoted; further ones have no mark


class Marked(Record):
    """How many comments on these words of a clause argue from a position."""

    start: int  # code points in the clause's text, half open
    end: int
    position: Position
    count: int


class Spoken(Record):
    """What comments say about a clause."""

    shares: Sequence[tuple[Position, int]] = field(default_factory=tuple)  # how many argue from each position
    quoted: Sequence[Marked] = field(default_factory=tuple)  # in the order of the text


SILENCE = Spoken()
_IDS = bindparam("ids", type_=BigInteger, expanding=True)
_QUOTED = (
    select(PassageTally.clause_id, PassageTally.start, PassageTally.end, PassageTally.position_id, PassageTally.count)
    .where(PassageTally.clause_id.in_(_IDS), PassageTally.count > 0)
    .order_by(PassageTally.clause_id, PassageTally.start, PassageTally.end, PassageTally.position_id)
    .limit(MOST_MARKED)
    .subquery()
)
_WHOLE = literal(-1)  # in place of the words: the clause
_SPOKEN = union_all(
    select(ClauseTally.clause_id, _WHOLE.label("start"), _WHOLE.label("end"), ClauseTally.position_id, ClauseTally.count)
    .where(ClauseTally.clause_id.in_(_IDS), ClauseTally.count > 0),
    select(_QUOTED),
).order_by("clause_id", "start", "end", "position_id")  # fmt: skip


def spoken(*, viewer: Actor, consultation: Consultation, clauses: Sequence[Clause]) -> Mapping[int, Spoken]:
    """What comments say about clauses (which this viewer may see), by clause. The consultation has its positions."""
    positions = {position.id: position for position in consultation.positions}
    shares = defaultdict[int, list[tuple[Position, int]]](list)
    quoted = defaultdict[int, list[Marked]](list)
    rows = read_rows(_SPOKEN, {"ids": [clause.id for clause in clauses]}).all()
    for clause_id, start, end, position_id, count in rows:
        if start < 0:
            shares[clause_id].append((positions[position_id], count))
        else:
            quoted[clause_id].append(Marked(start, end, positions[position_id], count))
    return {
        clause_id: Spoken(sorted(shares[clause_id], key=lambda share: share[0].rank), quoted[clause_id])
        for clause_id in {*shares, *quoted}
    }
