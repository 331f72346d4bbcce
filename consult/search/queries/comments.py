"""Which comments have what somebody typed, for the list of all comments, which is a room below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import UNSHOWN, Comment
from consult.debate.queries.narrowing import Narrowed, words_found_by

from .. import fulltext, words
from ..models import SearchRow

MOST = 200  # comments, as where one searches: a list of those with a word that everybody uses costs no more


@words_found_by
def with_words(*, viewer: Actor, typed: str, consultation: Consultation, sort: str) -> Narrowed:
    """Comments that the search finds by all of these words; what is hidden or waits, which it does not know, by its text.

    MOST at most, of those that are found the last, or in the order "oldest" the first. Only where no comment has them
    all is the last one the beginning of a word: of that, SQLite collects every row first.
    """
    wanted = words.read(typed)
    if not wanted.terms:
        return Narrowed("words", (), is_few=True)
    found = next(
        filter(None, (_found(asked, consultation, sort) for asked in dict.fromkeys((wanted.whole, wanted)))), ()
    )
    is_known = viewer.is_authenticated or viewer.is_system
    unshown = db.session.scalars(_unshown(typed, consultation)).all() if is_known else ()
    return Narrowed("words", (*found[:MOST], *unshown), is_few=True, is_cut=len(found) > MOST)


def _found(wanted: words.Wanted, consultation: Consultation, sort: str) -> Sequence[int]:
    """One more than MOST tells that there are more. "+ 0" as where one searches."""
    asked = fulltext.engine(db.session.get_bind().dialect.name, [fulltext.stemmer(consultation.language)])
    (source,) = asked.sources
    index, joined = asked.joined(source, SearchRow.id)
    row: Any = SearchRow.id if index is None else index.c.rowid  # type: ignore[attr-defined]
    rows: Any = select(SearchRow.comment_id)
    rows = rows if index is None else rows.select_from(index).join(SearchRow, joined)
    here = (SearchRow.kind == "comment", SearchRow.consultation_id + 0 == consultation.id)
    rows = rows.where(*here, asked.matches(source, wanted, fulltext.COLUMNS))
    rows = rows.order_by(row.asc() if sort == "oldest" else row.desc()).limit(MOST + 1)
    return db.session.scalars(rows).all()


def _unshown(typed: str, consultation: Consultation) -> Select[int]:
    """The few that are not on show and have this in their text."""
    asked = Comment.body.icontains(typed, autoescape=True)
    judged = Comment.state.in_(("held", "hidden"))
    return select(Comment.id).where(Comment.consultation_id == consultation.id, UNSHOWN, judged, asked)
