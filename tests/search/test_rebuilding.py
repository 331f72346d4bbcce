"""The index is made anew a few comments at a time: it ends as it should, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from sqlalchemy import delete, select

from consult.core.db import db, write_transaction
from consult.debate import operations as debate
from consult.debate.models import Comment
from consult.debate.recounting import Span
from consult.search import rebuilding
from consult.search.models import SearchRow
from consult.search.rebuilding import rebuild
from tests.make import Make

from .conftest import Searched, searched

COLUMNS = ("kind", "comment_id", "reply_id", "clause_id", "number", "title", "quote", "words", "place", "stemmer")


@pytest.fixture
def there(inside: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> Searched:
    """Five comments with a reply each, made anew two at a time."""
    monkeypatch.setattr(rebuilding, "COMMENTS", 2)
    found = searched(make)
    for number in range(5):
        found.reply(found.post(f"Remark {number} says heron."), "A reply says egret.")
    return found


def _rows() -> list[tuple[object, ...]]:
    db.session.expire_all()
    columns = [getattr(SearchRow, name) for name in COLUMNS]
    return sorted(map(tuple, db.session.execute(select(*columns)).all()), key=repr)


def _spoil() -> None:
    """What somebody may have done to the tables by hand."""
    with write_transaction() as session:
        session.execute(delete(SearchRow).where(SearchRow.kind.in_(("comment", "clause"))))


def test_all_of_it_is_as_it_was_made(there: Searched) -> None:
    before = _rows()
    _spoil()
    assert there.finds("heron") == []
    assert rebuild(there.row) == len(before) > 10
    assert _rows() == before
    assert len(there.finds("heron")) == 5


def test_what_was_ended_in_the_middle_is_taken_up_again(there: Searched) -> None:
    before = _rows()
    _spoil()

    def end(parts: Sequence[Span]) -> Iterator[Span]:
        assert len(parts) == 3
        yield parts[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(there.row, end)
    assert len(there.finds("heron")) == 2, "what was made anew is found"
    rebuild(there.row)
    assert _rows() == before


def test_what_happens_meanwhile_is_heard(there: Searched) -> None:
    first, second, *_ = [there.load(row) for row in db.session.scalars(select(Comment).order_by(Comment.id)).all()]
    author = there.make.actor(there.author)

    def meanwhile(parts: Sequence[Span]) -> Iterator[Span]:
        debate.withdraw_comment(actor=author, comment=first)
        for part in parts:
            yield part
            there.post("Another heron.")
        debate.withdraw_comment(actor=author, comment=second)

    rebuild(there.row, meanwhile)
    assert len(there.finds("heron")) == 5 - 2 + 3
    expected = _rows()
    rebuild(there.row)
    assert _rows() == expected
