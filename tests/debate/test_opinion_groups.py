"""Opinion groups of a round: when they are looked for, what is kept and shown of them, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.jobs import Job, run_due
from consult.core.rules import SYSTEM
from consult.debate import mending, operations, opinions, queries
from consult.debate.models import Comment, OpinionMap, OpinionTally, Vote
from tests.debate.conftest import Statements, World, build
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
CATEGORIES = ("industry", "individual", "academia")


def again(world: World) -> Consultation:
    return consultations.find(viewer=SYSTEM, slug=world.consultation.slug)


def crowd(world: World, comments: Sequence[Comment], sizes: tuple[int, int] = (24, 12)) -> list[Person]:
    """Two camps, of two minds on all comments but the last, on which they agree; on each, some think otherwise."""
    people = [world.make.person() for _ in range(sum(sizes))]
    with world.make.writing() as session:
        for n, person in enumerate(people):
            for c, comment in enumerate(comments):
                agrees = c == len(comments) - 1 or (n < sizes[0]) == (c % 2 == 0)
                choice = "agree" if agrees != (n % 12 == c) else "disagree"
                session.add(Vote(comment_id=comment.id, person_id=person.id, choice=choice, category=CATEGORIES[n % 3]))
    return people


def comments(world: World, n: int = 9) -> list[Comment]:
    return [world.make.comment(world.consultation, world.clauses[1]) for _ in range(n)]


def look(app: Flask, world: World) -> None:
    """Set the counters right, then find the groups, as the job does."""
    with app.app_context():
        mending.recount(again(world))
        round_id = again(world).round.id
        ballots, votes = queries.ballots_of(viewer=SYSTEM, round_id=round_id)
        operations.keep_opinions(actor=SYSTEM, round_id=round_id, found=opinions.find(ballots), votes=votes)


@pytest.mark.usefixtures("inside")
def test_votes_of_ten_minutes_are_looked_at_together_and_after_them(world: World) -> None:
    said = comments(world)
    crowd(world, said)
    mending.recount(again(world))
    for comment in said[:3]:
        for _ in range(2):
            operations.vote(actor=world.actor(), comment=_found(world, comment), choice="pass")
    job = db.session.query(Job).filter_by(kind="debate.opinions").one()
    assert timedelta(0) < job.due_at - clock.now() <= timedelta(minutes=10)
    run_due()
    assert world.make.count(OpinionMap) == 0
    with clock.shifted(timedelta(minutes=10)):
        run_due()
        found = db.session.query(OpinionMap).one()
        assert (found.people, found.voters, found.counted) == ([24, 12], 42, 36)
        first = found.made_at
        for comment in said[3:7]:  # four more tell too much of the four
            operations.vote(actor=world.actor(), comment=_found(world, comment), choice="agree")
    with clock.shifted(timedelta(minutes=20)):
        run_due()
        assert _map().made_at == first
        operations.vote(actor=world.actor(), comment=_found(world, said[7]), choice="agree")
    with clock.shifted(timedelta(minutes=30)):
        run_due()
        assert _map().made_at > first


def _found(world: World, comment: Comment) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number)


def _map() -> OpinionMap:
    db.session.expire_all()
    return db.session.query(OpinionMap).one()


def test_a_comment_stands_as_high_as_both_kinds_of_people_and_groups_agree(app: Flask, world: World) -> None:
    said = comments(world)
    crowd(world, said)
    look(app, world)
    with app.app_context():
        ground = {row.id: (row.common_ground, row.group_ground) for row in db.session.query(Comment)}
        divided, agreed = ground[said[0].id], ground[said[8].id]
        assert 0 < divided[1] == divided[0] < 500 < agreed[0] < agreed[1]
        operations.vote(actor=world.actor(), comment=_found(world, said[0]), choice="agree")
        assert mending.recount(again(world)) == []
        assert db.session.get_one(Comment, said[0].id).common_ground == divided[0]


def test_only_counts_of_many_are_kept_and_nothing_of_anybody(app: Flask, world: World) -> None:
    said = comments(world, 11)
    people = crowd(world, said[:9])
    for person in people[:3]:
        world.make.row(Vote(comment_id=said[9].id, person_id=person.id, choice="agree", category="industry"))
    for person in people:  # of one mind, in a group of twelve
        world.make.row(Vote(comment_id=said[10].id, person_id=person.id, choice="agree", category="industry"))
    look(app, world)
    with app.app_context():
        rows = db.session.query(OpinionTally).all()
        assert {row.comment_id for row in rows} == {comment.id for comment in said[:9]}
        assert all(row.agree_count + row.disagree_count + row.pass_count >= 5 for row in rows)
        assert {column.name for column in OpinionTally.__table__.columns} == {
            "id", "comment_id", "number", "agree_count", "disagree_count", "pass_count",
        }  # fmt: skip
        assert queries.ballots_of(viewer=world.actor(), round_id=again(world).round.id) == ([], 0)
        with pytest.raises(Refused):
            operations.keep_opinions(
                actor=world.moderator(), round_id=again(world).round.id, found=opinions.Opinions(0, 0), votes=0
            )


def test_what_divides_and_unites_is_shown_of_comments_one_has_voted_on(app: Flask, world: World, visit: Visit) -> None:
    said = comments(world)
    people = crowd(world, said)
    look(app, world)
    address = f"{world.address}?sort=bridging"
    stranger = visit().open(address)
    assert "2 opinion groups" in stranger.text
    assert "group A with 24, group B with 12, 0 in none for sure" in stranger.text
    assert "you see this only of comments you have voted on" in stranger.text
    assert "of group A who voted on it" not in stranger.text
    page = visit(people[0]).open(address)
    assert re.search(r"Typical of group A P\d+-001 Remark \d+. Agree: 9\d % of the 24 of group A", page.text)
    assert re.search(rf"What unites them {said[8].number} Remark \d+. Agree: \d+ % of the 24 of group A", page.text)
    assert "most agree in 2 of 2 opinion groups and 3 of 3 kinds of people" in page.text
    with app.app_context():
        operations.hide(actor=world.moderator(), thing=_found(world, said[8]), reason="Spam.")
    assert f"What unites them {said[8].number}" not in visit(people[0]).open(address).text
    assert "opinion groups" not in visit(people[0]).open(world.address).text


def test_when_comments_are_closed_everybody_sees_it(app: Flask, make: Make, visit: Visit) -> None:
    world = build(make, "analysis")
    crowd(world, comments(world))
    look(app, world)
    page = visit().open(f"{world.address}?sort=bridging")
    assert "Typical of group B" in page.text
    assert "% of the 12 of group B who voted on it" in page.text
    assert "you have voted on" not in page.text


def test_no_groups_is_said_in_so_many_words(app: Flask, world: World, visit: Visit) -> None:
    said = comments(world, 2)
    crowd(world, said, (3, 2))
    look(app, world)
    page = visit().open(f"{world.address}?sort=bridging")
    assert "No distinct opinion groups" in page.text
    assert "5 people have voted, 0 of them on seven comments or more" in page.text
    with app.app_context():
        assert {row.group_ground for row in db.session.query(Comment)} == {0}


def test_the_page_costs_the_same_however_many_comments_there_are(
    app: Flask, make: Make, visit: Visit, statements: Statements
) -> None:
    def cost(n: int) -> tuple[int, int]:
        world = build(make)
        people = crowd(world, comments(world, n))
        look(app, world)
        browser = visit(people[0])
        browser.open(world.address)
        with statements() as plain:
            browser.open(world.address)
        with statements() as bridging:
            assert "2 opinion groups" in browser.open(f"{world.address}?sort=bridging").text
        return len(plain), len(bridging)

    plain, bridging = cost(9)
    assert cost(20) == (plain, bridging)
    assert bridging - plain == 2  # the finding; its comments with who agrees with these and those of the list
