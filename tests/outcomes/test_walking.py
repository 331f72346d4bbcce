"""Numbers beside the lists of answers are those one gets by counting, and end where nobody counts on."""

from __future__ import annotations

import random
from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import func, not_, select

from consult.core.db import db
from consult.core.rules import VISITOR, Actor
from consult.debate.models import DISPOSITIONS, Comment
from consult.outcomes import queries
from consult.outcomes.queries import Filters, walking
from consult.outcomes.queries.visibility import counted
from tests.make import Make

from .world import World

workbench = import_module("consult.outcomes.queries.workbench")  # the package has a function of this name


def furnished(make: Make) -> tuple[World, Actor]:
    """Comments of every kind, some of them the moderator's own, in two rounds' worth of states."""
    world, dice = World(make), random.Random(5)
    people = [make.person(category=category) for category in ("academia", "nonprofit", "individual")]
    for _ in range(40):
        state = dice.choice(["posted", "posted", "posted", "withdrawn", "hidden"])
        world.comment(
            clause=dice.randrange(1, 3), author=dice.choice([*people, world.moderator]), state=state,
            disposition=dice.choice([*DISPOSITIONS, "unresolved", "unresolved", "unresolved"]),
        )  # fmt: skip
    world.comments(2, author=world.moderator)
    return world, make.actor(world.moderator)


def test_kept_numbers_are_counted_ones(inside: Flask, make: Make) -> None:
    world, _moderator = furnished(make)
    of = world.found().round
    for show in ("", "open", "answered", *DISPOSITIONS):
        for category in ("", "academia", "nonprofit", "nobody"):
            filters = Filters(show=show, category=category)
            assert filters.is_tallied
            for is_whole in (False, True):
                wanted = [*walking.within(of, filters, is_whole=is_whole), *filters.conditions()]
                counted_ = db.session.scalar(select(func.count()).select_from(Comment).where(*wanted))
                assert walking.many(VISITOR, of, filters, wanted, is_whole=is_whole) == (counted_, False), filters


def test_the_counters_of_the_workbench_are_counted_ones(
    inside: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, moderator = furnished(make)
    consultation = world.found()

    def number(*where: object) -> int:
        shown = select(func.count()).select_from(Comment).where(counted(consultation.round.id), *where)  # type: ignore[arg-type]
        return db.session.scalar(shown) or 0

    is_open = Comment.disposition == "unresolved"
    own = number(is_open, workbench.is_own_of(moderator))
    assert own > 1
    for end in (1_000, 0):  # among the unanswered; by whose they are, to an end
        monkeypatch.setattr(workbench, "MOST_COUNTED", end)
        page = queries.workbench(viewer=moderator, consultation=consultation, filters=Filters())
        found = page.counters
        assert (found.to_decide, found.decided) == (number(is_open), number(not_(is_open)))
        assert (found.own, found.is_own_more) == ((own, False) if end else (0, True))
    monkeypatch.setattr(workbench, "MOST_COUNTED", own)
    last = queries.workbench(viewer=moderator, consultation=consultation, filters=Filters()).counters
    assert (last.own, last.is_own_more) == (own, False)


def test_what_is_not_kept_is_counted_to_an_end(inside: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, moderator = furnished(make)
    monkeypatch.setattr(walking, "MOST_COUNTED", 3)
    consultation = world.found()
    page = queries.table(viewer=moderator, consultation=consultation, filters=Filters(position="safety"))
    assert (page.lines.total, page.lines.is_more) == (3, True)
    page = queries.table(viewer=moderator, consultation=consultation, filters=Filters(q="nobody says this"))
    assert (page.lines.total, page.lines.is_more) == (0, False)


def test_forward_and_back_through_the_workbench_nothing_is_left_out(
    inside: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, moderator = furnished(make)
    monkeypatch.setattr(workbench, "PAGE", 3)
    consultation = world.found()
    shown = select(Comment.number).where(counted(consultation.round.id))
    expected = db.session.scalars(shown.order_by(Comment.is_answered, Comment.id)).all()
    for show in ("", "answered"):
        wanted = [n for n in expected if not show or n in db.session.scalars(shown.where(Comment.is_answered)).all()]
        seen: list[str] = []
        after = before = None
        while True:
            page = queries.workbench(
                viewer=moderator, consultation=consultation, filters=Filters(show=show), after=after
            )
            seen += [row.number for row in page.lines.rows]
            if page.lines.next_cursor is None:
                break
            after = page.lines.next_cursor
        assert seen == wanted
        back = [row.number for row in page.lines.rows]
        while (before := page.lines.previous_cursor) is not None:
            page = queries.workbench(
                viewer=moderator, consultation=consultation, filters=Filters(show=show), before=before
            )
            back = [*(row.number for row in page.lines.rows), *back]
        assert back == wanted


@pytest.mark.parametrize("is_busy", [False, True])
def test_others_on_the_clause_are_the_same_gathered_or_met(inside: Flask, make: Make, *, is_busy: bool) -> None:
    world, moderator = furnished(make)
    first = world.comment(clause=1)
    if is_busy:
        world.set(world.clauses[1], comment_count=1_000)
    page = queries.workbench(viewer=moderator, consultation=world.found(), filters=Filters(), number=first.number)
    assert page.item is not None
    on_it = select(Comment).where(counted(page.item.comment.round_id), Comment.place == first.place)
    others = on_it.where(~Comment.is_answered, Comment.id != first.id, not_(workbench.is_own_of(moderator)))
    assert [row.id for row in page.item.near] == [row.id for row in db.session.scalars(others.order_by(Comment.id))][:6]
    assert page.item.near
