"""Themes: what several comments say is answered once, and each of them has its answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import VISITOR
from consult.debate.models import Comment
from consult.outcomes import operations, queries, tables
from consult.outcomes.models import Disposition, Theme, ThemeComment
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import World

Visit = Callable[..., Visitor]


def gather(world: World, *comments: Comment, name: str = "What counts as open", theme: int = 0) -> Theme:
    actor = world.make.actor(world.moderator)
    return operations.gather(
        actor=actor, consultation=world.found(), comments=[world.row(c) for c in comments], theme=theme, name=name
    )


def find(world: World, number: int = 1) -> Theme:
    actor = world.make.actor(world.moderator)
    return queries.find_theme(viewer=actor, consultation=world.found(), number=number)


def answer(world: World, code: str = "rejected", words: str = "For these reasons.", **given: object) -> Disposition:
    actor = world.make.actor(world.moderator)
    return operations.answer_theme(actor=actor, theme=find(world), code=code, observation=words, **given)


def became(*comments: Comment) -> list[str]:
    ids = [comment.id for comment in comments]
    return list(db.session.scalars(select(Comment.disposition).where(Comment.id.in_(ids)).order_by(Comment.id)))


def test_a_theme_is_answered_once_and_each_link_has_the_answer(inside: Flask, make: Make) -> None:
    world = World(make)
    one, two = world.comment(), world.on(1, 2)
    alone = world.comment()
    gather(world, one, two)
    answer(world, words="See {clause}, on {number}.")
    assert became(one, two, alone) == ["rejected", "rejected", "unresolved"]
    rows = {row.comment_id: row for row in db.session.scalars(select(Disposition))}
    assert {row.theme_id for row in rows.values()} == {find(world).id}
    assert rows[one.id].observation == f"See 1.1, on {one.number}."
    assert rows[two.id].observation == f"See 1.1 and 1.2, on {two.number}."
    assert f"on {two.number}" in rows[two.id].html


def test_what_was_answered_by_itself_keeps_its_answer(inside: Flask, make: Make) -> None:
    world = World(make)
    one, two = world.comment(), world.on(1, 2)
    actor = make.actor(world.moderator)
    operations.decide(actor=actor, comments=[world.row(one)], code="accepted")
    operations.decide(actor=actor, comments=[world.row(two)], code="accepted", clauses=[world.clauses[1].id])
    gather(world, one, two)
    answer(world)
    assert became(one) == ["accepted"]
    told = queries.answer_of(viewer=actor, comment=world.row(two))
    assert told is not None
    assert [(a.code, a.where) for a in told.each] == [("accepted", "1.1"), ("rejected", "1.2")]


def test_the_same_words_again_are_no_new_answer_and_a_newcomer_gets_them(inside: Flask, make: Make) -> None:
    world = World(make)
    one, two = world.comments(2)
    gather(world, one)
    answer(world)
    with pytest.raises(Conflict, match="has this answer"):
        answer(world)
    gather(world, two, theme=1)
    answer(world)
    assert became(one, two) == ["rejected", "rejected"]
    assert make.count(Disposition) == 2, "who had it already is not told anew"
    answer(world, words="For better reasons.")
    assert make.count(Disposition) == 4


def test_undo_gives_back_what_stood_before_but_not_what_was_decided_since(inside: Flask, make: Make) -> None:
    world = World(make)
    one, two, three = world.comments(3)
    gather(world, one, two, three)
    given = answer(world)
    other = make.actor(make.staff(world.consultation, "moderator"))
    operations.decide(actor=other, comments=[world.row(three)], code="accepted")
    actor = make.actor(world.moderator)
    with pytest.raises(Conflict, match="no answer of yours"):
        operations.undo_theme(actor=other, theme=find(world), answer=given.id)
    operations.undo_theme(actor=actor, theme=find(world), answer=given.id)
    assert became(one, two, three) == ["unresolved", "unresolved", "accepted"]
    with pytest.raises(Conflict, match="decided again since"):
        operations.undo_theme(actor=actor, theme=find(world), answer=given.id)


def test_a_comment_taken_out_keeps_its_answer_and_its_history(inside: Flask, make: Make) -> None:
    world = World(make)
    one, two = world.comments(2)
    gather(world, one, two)
    answer(world)
    operations.take_out(actor=make.actor(world.moderator), theme=find(world), comments=[world.row(one)])
    answer(world, words="Other reasons.")
    rows = db.session.scalars(select(Disposition).where(Disposition.comment_id == one.id)).all()
    assert [(row.observation, row.theme_id) for row in rows] == [("For these reasons.", find(world).id)]
    gather(world, two, name="Another theme")
    assert make.count(ThemeComment) == 1, "in one theme at most"


def test_own_comments_are_left_to_a_colleague(inside: Flask, make: Make) -> None:
    world = World(make)
    own, other = world.comment(author=world.moderator), world.comment()
    gather(world, own, other)
    desk = queries.theme_desk(viewer=make.actor(world.moderator), consultation=world.found(), number=1)
    assert (desk.waiting, desk.left) == (2, 1)
    answer(world)
    assert became(own, other) == ["unresolved", "rejected"]


def test_who_changed_it_meanwhile_is_heard(inside: Flask, make: Make) -> None:
    world = World(make)
    one, two = world.comments(2)
    gather(world, one)
    seen = queries.theme_mark(viewer=VISITOR, theme=find(world))
    gather(world, two, theme=1)
    with pytest.raises(Conflict, match="Somebody changed this theme"):
        answer(world, seen=seen)
    assert make.count(Disposition) == 0


def test_what_a_theme_does_not_take(inside: Flask, make: Make) -> None:
    world = World(make)
    with pytest.raises(Invalid, match="neither withdrawn nor hidden"):
        gather(world, world.comment(state="withdrawn"))
    with pytest.raises(Invalid, match="not of this round"):
        gather(world, world.comment(), theme=7)
    with pytest.raises(Invalid, match="in a few words"):
        gather(world, world.comment(), name="  ")
    early = World(make, "open")
    gather(early, early.comment())
    with pytest.raises(Refused, match="still open"):
        answer(early)
    over = World(make, "published")
    with pytest.raises(Refused, match="no longer change"):
        gather(over, over.comment())
    assert make.count(Disposition) == 0


def test_a_theme_in_the_browser_from_the_table_to_everybody(make: Make, visit: Visit) -> None:
    world = World(make)
    one, two = world.comment(body="Open means open."), world.comment(body="What is open?")
    browser = visit(world.moderator)
    browser.open(f"/c/{world.slug}/manage/answers/table")
    page = browser.press("Assign or group the ticked ones", also=[one.number, two.number])
    assert page.heading == "2 comments at once"
    page = browser.press("Put them there", name="What counts as open")
    assert page.heading == "What counts as open"
    assert "2 without an answer" in page.text
    page = browser.press("Save the words", summary="They ask what *open* means.")
    page = browser.press("Answer the theme", status=422, observation="Typed")
    assert "Choose what you decide" in page.text
    assert page.form("Answer the theme").fields["observation"] == ["Typed"]
    page = browser.press("Answer the theme", code="noted", observation="It is defined in 3.1.")
    assert "all answered" in page.text
    outside = f"/c/{world.slug}/outcome/themes/1"
    visit().open(outside, status=404)
    world.set(world.consultation, state="review")
    page = visit().open(outside)
    assert "2 comments raised this." in page.text
    assert "It is defined in 3.1." in page.text
    page = visit().open(f"/c/{world.slug}/outcome")
    assert "What counts as open" in page.links()
    page = visit().open(f"/c/{world.slug}/comments/{one.number}")
    assert page.links()["What counts as open"] == outside
    page = browser.open(f"/c/{world.slug}/manage/themes/1")
    browser.press("Undo: noted for this theme")
    assert make.count(Comment, Comment.disposition == "unresolved") == 2
    page = browser.press("Take the ticked ones out", also=[one.number])
    assert "1 comment, 1 without an answer" in page.text


def test_who_may_work_on_themes(make: Make, visit: Visit) -> None:
    world = World(make)
    with make.app.app_context():
        gather(world, world.comment())
    for address in ("themes", "themes/1"):
        visit(make.person()).open(f"/c/{world.slug}/manage/{address}", status=403)
        visit(make.staff(world.consultation, "editor")).open(f"/c/{world.slug}/manage/{address}")
    page = visit(make.staff(world.consultation, "editor")).open(f"/c/{world.slug}/manage/themes/1")
    assert not [form for form in page.forms if any(b[0] == "Answer the theme" for b in form.buttons)]
    visit(world.moderator).open(f"/c/{world.slug}/manage/themes/2", status=404)


def test_a_theme_costs_the_same_with_many_comments(app: Flask, make: Make, visit: Visit) -> None:
    world = World(make)
    with app.app_context():
        gather(world, world.comment())
    browser, address = visit(world.moderator), f"/c/{world.slug}/manage/themes/1"
    with listening(app) as few:
        browser.open(address)
    with app.app_context():
        gather(world, *world.comments(20), theme=1)
    with listening(app) as many:
        browser.open(address)
    assert len(few) == len(many) <= 24


def test_the_register_names_the_theme_of_an_answer_that_came_from_one(inside: Flask, make: Make) -> None:
    world = World(make, "analysis")
    one, alone = world.comments(2)
    gather(world, one, alone, name="=Open")
    actor = make.actor(world.moderator)
    operations.decide(actor=actor, comments=[world.row(alone)], code="accepted")
    answer(world)
    found = world.found()
    rows = list(tables.rows(queries.entries(viewer=actor, consultation=found, of=found.round), lambda number: number))
    assert {row["number"]: row["theme"] for row in rows} == {one.number: "=Open", alone.number: ""}
    assert '"\'=Open"' in "".join(tables.csv_parts(rows))
    assert '"theme": "=Open"' in "".join(tables.json_parts({"title": "T"}, rows))
