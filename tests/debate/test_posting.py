"""What posting costs the database and those who wait behind it, and that its numbers show at once in what is loaded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from consult.core.db import db
from consult.core.operations import session
from consult.documents.models import Clause
from tests.conftest import IS_POSTGRESQL
from tests.debate.conftest import World

MOST = 33  # statements in the transaction, all that is told of it included


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


@pytest.mark.skipif(IS_POSTGRESQL, reason="PostgreSQL has statistics, and plans otherwise where there is more")
def test_no_statement_of_a_post_goes_through_all_of_a_round(inside: Flask, world: World) -> None:
    """SQLite plans without statistics, so for a million comments as for three."""
    guild, signatory = world.make.organisation("Guild"), world.make.person()
    world.make.member(signatory, guild, is_signatory=True)
    member = world.make.actor(signatory, acting_for_id=guild.id)
    asked: dict[str, Any] = {}

    def hear(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked[statement] = given[0] if isinstance(given, list) else given

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        for who in (world.actor(), member):
            world.post(who)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    plans = {
        statement: [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
        for statement, given in asked.items()
        if statement.lstrip().startswith(("SELECT", "UPDATE", "WITH", "DELETE"))
    }
    long = {
        statement: line
        for statement, lines in plans.items()
        for line in lines
        if re.search(r"ix_comment_round_id|SCAN (comment|vote|anchor|reply|search_row|notice)\b", line)
    }
    assert not long
    assert any("ix_comment_author_here" in line for lines in plans.values() for line in lines)


def test_what_is_loaded_has_the_new_numbers(inside: Flask, world: World) -> None:
    """Counters are written without the ORM, which would otherwise go on showing the old ones."""
    consultation, clause = world.consultation, session().get_one(Clause, world.clauses[1].id)
    before = clause.comment_count, clause.total_count
    consultation = session().merge(consultation, load=False)
    assert consultation.comment_count == 0
    world.post()
    assert consultation.comment_count == consultation.person_count == 1
    assert (clause.comment_count, clause.total_count) == (before[0] + 1, before[1] + 1)
