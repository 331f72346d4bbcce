"""The same key from twenty programs at the same moment: one effect, and the same answer for all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from consult.debate.models import Comment, Reply, Vote
from tests.make import Make

from .program import Program, give

MANY = 20
ALL = "/consultations/press/comments"
SENT = {
    Comment: ("POST", ALL, {"body": "Say who measures it.", "positions": ["safety"], "stance": "object"}, 201),
    Reply: ("POST", f"{ALL}/P9000-001/replies", {"body": "I agree."}, 201),
    Vote: ("PUT", f"{ALL}/P9000-001/vote", {"choice": "agree"}, 200),
}


@pytest.mark.parametrize("kind", SENT, ids=lambda kind: kind.__name__)
def test_one_key_is_one_effect_and_one_answer(app: Flask, make: Make, kind: Any) -> None:
    row = make.consultation("open", slug="press")
    make.comment(row, make.clauses(make.version(row))[1], number="P9000-001")
    before = make.count(kind)
    method, path, body, status = SENT[kind]
    token, start = give(make, make.person("Ada")), Barrier(MANY)

    def press(_number: int) -> bytes:
        program = Program(app, token)
        start.wait(30)
        answer = program.ask(path, method, status, key="one-key-for-all", json=body)
        found: bytes = answer.data
        return found

    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(press, range(MANY)))
    assert make.count(kind) == before + 1
    assert len(set(answers)) == 1
