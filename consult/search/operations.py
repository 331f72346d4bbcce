"""Every write of the index; each makes the rows of some things anew from what these are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import bindparam, delete, func, select

from consult.consultations.models import Consultation
from consult.core.db import KEY_STAYS, insert_rows, table_of, write_rows
from consult.core.errors import Missing
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor, system_only
from consult.debate.models import Comment, Reply
from consult.debate.recounting import Span, in_span
from consult.documents import queries as documents
from consult.documents.models import Clause
from consult.outcomes.models import StandardVersion

from . import rows
from .models import LEARNING, SearchRow

BATCH = 500
T = TypeVar("T")


@operation(rule=system_only)
def index_comment(*, actor: Actor, comment_id: int) -> None:
    """A comment and the answer to it, as they are now; nothing of one that is not shown."""
    session().flush()
    write_rows(_FORGET, {"comment": comment_id})
    _insert(rows.of_comment(comment_id))
    _insert(rows.of_answer(comment_id))


_INDEX = table_of(SearchRow)
_FORGET = delete(_INDEX).where(_INDEX.c.comment_id == bindparam("comment"), _INDEX.c.kind.in_(("comment", "answer")))


@operation(rule=system_only)
def index_answers(*, actor: Actor, comment_ids: Sequence[int]) -> None:
    """The answers to some comments, as they are now; a thousand of them in a few statements."""
    for ids in _batches(comment_ids):
        session().execute(delete(SearchRow).where(SearchRow.comment_id.in_(ids), SearchRow.kind == "answer"))
        _insert(rows.of_answers(Comment.id.in_(ids)))


@operation(rule=system_only)
def index_reply(*, actor: Actor, reply_id: int) -> None:
    """A reply as it is now; nothing of one that is not shown."""
    session().execute(delete(SearchRow).where(SearchRow.reply_id == reply_id))
    _insert(rows.of_replies(Reply.id == reply_id))


@operation(rule=system_only)
def index_draft(*, actor: Actor, consultation_id: int) -> None:
    """The text that was adopted, or else the one that is put to comment now, in place of earlier versions of it."""
    mine = SearchRow.consultation_id == consultation_id
    session().execute(delete(SearchRow).where(mine, SearchRow.kind == "clause"))
    adopted = select(StandardVersion.draft_version_id).where(StandardVersion.consultation_id == consultation_id)
    version_id = session().scalar(adopted)
    if version_id is None:
        try:
            version_id = documents.version(viewer=SYSTEM, consultation_id=consultation_id).id
        except Missing:
            return
    _insert(rows.of_clauses(Clause.version_id == version_id))


@operation(rule=system_only)
def index_standard(*, actor: Actor, consultation_id: int) -> None:
    """What a consultation led to: the standard, and its text instead of the drafts before."""
    mine = SearchRow.consultation_id == consultation_id
    session().execute(delete(SearchRow).where(mine, SearchRow.kind == "standard"))
    _insert(rows.of_standards(StandardVersion.consultation_id == consultation_id))
    index_draft(actor=actor, consultation_id=consultation_id)


@operation(rule=system_only)
def index_guide(*, actor: Actor, consultation_id: int) -> None:
    """The guide, the answers and the terms of a consultation as they are now."""
    mine = SearchRow.consultation_id == consultation_id
    session().execute(delete(SearchRow).where(mine, SearchRow.kind.in_(LEARNING)))
    _insert(rows.of_learning(Consultation.id == consultation_id))


@operation(rule=system_only, on="consultation")
def index_texts(*, actor: Actor, consultation: Consultation) -> int:
    """What can be found of a consultation but its comments, anew; returns how much there is."""
    index_standard(actor=actor, consultation_id=consultation.id)
    index_guide(actor=actor, consultation_id=consultation.id)
    mine = (SearchRow.consultation_id == consultation.id, SearchRow.comment_id.is_(None))
    return session().scalar(select(func.count(SearchRow.id)).where(*mine)) or 0


@operation(rule=system_only)
def index_comments(*, actor: Actor, consultation_id: int, span: Span) -> int:
    """Comments with ids in a span, their replies and answers, anew; returns how much there is to find of them.

    The comments are held meanwhile: whoever changes one, its replies or its answers waits, and reads the rows made here.
    """
    held = select(Comment.id).where(in_span(consultation_id, span))
    ids = session().scalars(held.order_by(Comment.id).with_for_update(**KEY_STAYS)).all()
    session().execute(delete(SearchRow).where(SearchRow.comment_id.in_(ids)))
    made = (
        rows.of_comments(Comment.id.in_(ids)), rows.of_replies(Reply.comment_id.in_(ids)), rows.of_answers(Comment.id.in_(ids)),
    )  # fmt: skip
    return sum(_insert(each) for each in made)


def _insert(made: Iterable[rows.Row]) -> int:
    count = 0
    for batch in _batches(made):
        insert_rows(SearchRow, batch)
        count += len(batch)
    return count


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(things)
    while batch := list(islice(waiting, BATCH)):
        yield batch
