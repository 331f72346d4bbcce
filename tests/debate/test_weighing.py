"""Weighing in: what comes next, what is never shown before one's own vote, and how it ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask

from consult.consultations import queries as consultations
from consult.core.db import db
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import mending, operations, queries
from consult.debate.models import Comment, Vote
from tests.debate.conftest import Statements, World, build
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def found(world: World, number: str) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=number)


def following(world: World, viewer: Actor) -> str | None:
    db.session.expire_all()
    consultation = consultations.find(viewer=viewer, slug=world.consultation.slug)
    return queries.next_to_weigh(viewer=viewer, consultation=consultation)


def vote(world: World, actor: Actor, number: str, choice: str = "agree") -> None:
    operations.vote(actor=actor, comment=found(world, number), choice=choice)


@pytest.mark.usefixtures("inside")
def test_what_is_least_certain_comes_next_and_each_comment_once(world: World) -> None:
    numbers = [world.post().number for _ in range(6)]
    for number in numbers[1:]:
        for _ in range(4):
            vote(world, world.actor(), number)
    viewer = world.actor()
    assert following(world, viewer) == numbers[0]
    seen = []
    while (number := following(world, viewer)) is not None:
        assert following(world, viewer) == number
        seen.append(number)
        vote(world, viewer, number, "pass")
    assert seen[0] == numbers[0]
    assert sorted(seen) == sorted(numbers)


@pytest.mark.usefixtures("inside")
def test_nobody_is_first_for_everybody_while_nothing_is_known(world: World) -> None:
    for _ in range(8):
        world.post()
    firsts = Counter(following(world, world.actor()) for _ in range(40))
    assert len(firsts) >= 5
    assert max(firsts.values()) <= 20


@pytest.mark.usefixtures("inside")
def test_own_hidden_withdrawn_and_earlier_comments_never_come(world: World) -> None:
    guild, person = world.make.organisation("Guild", code="MG"), world.make.person()
    world.make.member(person, guild, is_signatory=True)
    alone, for_guild = world.make.actor(person), world.make.actor(person, acting_for_id=guild.id)
    world.post(alone)
    other = world.post().number
    hidden, withdrawer = world.post(), world.actor()
    operations.hide(actor=world.moderator(), thing=found(world, hidden.number), reason="Spam.")
    gone = world.post(withdrawer)
    operations.withdraw_comment(actor=withdrawer, comment=found(world, gone.number))
    colleague = world.make.person()
    world.make.member(colleague, guild, is_signatory=True)
    ours = world.post(world.make.actor(colleague, acting_for_id=guild.id)).number

    def all_for(viewer: Actor) -> set[str]:
        seen: set[str] = set()
        while (number := following(world, viewer)) is not None:
            seen.add(number)
            vote(world, viewer, number)
        return seen

    assert all_for(for_guild) == {other}
    assert all_for(alone) == {ours}
    moderator = world.moderator()
    assert hidden.number not in all_for(moderator)


def test_from_the_first_vote_to_the_last_without_javascript(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        numbers = [world.post(body=f"Thought {n}.").number for n in range(3)]
        for number in numbers:
            for choice in ("agree", "agree", "disagree"):
                vote(world, world.actor(), number, choice)
    browser = visit(world.make.person())
    address = f"/c/{world.consultation.slug}/weigh-in"
    page = browser.open(address)
    assert "0 of 3 comments so far" in page.text
    page = browser.open(page.links()["Start"])
    first = page.heading
    assert not re.search(r"Agree \d|Disagree \d", page.text)
    assert "Pass" in page.text
    page = browser.press("Disagree")
    assert page.heading != first
    assert "You disagree with" in page.text
    assert "1 of 3 comments so far" in page.text
    assert not re.search(r"Agree \d|Disagree \d", page.text)
    number = next(n for n in numbers if n in first)
    page = browser.press(f"Take it back: your vote on {number}")
    assert page.heading == first
    assert f"Your vote on {number} is taken back." in page.text
    assert not re.search(r"Agree \d", page.text)
    browser.press("Agree")
    browser.press("Pass")
    page = browser.press("Agree")
    assert page.url == address
    assert "You have voted on all comments there are." in page.text
    page = browser.open(f"{address}/{number}")
    assert "Agree 3" in page.text
    assert page.links()["That was the last one"] == address
    assert world.make.count(Vote) == 9 + 3


def test_who_cannot_vote_is_told_why(app: Flask, world: World, visit: Visit, make: Make) -> None:
    address = f"/c/{world.consultation.slug}/weigh-in"
    assert "There is no comment by somebody else yet." in visit(make.person()).open(address).text
    with app.app_context():
        author = make.person()
        number = world.post(make.actor(author)).number
    page = visit().open(address)
    assert page.links()["Sign in to weigh in"].endswith(f"next={address}")
    assert "Sign in to vote." in visit().open(f"{address}/{number}").text
    assert "Confirm your e-mail address" in visit(make.person(email_verified_at=None)).open(address).text
    assert "This is your own comment" in visit(author).open(f"{address}/{number}").text
    closed = build(make, "analysis")
    comment = make.comment(closed.consultation, closed.clauses[1], agree_count=7)
    assert "Comments are closed" in visit(make.person()).open(f"/c/{closed.consultation.slug}/weigh-in").text
    assert "Comments are closed" in visit().open(f"/c/{closed.consultation.slug}/weigh-in/{comment.number}").text
    for wrong in ("P9999-001", "next", "%00"):
        visit().open(f"{address}/{wrong}", status=404)
    with app.app_context():
        operations.hide(actor=world.moderator(), thing=found(world, number), reason="Spam.")
    visit(make.staff(world.consultation, "moderator")).open(f"{address}/{number}", status=404)


def test_a_vote_that_is_none_and_one_taken_back_twice_change_nothing(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        number = world.post().number
    browser = visit(world.make.person())
    page = browser.open(f"/c/{world.consultation.slug}/weigh-in/{number}")
    form = page.form("Agree")
    assert "Choose agree" in browser.send(form.action, form.fields | {"choice": ["maybe"]}).text
    for _ in range(2):
        browser.send(f"{form.action}/undoing", {"csrf_token": form.fields["csrf_token"]})
    with app.app_context():
        consultation = consultations.find(viewer=SYSTEM, slug=world.consultation.slug)
        assert mending.recount(consultation) == []
        assert found(world, number).agree_count == 0


def test_a_choice_costs_the_same_however_much_there_is(
    app: Flask, world: World, visit: Visit, statements: Statements
) -> None:
    browser = visit(world.make.person())

    def cost(n: int) -> int:
        for _ in range(n):
            comment = world.make.comment(world.consultation, world.clauses[1])
        with statements() as told:
            browser.open(f"/c/{world.consultation.slug}/weigh-in/{comment.number}")
        return len(told)

    few = cost(2)
    assert cost(30) == few
    assert few <= 20


@pytest.mark.usefixtures("inside")
def test_a_stranger_has_no_votes(world: World) -> None:
    world.post()
    consultation = consultations.find(viewer=VISITOR, slug=world.consultation.slug)
    page = queries.weighing(viewer=VISITOR, consultation=consultation)
    assert (page.cast, page.last, page.next_number, bool(page.may)) == (0, None, "", False)
