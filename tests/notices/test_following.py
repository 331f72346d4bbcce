"""Following and stopping: what it brings into whose inbox, and what it never brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from consult.consultations import operations as consultations
from consult.consultations import queries as consultation_queries
from consult.consultations.models import Transition
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.jobs import Job, run_due
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.debate import queries as debate_queries
from consult.debate.models import Comment
from consult.documents import queries as documents
from consult.documents.models import Clause
from consult.notices import operations, queries
from consult.notices.happenings import Happening
from consult.notices.models import Follow, Notice
from consult.notices.operations import telling
from tests.make import Make
from tests.moderation.world import World, build
from tests.visitor import Visitor

from .conftest import Post

Visit = Callable[..., Visitor]


@pytest.fixture
def world(inside: Flask, make: Make) -> World:
    return build(make)


def told(person_id: int) -> list[str]:
    """The lines of somebody's inbox, oldest first, once all jobs are done."""
    while run_due():
        pass
    db.session.expire_all()
    rows = db.session.scalars(
        db.select(Notice)
        .options(db.joinedload(Notice.consultation))
        .where(Notice.person_id == person_id)
        .order_by(Notice.id)
    ).all()
    return [entry.line.text for entry in queries.entries(viewer=SYSTEM, notices=rows)]


def comment_by(world: World, who: str, clause: Clause | None, acting_for_id: int | None = None) -> Comment:
    make = world.make
    consultation = consultation_queries.find(viewer=SYSTEM, slug=world.slug)
    version = documents.version(viewer=SYSTEM, consultation_id=consultation.id)
    return debate.post_comment(
        actor=make.actor(getattr(world, who), acting_for_id), consultation=consultation, version=version,
        clauses=[clause] if clause else [], body="Say **who** does it.", positions=["safety"], stance="object",
        type="general", key=make.key(),
    )  # fmt: skip


def follow(world: World, who: str, subject: queries.Subject) -> None:
    operations.follow(actor=world.actor(who), subject=subject)


def test_a_clause_brings_comments_on_it_and_below_it_and_no_others(world: World, make: Make) -> None:
    heading, first, second = make.clauses(world.version)
    follow(world, "reader", first)
    comment_by(world, "author", second)
    assert told(world.reader.id) == []
    comment_by(world, "author", first)
    assert told(world.reader.id) == ["Ada Author commented on 1.1"]
    operations.stop_following(actor=world.actor("reader"), subject=first)
    comment_by(world, "author", first)
    assert len(told(world.reader.id)) == 1
    follow(world, "reader", heading)
    comment_by(world, "author", second)
    assert told(world.reader.id)[1:] == ["Ada Author commented on 1.2"]


def test_a_clause_is_followed_into_the_next_draft(world: World, make: Make) -> None:
    old = make.clauses(world.version)[1]
    follow(world, "reader", old)
    version = make.version(world.consultation, supersedes_id=world.version.id, frozen_at=None)
    new = make.clauses(version)[2]
    with write_transaction() as session:
        session.get_one(Clause, new.id).lineage_id = old.lineage_id
    with write_transaction() as session:
        current = session.get_one(type(version), version.id)
        session.get_one(type(version), world.version.id).round_id = None
        session.flush()
        current.round_id, current.frozen_at = world.comment.round_id, clock.now()
    [listed] = queries.follows(viewer=world.actor("reader")).rows
    assert (listed.name, listed.values["version"], listed.values["key"]) == ("1.2", 2, "1-2")
    comment_by(world, "author", db.session.get_one(Clause, new.id))
    assert told(world.reader.id) == ["Ada Author commented on 1.2"]


def test_a_consultation_an_organisation_and_a_clause_bring_one_line_for_one_comment(world: World, make: Make) -> None:
    organisation = make.organisation("Library Union")
    make.member(world.author, organisation, is_signatory=True)
    clause = make.clauses(world.version)[1]
    for subject in (world.consultation, organisation, clause):
        follow(world, "reader", subject)
        follow(world, "author", subject)
    comment_by(world, "author", clause, organisation.id)
    assert told(world.reader.id) == ["Ada Author for Library Union commented on 1.1"]
    assert told(world.author.id) == []  # nobody is told of her own acts
    assert make.count(Notice, Notice.person_id == world.reader.id, Notice.kind == "followed") == 1


