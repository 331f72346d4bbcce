"""Comments are answered: by whom, how often, and with what trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation, Round
from consult.core import clock, events
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import SYSTEM, VISITOR
from consult.debate import operations as debate
from consult.debate.models import DISPOSITIONS, Comment
from consult.outcomes import operations, queries, rules
from consult.outcomes.events import CommentAnswered
from consult.outcomes.models import DECISIONS, Disposition
from tests.make import Make

from .world import World


@pytest.fixture
def told() -> Iterator[list[CommentAnswered]]:
    """Every CommentAnswered that is emitted."""
    heard: list[CommentAnswered] = []
    events._listeners[CommentAnswered].append(heard.append)
    yield heard
    events._listeners[CommentAnswered].remove(heard.append)


def _history(comment: Comment) -> list[str]:
    return list(
        db.session.scalars(
            select(Disposition.code).where(Disposition.comment_id == comment.id).order_by(Disposition.id)
        )
    )


def _copy(comment: Comment) -> str:
    return db.session.scalars(select(Comment.disposition).where(Comment.id == comment.id)).one()


def _decide(world: World, comments: list[Comment], code: str = "rejected", **values: object) -> Disposition:
    actor = world.make.actor(world.moderator)
    given = {"observation": "Because."} | values
    return operations.decide(actor=actor, comments=comments, code=code, **given)


def test_several_comments_get_the_same_answer_and_each_is_told(
    inside: Flask, make: Make, told: list[CommentAnswered]
) -> None:
    world = World(make)
    comments = world.comments(3)
    _decide(world, comments, "accepted_modified", observation="We *do* it.", change_class="technical")
    rows = db.session.scalars(select(Disposition)).all()
    assert {row.comment_id for row in rows} == {comment.id for comment in comments}
    assert {(row.code, row.html, row.change_class) for row in rows} == {
        ("accepted_modified", "<p>We <em>do</em> it.</p>\n", "technical")
    }
    assert len({row.decided_at for row in rows}) == 1
    assert {_copy(comment) for comment in comments} == {"accepted_modified"}
    assert {event.comment_id for event in told} == {comment.id for comment in comments}


@pytest.mark.parametrize("code", DECISIONS)
def test_only_accepted_may_stand_without_a_reason(inside: Flask, make: Make, code: str) -> None:
    world = World(make)
    comment, other = world.comments(2)
    target = {"duplicate_of": other.number} if code == "duplicate" else {}
    if code == "accepted":
        _decide(world, [comment], code, observation="", **target)
        assert _history(comment) == ["accepted"]
        return
    with pytest.raises(Invalid, match="Say why") as problem:
        _decide(world, [comment], code, observation=" \n ", **target)
    assert problem.value.field == "observation"
    assert _history(comment) == []


@pytest.mark.parametrize("code", [*sorted(set(DISPOSITIONS) - set(DECISIONS)), "", "accept", "x" * 5_000])
def test_what_is_no_decision_cannot_be_decided(inside: Flask, make: Make, code: str) -> None:
    world = World(make)
    with pytest.raises(Invalid) as problem:
        _decide(world, [world.comment()], code)
    assert problem.value.field == "code"


def test_a_duplicate_names_another_comment_of_the_same_consultation(inside: Flask, make: Make) -> None:
    world = World(make)
    first, second, third = world.comments(3)
    elsewhere = World(make).comment()
    for number, sentence in (
        ("", "Give the number"), (first.number, "repeat itself"), ("NOPE-1", "no comment NOPE-1"),
        (elsewhere.number, "no comment"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=sentence) as problem:
            _decide(world, [first], "duplicate", duplicate_of=number)
        assert problem.value.field == "duplicate_of"
    row = _decide(world, [first], "duplicate", duplicate_of=second.number.lower())
    assert row.duplicate_of_id == second.id
    with pytest.raises(Invalid, match="itself marked"):
        _decide(world, [third, second], "duplicate", duplicate_of=first.number)


@pytest.mark.parametrize("state", ["draft", "announced", "open", "paused", "published", "adopted", "withdrawn"])
def test_answers_are_given_in_analysis_and_review_only(inside: Flask, make: Make, state: str) -> None:
    world = World(make, state)
    comment = world.comment()
    with pytest.raises(Refused) as problem:
        _decide(world, [comment])
    assert problem.value.sentence == rules.NOT_NOW.get(state, rules.FROZEN)
    assert make.count(Disposition) == 0
    assert _copy(comment) == "unresolved"


@pytest.mark.parametrize("role", ["organiser", "editor", "observer", "appeals_panel", ""])
def test_only_moderators_of_this_consultation_answer(inside: Flask, make: Make, role: str) -> None:
    world = World(make)
    comment = world.comment()
    person = make.staff(world.consultation, role) if role else make.staff(make.consultation("analysis"), "moderator")
    with pytest.raises(Refused, match="Only moderators"):
        operations.decide(actor=make.actor(person), comments=[comment], code="noted", observation="Yes.")
    with pytest.raises(Refused, match="Only moderators"):
        operations.decide(actor=VISITOR, comments=[comment], code="noted", observation="Yes.")


def test_nobody_answers_her_own_comment_or_one_of_her_organisation(inside: Flask, make: Make) -> None:
    world = World(make)
    mother = make.organisation("Mother")
    daughter = make.organisation("Daughter", parent_id=mother.id)
    make.member(world.moderator, mother)
    for own in (
        world.comment(author=world.moderator),
        world.comment(organisation_id=mother.id),
        world.comment(organisation_id=daughter.id),
    ):
        free = world.comment()
        with pytest.raises(Refused, match=f"{own.number} is your own comment"):
            _decide(world, [free, own])
        assert _history(free) == _history(own) == []
    page = queries.workbench(viewer=make.actor(world.moderator), consultation=world.found(), filters=queries.Filters())
    assert (page.counters.to_decide, page.counters.own) == (6, 3)


@pytest.mark.parametrize("state", ["withdrawn", "hidden"])
def test_what_is_not_counted_is_not_answered(inside: Flask, make: Make, state: str) -> None:
    world = World(make)
    comment = world.comment(state=state)
    with pytest.raises(Refused, match=f"{comment.number} .*{state}"):
        _decide(world, [comment])


def test_a_stale_answer_names_the_other_one_and_changes_nothing(inside: Flask, make: Make) -> None:
    world = World(make)
    other = make.staff(world.consultation, "moderator", "Otto Other")
    first, second = world.comments(2)
    seen = {first.id: 0, second.id: 0}
    theirs = operations.decide(
        actor=make.actor(other), comments=[second], code="deferred", observation="Next year.", seen=seen
    )
    with pytest.raises(Conflict, match=f"{second.number} was answered meanwhile by Otto Other with “Deferred”: “Next"):
        _decide(world, [first, second], seen=seen)
    assert _history(first) == []
    assert _history(second) == ["deferred"]
    _decide(world, [first, second], seen=seen | {second.id: theirs.id})
    assert _history(second) == ["deferred", "rejected"]


def test_undo_is_a_new_row_that_says_what_stood_before(inside: Flask, make: Make, told: list[CommentAnswered]) -> None:
    world = World(make)
    actor = make.actor(world.moderator)
    fresh, answered = world.comments(2)
    _decide(world, [answered], "noted", observation="First.")
    _decide(world, [fresh, answered], "accepted")
    seen = {row.comment_id: row.id for row in db.session.scalars(select(Disposition).order_by(Disposition.id))}
    operations.undo_decisions(actor=actor, comments=[fresh, answered], answers=seen.values())
    assert _history(fresh) == ["accepted", "unresolved"]
    assert _history(answered) == ["noted", "accepted", "noted"]
    assert (_copy(fresh), _copy(answered)) == ("unresolved", "noted")
    assert db.session.scalars(select(Disposition).order_by(Disposition.id.desc())).first().observation == "First."
    assert len(told) == 4
    with pytest.raises(Conflict):
        operations.undo_decisions(actor=actor, comments=[fresh], answers=seen.values())


def test_a_second_press_answers_once(inside: Flask, make: Make) -> None:
    world = World(make)
    comment, key = world.comment(), make.key()
    first = _decide(world, [comment], key=key)
    again = _decide(world, [comment], key=key)
    assert first.id == again.id
    assert _history(comment) == ["rejected"]


def test_a_withdrawn_comment_is_answered_by_that(inside: Flask, make: Make) -> None:
    world = World(make, "review")
    author = make.person()
    comment = world.comment(author=author)
    _decide(world, [comment])
    debate.withdraw_comment(actor=make.actor(author), comment=world.row(comment))
    assert _history(comment) == ["rejected", "withdrawn"]
    assert _copy(comment) == "withdrawn"
    assert not queries.missing(viewer=SYSTEM, of=world.found().round), "nothing is left to answer"


def test_answers_from_elsewhere_are_recorded_once(inside: Flask, make: Make) -> None:
    world = World(make)
    comment = world.comment()
    given = {
        "comment": comment, "code": "accepted", "change_class": "technical", "change_note": "Pull request 1108",
        "source_note": "Resolution log, item 3",
    }  # fmt: skip
    first = operations.record_decision(actor=SYSTEM, **given)
    assert operations.record_decision(actor=SYSTEM, **given).id == first.id
    assert _history(comment) == ["accepted"]
    assert first.decided_by_id is None
    _decide(world, [comment], "noted")
    operations.record_decision(actor=SYSTEM, **given)
    assert _history(comment) == ["accepted", "noted"], "an import again must not undo what people decided since"
    with pytest.raises(Refused):
        operations.record_decision(actor=make.actor(world.moderator), **given)
    with pytest.raises(Invalid):
        operations.record_decision(actor=SYSTEM, **given | {"code": "rejected"})


def test_after_publication_nothing_new_is_recorded_but_the_same_is_no_error(inside: Flask, make: Make) -> None:
    world = World(make)
    comment = world.comment()
    first = operations.record_decision(actor=SYSTEM, comment=comment, code="accepted", source_note="log")
    with make.writing() as session:
        session.execute(db.update(Consultation).values(state="published"))
        session.execute(db.update(Round).values(published_at=clock.now()))
    assert operations.record_decision(actor=SYSTEM, comment=comment, code="accepted", source_note="log").id == first.id
    with pytest.raises(Refused, match="published"):
        operations.record_decision(actor=SYSTEM, comment=comment, code="noted", observation="x", source_note="log")


def test_what_others_repeat_is_itself_no_duplicate(inside: Flask, make: Make) -> None:
    world = World(make)
    first, second, third = world.comments(3)
    _decide(world, [first], "duplicate", duplicate_of=second.number)
    with pytest.raises(Invalid, match=f"{first.number} is answered as a duplicate of {second.number}"):
        _decide(world, [second], "duplicate", duplicate_of=third.number)
    _decide(world, [first], "duplicate", duplicate_of=third.number)
    _decide(world, [second], "duplicate", duplicate_of=third.number)
    assert [_copy(comment) for comment in (first, second)] == ["duplicate", "duplicate"]
