"""In the middle of a flood people read and write; of the flood nothing is on show, and its excess is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core import clock
from consult.debate.models import Comment
from tests.debate.test_proving import WRITING, solution
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
LETTER = "Take this article out of the draft, it harms everybody who lives from small models."
MOST = 4  # that one person may post; of the flood each tries more


@pytest.fixture
def flooded(app: Flask, make: Make) -> Consultation:
    row = make.consultation("open", slug="flooded")
    make.comment(row, make.clauses(make.version(row))[1], number="P0001-001")
    return row


def post_from(visitor: Visitor, address: str, times: int, words: str) -> Counter[int]:
    """So many letters as fast as they are answered, each a little different; the answers by status."""
    visitor.client.environ_base["REMOTE_ADDR"] = address
    statuses: Counter[int] = Counter()
    for turn in range(times):
        form = visitor.open("/c/flooded/comments/new").form("Post comment")
        typed = form.fields | WRITING | {"body": f"{words} {address} {turn}", "anyway": "1"}
        statuses[visitor.send(form.action, typed, status=None, follow=False).status] += 1
    return statuses


def states(make: Make, people: list[Person]) -> Counter[str]:
    with make.writing() as session:
        found = session.scalars(select(Comment.state).where(Comment.author_id.in_([one.id for one in people])))
        return Counter(found)


@pytest.mark.parametrize("asks", [True, False], ids=["with the calculation", "without it"])
def test_people_are_served_and_the_flood_waits(
    app: Flask, visit: Visit, make: Make, flooded: Consultation, monkeypatch: pytest.MonkeyPatch, asks: bool
) -> None:
    settings = app.extensions["consult.settings"]
    changed = {"writing_per_person": f"{MOST} per 15 minutes", "proof_of_work": "on" if asks else "off"}
    monkeypatch.setitem(app.extensions, "consult.settings", replace(settings, **changed))
    flood, known, new = [make.person(f"Flood {n}") for n in range(5)], make.person(), make.person()
    make.comment(flooded, author=known, posted_at=clock.now() - timedelta(hours=1))
    answers = sum((post_from(visit(one), f"127.100.0.{n}", MOST + 2, LETTER) for n, one in enumerate(flood)), Counter())
    assert answers == {303: MOST * len(flood), 429: 2 * len(flood)}
    shown = states(make, flood)["posted"]
    assert shown == 0 if asks else shown == 9, (
        "of one range nine in an hour, and nobody is trusted for the first of them"
    )
    said = {known: "Small schools need an example here.", new: "Who pays for the second audit of a year?"}
    for person, words in said.items():
        writer = visit(person)
        writer.client.environ_base["REMOTE_ADDR"] = f"127.200.{person.id % 250}.1"
        page = writer.open("/c/flooded/comments/new")
        proof = solution(page) if asks and person is new else {}
        assert "is public as" in writer.press("Post comment", **proof, **WRITING | {"body": words}).text
    for address in ("/c/flooded", "/c/flooded/comments", "/search?q=article+draft"):
        assert LETTER not in visit().open(address).text or not asks