def test_a_late_signature_is_told_to_followers_of_the_organisation_however_many_were_told_before(
    world: World, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    organisation, signatory = make.organisation("Library Union"), make.person("Sina Signs")
    make.member(world.author, organisation)
    make.member(signatory, organisation, is_signatory=True)
    readers = [make.person(f"Reader {n}") for n in range(5)]
    for n, person in enumerate(readers):
        operations.follow(actor=make.actor(person), subject=organisation if n == 4 else world.consultation)
    comment = comment_by(world, "author", None, organisation.id)
    assert [len(told(person.id)) for person in readers] == [1, 1, 1, 1, 0]
    comment = debate_queries.find_comment(viewer=SYSTEM, slug=world.slug, number=comment.number)
    debate.sign_comment(actor=make.actor(signatory), comment=comment, seen_edit_number=0)
    assert [len(told(person.id)) for person in readers] == [1, 1, 1, 1, 1]


def test_without_followers_there_is_no_job(world: World, make: Make) -> None:
    comment_by(world, "author", None)
    assert make.count(Job, Job.kind == "notices.fan_out") == 0


def test_who_writes_in_a_thread_follows_it_and_nothing_else(world: World, make: Make) -> None:
    comment = comment_by(world, "author", None)
    debate.post_reply(actor=world.actor("reader"), comment=comment, parent=None, body="Why?")
    follows = db.session.execute(db.select(Follow.person_id, Follow.comment_id)).all()
    assert sorted(follows) == sorted([(world.author.id, comment.id), (world.reader.id, comment.id)])
    debate.post_reply(actor=world.actor("second"), comment=comment, parent=None, body="Because.")
    number = comment.number
    assert told(world.reader.id) == [f"Mo Second replied under {number}"]
    assert told(world.author.id) == [
        f"Rita Reader replied to your comment {number}", f"Mo Second replied to your comment {number}",
    ]  # fmt: skip


def test_who_stopped_is_not_told_of_her_own_thread_and_does_not_follow_again_by_itself(world: World) -> None:
    comment = comment_by(world, "author", None)
    operations.stop_following(actor=world.actor("author"), subject=comment)
    first = debate.post_reply(actor=world.actor("reader"), comment=comment, parent=None, body="Why?")
    debate.post_reply(actor=world.actor("author"), comment=comment, parent=first, body="So.")
    debate.post_reply(actor=world.actor("reader"), comment=comment, parent=None, body="Well.")
    assert told(world.author.id) == []
    operations.follow(actor=world.actor("author"), subject=comment)
    again = world.load("reader", comment)
    debate.post_reply(actor=world.actor("reader"), comment=again, parent=None, body="Again.")  # type: ignore[arg-type]
    assert len(told(world.author.id)) == 1


def test_stopping_works_for_the_author_of_a_comment_that_has_no_follower_yet(world: World) -> None:
    operations.stop_following(actor=world.actor("author"), subject=world.comment)
    debate.post_reply(actor=world.actor("reader"), comment=world.load("author"), parent=None, body="Why?")  # type: ignore[arg-type]
    assert told(world.author.id) == []


def test_steps_are_told_to_followers_and_not_to_whoever_takes_them(world: World, make: Make) -> None:
    organiser = make.staff(world.consultation, "organiser")
    for person in (organiser, world.reader, world.author):
        operations.follow(actor=make.actor(person), subject=world.consultation)
    row = consultation_queries.find(viewer=SYSTEM, slug=world.slug)
    consultations.pause(actor=make.actor(organiser), consultation=row, reason="The server moves.")
    consultations.resume(actor=make.actor(organiser), consultation=row)
    assert told(organiser.id) == []
    assert [line.partition(",")[0] for line in told(world.reader.id)] == [
        "Paused: nobody can comment for a while", "Comments are possible again",
    ]  # fmt: skip
    consultations.withdraw(actor=make.actor(organiser), consultation=row, reason="No more money.")
    assert told(world.reader.id)[2:] == ["Withdrawn: it ends here"]
    assert len(told(world.author.id)) == 3


def test_who_commented_finds_the_review_in_her_inbox_and_gets_no_mail_of_it(
    world: World, make: Make, post: Post
) -> None:
    step = make.row(
        Transition(consultation_id=world.consultation.id, verb="begin_review", from_state="analysis", to_state="review")
    )
    operations.spread(actor=SYSTEM, of=Happening("step", step.id, world.consultation.id, f"step {step.id}"))
    assert told(world.author.id) == ["The proposed answers and the summary are public, to be checked"]
    assert told(world.reader.id) == []
    assert post() == []


def test_followers_of_an_organisation_hear_that_it_calls_a_consultation(world: World, make: Make) -> None:
    organisation = make.organisation("Library Union")
    operations.follow(actor=world.actor("reader"), subject=organisation)
    row = make.consultation("draft", organiser_id=organisation.id)
    make.version(row)
    consultations.announce(actor=SYSTEM, consultation=consultation_queries.find(viewer=SYSTEM, slug=row.slug))
    [line] = told(world.reader.id)
    assert line.startswith("Announced: comments open on ")
    assert make.count(Transition) == 1


def test_an_imported_file_is_no_news_for_each_row(world: World, make: Make) -> None:
    follow(world, "reader", world.consultation)
    consultation = consultation_queries.find(viewer=SYSTEM, slug=world.slug)
    version = documents.version(viewer=SYSTEM, consultation_id=consultation.id)
    given = {"consultation": consultation, "version": version, "clauses": [], "body": "Old words.", "author_name": "X"}
    debate.record_comment(actor=SYSTEM, source="log", fingerprint="row 1", **given)  # type: ignore[arg-type]
    assert told(world.reader.id) == []
    debate.record_comment(actor=SYSTEM, source="paper", **given)  # type: ignore[arg-type]
    assert told(world.reader.id) == ["X commented on the whole draft"]


# --- through the pages


def test_one_button_follows_and_stops_on_each_page(make: Make, visit: Visit) -> None:
    world = build(make)
    organisation = make.organisation("Library Union", slug="library")
    reader = visit(world.reader)
    for address, thing in (
        (f"/c/{world.slug}", "this consultation"), (f"/c/{world.slug}/v1/clauses/1-1", "this clause"),
        (f"/c/{world.slug}/comments/{world.comment.number}", "this comment"),
        (f"/organisations/{organisation.slug}", "this organisation"),
    ):  # fmt: skip
        reader.open(address)
        page = reader.press(f"Follow {thing}")
        assert page.url.partition("?")[0] == address
        assert "You follow " in page.text
        page = reader.press("Stop following")
        assert "any more" in page.text
        assert page.form(f"Follow {thing}")
        reader.press(f"Follow {thing}")
    page = reader.open("/me/follows")
    assert [
        link
        for link in page.links()
        if link in (world.consultation.title, "1.1", world.comment.number, "Library Union")
    ]
    assert make.count(Follow, Follow.is_on) == 4
    reader.press(f"Stop following {world.consultation.title}")
    assert reader.page is not None
    assert reader.page.url == "/me/follows"
    assert make.count(Follow, Follow.is_on) == 3


def test_the_button_pressed_twice_follows_once(make: Make, visit: Visit) -> None:
    world = build(make)
    reader = visit(world.reader)
    form = reader.open(f"/c/{world.slug}").form("Follow this consultation")
    for _ in range(2):
        reader.send(form.action, form.fields | {"follow": ["yes"]})
    assert make.count(Follow) == 1


def test_strangers_are_led_to_sign_in_and_back_and_their_page_needs_no_cookie(make: Make, visit: Visit) -> None:
    world = build(make)
    stranger = visit()
    for address in (f"/c/{world.slug}", f"/c/{world.slug}/v1/clauses/1-1"):
        page = stranger.open(address)
        link = next(target for words, target in page.links().items() if words.startswith("Follow this"))
        assert link == f"/sign-in?next={address}"
        assert "Set-Cookie" not in page.headers


def test_what_one_may_not_see_one_cannot_follow(make: Make, visit: Visit) -> None:
    world = build(make)
    hidden = make.consultation("draft")
    reader = visit(world.reader)
    reader.open(f"/c/{world.slug}")
    token = reader.page.form("Follow this consultation").fields["csrf_token"]  # type: ignore[union-attr]
    reader.send(f"/c/{hidden.slug}/following", {"csrf_token": token, "follow": "yes"}, status=404)
    assert make.count(Follow) == 0


def test_posting_says_that_one_follows(make: Make, visit: Visit) -> None:
    world = build(make)
    reader = visit(world.reader)
    reader.open(f"/c/{world.slug}/comments/{world.comment.number}")
    page = reader.press("Post reply", body="And why?")
    assert "You follow this comment: further replies come to your inbox." in page.text
    page = reader.press("Stop following")
    page = reader.press("Post reply", body="And how?")
    assert "Your reply is public." in page.text
    assert "You follow this comment" not in page.text


def test_the_list_of_follows_costs_the_same_for_one_and_for_many(
    make: Make, visit: Visit, statements: Callable[[], Any]
) -> None:
    world = build(make)
    heading, *below = make.clauses(world.version)
    for subject in (heading, world.comment, world.consultation):
        make.row(Follow(person_id=world.reader.id, **queries.target(subject)))
    reader = visit(world.reader)
    with statements() as few:
        reader.open("/me/follows")
    for subject in (*below, *(make.comment(world.consultation) for _ in range(20)), make.organisation()):
        make.row(Follow(person_id=world.reader.id, **queries.target(subject)))
    with statements() as many:
        page = reader.open("/me/follows")
    assert len(few) == len(many)
    assert "26 of 26 shown" in page.text
