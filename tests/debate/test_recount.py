"""Counters say what the rows say, after everything that can happen; `recount` sets right what does not."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterable, Iterator, Sequence

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select, update

from consult.accounts.models import Person
from consult.consultations.models import Consultation, Position
from consult.core.db import db, write_transaction
from consult.core.errors import DomainError, Missing
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import mending, operations, queries, recounting
from consult.debate.cli import recount
from consult.debate.models import (
    DISPOSITIONS,
    ArgumentTally,
    BodyTally,
    Comment,
    Reply,
    RoundTally,
    VoiceTally,
    VoteTally,
)  # fmt: skip
from consult.documents.models import Clause, ClauseTally, ReadingPage
from tests.debate.conftest import World, build
from tests.debate.test_races import at_once
from tests.make import Make


def anything(world: World, dice: random.Random, people: list[Actor], moderator: Actor) -> None:
    """One thing that may happen in a debate, to a comment picked by the dice; some are refused."""
    numbers = list(db.session.scalars(select(Comment.number).where(Comment.consultation_id == world.consultation.id)))
    actor = dice.choice(people)
    if not numbers or dice.random() < 0.35:
        world.post(
            actor, clauses=dice.sample(world.clauses, dice.randrange(3)),
            positions=set(dice.sample(["safety", "profit", "access"], dice.randrange(1, 3))),
        )  # fmt: skip
        return
    comment = queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=dice.choice(numbers))
    act = dice.choice([
        lambda: operations.withdraw_comment(actor=actor, comment=comment),
        lambda: operations.hide(actor=moderator, thing=comment, reason="Spam."),
        lambda: operations.unhide(actor=moderator, thing=comment),
        lambda: operations.vote(actor=actor, comment=comment, choice=dice.choice(["agree", "disagree", "pass"])),
        lambda: operations.post_reply(
            actor=actor, comment=comment, parent=a_reply(comment, dice), body="No.", positions={"access"}
        ),
        lambda: operations.hide(actor=moderator, thing=known_reply(comment, dice), reason="Spam."),
        lambda: operations.unhide(actor=moderator, thing=known_reply(comment, dice)),
        lambda: operations.withdraw_reply(actor=actor, reply=known_reply(comment, dice)),
        lambda: operations.place_comment(actor=moderator, comment=comment, positions={"profit"}),
        lambda: operations.cosign(actor=actor, comment=comment, seen_edit_number=comment.edit_number),
        lambda: operations.take_back_name(actor=actor, comment=comment),
        lambda: operations.set_disposition(actor=SYSTEM, comment=comment, code=dice.choice([*DISPOSITIONS])),
        lambda: operations.record_comment(
            actor=SYSTEM, consultation=world.consultation, version=world.version, clauses=world.clauses[2:],
            body="From outside.", author_name=dice.choice(["A", "B"]), source="paper",
        ),
    ])  # fmt: skip
    act()


def a_reply(comment: Comment, dice: random.Random) -> Reply | None:
    ids = list(db.session.scalars(select(Reply.id).where(Reply.comment_id == comment.id)))
    if not ids or dice.random() < 0.3:
        return None
    return queries.find_reply(
        viewer=SYSTEM, slug=comment.consultation.slug, number=comment.number, reply_id=dice.choice(ids)
    )


def known_reply(comment: Comment, dice: random.Random) -> Reply:
    reply = a_reply(comment, dice)
    if reply is None:
        raise Missing
    return reply


def test_after_anything_and_everything_there_is_nothing_to_correct(inside: Flask, make: Make) -> None:
    world, dice = build(make), random.Random(7)
    guild = make.organisation("Guild", code="MG")
    people = [world.actor() for _ in range(3)]
    for _ in range(2):
        make.member(person := make.person(), guild, is_signatory=True)
        people.append(make.actor(person, acting_for_id=guild.id))
    moderator = world.moderator()
    for _ in range(150):
        try:
            anything(world, dice, people, moderator)
        except DomainError:
            db.session.rollback()
        db.session.expire_all()
    assert make.count(Comment) > 30
    assert mending.recount(world.consultation) == []


def spoil(world: World) -> None:
    with write_transaction() as session:
        for table, column in (
            (Consultation, "comment_count"), (Consultation, "organisation_count"), (Consultation, "person_count"),
            (Position, "comment_count"), (Clause, "comment_count"), (Clause, "total_count"), (ReadingPage, "comment_count"),
            (ClauseTally, "count"), (Comment, "reply_count"), (Comment, "agree_count"), (Comment, "common_ground"),
            (Comment, "vote_worth"), (RoundTally, "count"), (ArgumentTally, "count"), (VoiceTally, "count"),
            (VoteTally, "agree_count"), (Reply, "answer_count"), (Reply, "below_count"),
        ):  # fmt: skip
            session.execute(update(table).values({column: 99}))


def test_a_spoiled_counter_is_named_and_set_right(inside: Flask, make: Make) -> None:
    world = build(make)
    comment = world.post()
    there = queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number)
    operations.vote(actor=world.actor(), comment=there, choice="agree")
    operations.post_reply(actor=world.actor(), comment=there, parent=None, body="No.")
    spoil(world)
    db.session.expire_all()
    lines = mending.recount(world.consultation)
    assert f"consultation {world.consultation.id}: comment_count was 99, is 1" in lines
    assert (
        len(lines) == 3 + 3 + 3 + 3 + 1 + 1 + 3 + 4 + 1 + 2
    )  # consultation, positions, clauses twice, page, tallies of the clause and of the round, comment, votes, reply
    db.session.expire_all()
    assert mending.recount(world.consultation) == []
    assert queries.balance(viewer=VISITOR, consultation=_with_positions(world))[5].comments == 1


def _with_positions(world: World) -> Consultation:
    db.session.expire_all()
    comment = db.session.scalars(select(Comment).options(*queries.cards.__globals__["WITH_CARD"])).unique().first()
    assert comment is not None
    return queries.writing(viewer=VISITOR, slug=world.consultation.slug).consultation


def test_a_missing_tally_comes_back(inside: Flask, make: Make) -> None:
    world = build(make)
    guild = make.organisation("Guild")
    make.member(person := make.person(), guild, is_signatory=True)
    world.post(make.actor(person, acting_for_id=guild.id))
    tallies = (ClauseTally, RoundTally, ArgumentTally, VoiceTally, BodyTally)
    with write_transaction() as session:
        for table in tallies:
            session.execute(db.delete(table))
    lines = mending.recount(world.consultation)
    assert sorted(line.split(" ")[0] for line in lines) == sorted(table.__tablename__ for table in tallies)
    assert {line.split(": ")[1] for line in lines} == {"count was 0, is 1"}


def test_whether_a_comment_is_placed_follows_its_positions(inside: Flask, make: Make) -> None:
    world = build(make)
    comment = world.post()
    assert comment.is_placed
    with write_transaction() as session:
        session.execute(update(Comment).values(is_placed=False))
    lines = mending.recount(world.consultation)
    assert lines == [f"comment {comment.id}: is_placed was False, is True"]
    assert mending.recount(world.consultation) == []


def test_the_command_corrects_and_says_what(app: Flask, make: Make) -> None:
    world = build(make)
    with app.app_context():
        world.post()
        spoil(world)
    runner, context = CliRunner(), ScriptInfo(create_app=lambda: app)
    first = json.loads(runner.invoke(recount, ["--json"], obj=context).stdout)
    assert list(first["corrected"]) == [world.consultation.slug]
    assert json.loads(runner.invoke(recount, ["--json"], obj=context).stdout) == {"corrected": {}}
    assert "1 consultations counted; no counters corrected." in runner.invoke(recount, [], obj=context).stdout
    assert make.count(Person) == 1


def several(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> World:
    """Five comments on three clauses, in pieces of two."""
    monkeypatch.setattr(recounting, "COMMENTS", 2)
    monkeypatch.setattr(recounting, "CLAUSES", 2)
    world = build(make)
    with app.app_context():
        for number in range(5):
            comment = world.post(clauses=[world.clauses[number % 3]])
            there = queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number)
            operations.vote(actor=world.actor(), comment=there, choice="agree")
    return world


def test_piece_by_piece_everything_is_counted_once(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = several(app, make, monkeypatch)
    passed: list[recounting.Piece] = []

    def watch(pieces: Iterable[recounting.Piece]) -> Iterator[recounting.Piece]:
        for piece in pieces:
            passed.append(piece)
            yield piece

    with app.app_context():
        spoil(world)
        lines = mending.recount(world.consultation, watch)
        assert len(lines) == len(set(lines)) > 30
        assert len([piece for piece in passed if piece.is_of_comments]) == 3
        assert list(recounting.differences(world.consultation)) == []
        assert db.session.scalars(select(Comment.agree_count)).all() == [1] * 5


def test_what_was_ended_in_the_middle_is_taken_up_again(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = several(app, make, monkeypatch)

    def end(pieces: Sequence[recounting.Piece]) -> Iterator[recounting.Piece]:
        yield from [piece for piece in pieces if piece.is_of_comments][:1]
        raise KeyboardInterrupt

    with app.app_context():
        spoil(world)
        with pytest.raises(KeyboardInterrupt):
            mending.recount(world.consultation, end)
        assert sorted(db.session.scalars(select(Comment.agree_count))) == [1, 1, 99, 99, 99]
        mending.recount(world.consultation)
        assert list(recounting.differences(world.consultation)) == []


def test_others_post_while_it_counts(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = several(app, make, monkeypatch)

    def post() -> None:
        with app.app_context():
            world.post()

    def meanwhile(pieces: Iterable[recounting.Piece]) -> Iterator[recounting.Piece]:
        for piece in pieces:
            at_once(app, lambda _n: post(), 1)
            yield piece

    with app.app_context():
        spoil(world)
        mending.recount(world.consultation, meanwhile)
        assert list(recounting.differences(world.consultation)) == []
    with app.app_context():
        of = db.session.get_one(Consultation, world.consultation.id)
        assert of.comment_count == make.count(Comment) > 10


def test_whoever_writes_holds_up_no_counting(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, found = several(app, make, monkeypatch), list[list[str]]()

    def count() -> None:
        with app.app_context():
            found.append(mending.recount(world.consultation))

    with app.app_context(), write_transaction() as session:
        session.execute(update(Consultation).values(edit_number=Consultation.edit_number + 1))
        counting = threading.Thread(target=count, daemon=True)
        counting.start()
        counting.join(60)
        assert found == [[]]
