"""A sown consultation is like one that people made: every counter and every row of the search says what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.debate.models import Comment, Reply, Vote
from consult.debate.recounting import differences
from consult.demo.bench_cli import bench
from consult.search import rows
from consult.search.models import SearchRow
from tests.visitor import Visitor

FIELDS = ("number", "title", "quote", "words", "place", "stemmer")


def sow(app: Flask, many: int) -> Result:
    return app.test_cli_runner().invoke(bench, ["seed", "--comments", str(many), "--slug", "sown", "--json"])


def told(row: Any) -> tuple[Any, ...]:
    return tuple(row[name] if isinstance(row, dict) else getattr(row, name) for name in FIELDS)


def test_a_sown_consultation_counts_and_finds_what_it_holds(app: Flask, visit: Callable[..., Visitor]) -> None:
    assert sow(app, 600).exit_code == 0
    with app.app_context():
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
    again = sow(app, 600)
    assert again.exit_code == 1
    assert "--slug" in again.output
