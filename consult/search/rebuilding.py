"""Making the index anew: some comments at a time, so that it fits into memory and nobody waits for long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core.db import one_moment
from consult.core.rules import SYSTEM
from consult.debate.models import Comment
from consult.debate.recounting import Span, spans

from . import operations

COMMENTS = 50  # in one transaction: SQLite takes long to take words out of a large index, and others wait meanwhile
Through = Callable[[Sequence[Span]], Iterable[Span]]


def rebuild(consultation: Consultation, through: Through = iter) -> int:
    """Make every row of a consultation anew; returns how many things can be found.

    Some comments at a time, each time in a transaction of its own, while others post and search. Killed in the middle,
    the rest is as it was. `through` may watch the spans pass.
    """
    with one_moment():
        comments = select(Comment.id).where(Comment.consultation_id == consultation.id).order_by(Comment.id)
        parts = list(spans(comments, COMMENTS))
    found = operations.index_texts(actor=SYSTEM, consultation=consultation)
    for span in through(parts):
        found += operations.index_comments(actor=SYSTEM, consultation_id=consultation.id, span=span)
    return found
