"""A sown consultation is like one that people made: every counter and every row of the search says what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import func, inspect, select, text

from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.debate.models import Comment, Reply, Vote
from consult.debate.recounting import differences
from consult.demo.bench_cli import bench
from consult.demo.sown.sowing import WRITTEN
from consult.search import fulltext, rows, words
from consult.search.models import SearchRow
from tests.visitor import Visitor

FIELDS = ("number", "title", "quote", "words", "place", "stemmer")


def sow(app: Flask, many: int) -> Result:
    return app.test_cli_runner().invoke(bench, ["seed", "--comments", str(many), "--slug", "sown", "--json"])


def told(row: Any) -> tuple[Any, ...]:
    return tuple(row[name] if isinstance(row, dict) else getattr(row, name) for name in FIELDS)


def kept_up() -> dict[str, Any]:
    """The indexes, keys and triggers of every table that is sown, as the database has them."""
    found: dict[str, Any] = {}
    there = inspect(db.engine)
    for model in WRITTEN:
        name = model.__tablename__
        keys = there.get_foreign_keys(name)
        indexes = [(index["name"], index["column_names"], bool(index["unique"])) for index in there.get_indexes(name)]
        found[name] = sorted(indexes, key=str), sorted(str(key["name"]) for key in keys)
    if db.engine.dialect.name == "sqlite":
        found["triggers"] = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        found["triggers"] = sorted(map(tuple, found["triggers"]))
    db.session.rollback()
    return found


def found_of(word: str) -> int:
    """In how many comments and replies the full-text index finds a word."""
    has = fulltext.engine(db.engine.dialect.name, ["english"])
    source = has.sources[0]
    beside, joined = has.joined(source, SearchRow.id)
    found = select(func.count()).select_from(beside if beside is not None else SearchRow)
    if beside is not None:
        found = found.join(SearchRow, joined)
    mine = SearchRow.comment_id.is_not(None)
    return db.session.scalar(found.where(mine, has.matches(source, words.read(f'"{word}"'), fulltext.COLUMNS))) or 0


def test_a_sown_consultation_counts_and_finds_what_it_holds(app: Flask, visit: Callable[..., Visitor]) -> None:
    with app.app_context():
        before = kept_up()
    assert sow(app, 600).exit_code == 0
    with app.app_context():
        assert kept_up() == before
        row = db.session.scalars(select(Consultation).where(Consultation.slug == "sown")).one()
        with write_transaction():
            assert list(differences(row)) == []
        many = {model: db.session.scalar(select(func.count()).select_from(model)) for model in (Comment, Reply, Vote)}
        assert many[Comment] == 600
        assert many[Reply] > 60
        assert many[Vote] > 600
        found = {told(r) for r in db.session.scalars(select(SearchRow).where(SearchRow.comment_id.is_not(None)))}
        made = [*rows.of_comments(Comment.id > 0), *rows.of_replies(Reply.id > 0)]
        assert {told(r) for r in made} == found
    for address in ("/c/sown", "/c/sown/comments", "/c/sown/comments?sort=discussed", "/search?q=auditors"):
        visit().open(address)
    with app.app_context():
        stored = select(SearchRow.title + " " + SearchRow.quote + " " + SearchRow.words)
        said = db.session.scalars(stored.where(SearchRow.comment_id.is_not(None))).all()
        assert found_of("incidents") == sum("incidents" in line.split() for line in said) > 0
    again = sow(app, 600)
    assert again.exit_code == 1
    assert "--slug" in again.output
