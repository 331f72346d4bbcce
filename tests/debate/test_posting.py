"""What posting costs the database and those who wait behind it, and that its numbers show at once in what is loaded."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from consult.core.db import db
from consult.core.operations import session
from consult.documents.models import Clause
from tests.debate.conftest import World

MOST = 36  # statements in the transaction, all that is told of it included


def test_a_post_asks_little_and_nothing_that_is_made_anew_for_it(inside: Flask, world: World) -> None:
    """A statement that is compiled for each post costs more than doing it, while others wait to write."""
    author, asked, made_anew = world.actor(), list[str](), list[str]()
    world.post(author, body="The first words of this voice.")

    def hear(_connection: Any, _cursor: Any, statement: str, _given: Any, context: Any, *_: Any) -> None:
        asked.append(statement)
        if context.compiled is not None and context.cache_hit is not CacheStats.CACHE_HIT:
            made_anew.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        world.post(author, body="The second words of this voice.")
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    assert not made_anew
    assert len(asked) <= MOST, asked


def test_what_is_loaded_has_the_new_numbers(inside: Flask, world: World) -> None:
    """Counters are written without the ORM, which would otherwise go on showing the old ones."""
    consultation, clause = world.consultation, session().get_one(Clause, world.clauses[1].id)
    before = clause.comment_count, clause.total_count
    consultation = session().merge(consultation, load=False)
    assert consultation.comment_count == 0
    world.post()
    assert consultation.comment_count == consultation.person_count == 1
    assert (clause.comment_count, clause.total_count) == (before[0] + 1, before[1] + 1)
