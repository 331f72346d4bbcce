"""What one may not read is in no result, in no count, and moves nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, text

from consult.core.db import db
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import operations as debate
from consult.moderation import operations as moderation
from consult.moderation.queries.things import standing
from consult.outcomes.models import Disposition
from consult.search import operations
from consult.search.models import SearchRow
from tests.make import Make
from tests.visitor import Visitor

from .conftest import Searched, searched

Visit = Callable[..., Visitor]
CANARY = "kanarigelb"


def readers(there: Searched) -> list[Actor]:
    make = there.make
    return [
        VISITOR, SYSTEM, make.actor(there.author), make.actor(make.person("Admin", is_administrator=True)),
        *(make.actor(make.staff(there.row, role)) for role in ("moderator", "organiser", "observer", "appeals_panel")),
    ]  # fmt: skip


def assert_silent(there: Searched) -> None:
    for viewer in readers(there):
        for everywhere in (False, True):
            page = there.page(CANARY, viewer, everywhere=everywhere)
            assert (page.total, page.is_more, list(page.hits)) == (0, False, [])


@pytest.fixture
def sung(there: Searched) -> Searched:
    comment = there.post(f"{CANARY} sings.", new_text=f"Small {CANARY} may publish.")
    there.said = (comment, there.reply(comment, f"{CANARY} again."))
    assert len(there.finds(CANARY)) == 2
    return there


def test_hidden_words_are_found_by_nobody_and_come_back(sung: Searched) -> None:
    moderator = sung.make.actor(sung.make.staff(sung.row, "moderator"))
    for thing in sung.said:
        moderation.hide_contribution(
            actor=moderator, thing=sung.load(thing), rule="personal", passage=CANARY, reason="A bird.", seen_act_id=0
        )
    assert_silent(sung)
    assert in_the_index() == 0
    for thing in sung.said:
        acts = standing(viewer=moderator, thing=sung.load(thing))
        moderation.restore_contribution(
            actor=moderator, thing=sung.load(thing), reason="A harmless bird.", seen_act_id=acts.id if acts else 0
        )
    assert len(sung.finds(CANARY)) == 2


def test_withdrawn_words_are_found_by_nobody(sung: Searched) -> None:
    actor = sung.make.actor(sung.author)
    debate.withdraw_reply(actor=actor, reply=sung.load(sung.said[1]))
    debate.withdraw_comment(actor=actor, comment=sung.load(sung.said[0]))
    assert_silent(sung)
    assert in_the_index() == 0


def test_words_before_an_edit_are_found_no_more(sung: Searched) -> None:
    actor = sung.make.actor(sung.author)
    debate.edit_reply(actor=actor, reply=sung.load(sung.said[1]), body="Other words.", seen_edit_number=0)
    assert len(sung.finds(CANARY)) == 1
    assert len(sung.finds("other words")) == 1


@pytest.mark.parametrize("state", ["hidden", "withdrawn"])
def test_a_row_that_is_not_up_to_date_shows_nothing(sung: Searched, state: str) -> None:
    """Whoever changes a thing past its listeners: the thing itself is asked."""
    with sung.make.writing() as session:
        for table in ("comment", "reply"):
            session.execute(text(f"UPDATE {table} SET state = '{state}'"))
    for viewer in readers(sung)[:1]:
        assert sung.page(CANARY, viewer).total == 0
    assert in_the_index() == 2


def test_a_consultation_in_preparation_is_found_by_its_staff_alone(inside: Flask, make: Make) -> None:
    there = searched(make, (f"The {CANARY} clause.",), state="draft")
    assert_silent(there)  # not frozen, so not even by them
    with make.writing() as session:
        session.execute(text("UPDATE draft_version SET frozen_at = '2026-01-01'"))
    operations.index_draft(actor=SYSTEM, consultation_id=there.row.id)
    assert there.page(CANARY, everywhere=True).total == 0
    assert there.page(CANARY, make.actor(make.staff(there.row, "editor")), everywhere=True).total == 1


def test_answers_are_found_by_the_staff_first_and_by_all_when_they_are_public(there: Searched) -> None:
    comment = there.post("A remark.")
    make = there.make
    make.row(Disposition(comment_id=comment.id, code="rejected", observation=CANARY, html=f"<p>{CANARY}</p>"))
    with make.writing() as session:
        session.execute(text("UPDATE comment SET disposition = 'rejected'"))
    operations.index_comment(actor=SYSTEM, comment_id=comment.id)
    moderator = make.actor(make.staff(there.row, "moderator"))
    assert (there.page(CANARY).total, there.page(CANARY, moderator).total) == (0, 1)
    # Nor is it told by a filter that there is an answer.
    assert (there.page("remark", answer="answered").total, there.page("remark", answer="open").total) == (0, 1)
    with make.writing() as session:
        session.execute(text("UPDATE consultation SET state = 'review'"))
    assert there.page(CANARY).total == 1
    assert there.page("remark", answer="answered").total == 1


def test_what_is_unseen_takes_no_place(there: Searched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the order nor among the most that are shown."""
    monkeypatch.setattr("consult.search.queries.finding.MOST", 2)
    hidden = [there.post(f"{CANARY} {n}.") for n in range(4)]
    shown = [there.post(f"{CANARY} last {n}.") for n in range(2)]
    with there.make.writing() as session:
        session.execute(text(f"UPDATE comment SET state = 'hidden' WHERE id <= {hidden[-1].id}"))
    page = there.page(CANARY)
    assert (page.total, page.is_more) == (2, False)
    assert [hit.number for hit in page.hits] == [row.number for row in shown]


def in_the_index() -> int:
    """Things the full-text index itself has the canary of."""
    if db.engine.dialect.name == "sqlite":
        asked = f"SELECT count(*) FROM search_english WHERE search_english MATCH '{CANARY}'"
    else:
        asked = f"SELECT count(*) FROM search_row WHERE in_words @@ to_tsquery('consult_english', '{CANARY}')"
    return int(db.session.scalar(text(asked)) or 0)


def test_rows_go_from_the_index_with_their_table(there: Searched) -> None:
    there.post(f"{CANARY} sings.")
    with there.make.writing() as session:
        session.execute(delete(SearchRow))
    assert in_the_index() == 0
