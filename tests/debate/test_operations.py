"""Comments, replies and votes: what is written, counted and told."""

from __future__ import annotations

import pytest
from flask import Flask

from consult.core.rules import SYSTEM
from consult.debate import operations, queries
from consult.debate.models import Comment
from tests.make import Make


def test_smoke(inside: Flask, make: Make) -> None:
    c = make.consultation()
    v = make.version(c)
    person = make.person("Ada Lovelace")
    actor = make.actor(person)
    clause = make.clauses(v)[1]
    comment = operations.post_comment(
        actor=actor,
        consultation=c,
        version=v,
        clauses=[clause],
        body="Hello **you**",
        positions={"safety"},
        stance="object",
        type="technical",
        new_text="Providers shall publish a good summary.",
        must_be_satisfied=True,
        key=make.key(),
    )
    assert comment.number == f"P{person.id:04d}-001"
    row = queries.find_comment(viewer=actor, slug=c.slug, number=comment.number)
    page = queries.thread(viewer=actor, comment=row)
    assert "<ins>" in page.card.changes[0][1]
    assert operations.recount(actor=SYSTEM, consultation=c) == []
    with pytest.raises(Exception):
        assert make.count(Comment) == 2
