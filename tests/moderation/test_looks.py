"""What waits for a look is there for its author and the moderators; to all others it comes when it is let through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.jobs import run_due
from consult.core.rules import SYSTEM
from consult.debate import holding, mending
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply, Trail
from consult.documents import queries as documents
from consult.moderation.models import Appeal, ModerationAct
from consult.settings import Settings
from tests.make import Make
from tests.visitor import Visitor

from .test_canary import CANARIES, addresses, words_of
from .world import World as Plain


@dataclass
class World(Plain):
    """With the number of a comment that is on show."""

    shown: str = ""


Visit = Callable[..., Visitor]
SONG = "Kanarigelb sings of @reader."


def rule(world: World, rule: str) -> None:
    with world.make.writing() as session:
        session.execute(
            update(Consultation).where(Consultation.id == world.consultation.id).values(pre_moderation=rule)
        )


def post(world: World, person: Person, body: str = SONG, origin: str = "") -> Comment:
    """A comment as somebody writes it. Inside a context."""
    actor = world.make.actor(person)
    version = documents.version(viewer=actor, consultation_id=world.consultation.id)
    return debate.post_comment(
        actor=actor, consultation=consultations.find(viewer=actor, slug=world.slug), version=version, positions=["access"], body=body, stance="object",
        clauses=documents.clauses(viewer=actor, version=version, keys=["1-1"]), type="technical", origin=origin,
        new_text="Providers shall publish Stieglitzrot.", key=world.make.key(),
    )  # fmt: skip


def known(world: World) -> Person:
    """Somebody whose words stand for longer than a flood lasts."""
    person = world.make.person()
    world.make.comment(world.consultation, author=person, posted_at=clock.now() - holding.SETTLED)
    return person


@pytest.fixture
def held(app: Flask, world: World) -> World:
    """The first comment of somebody new, and a reply to a shown comment, where first posts wait."""
    rule(world, "first")
    newcomer = world.make.person("Nele Newcomer")
    number = world.comment.number
    with app.app_context():
        shown = world.load("reader")
        world.reply = debate.post_reply(
            actor=world.make.actor(newcomer), comment=shown, parent=None, body="Zaunkoenig answers.", key=world.make.key()  # type: ignore[arg-type]
        )  # fmt: skip
        world.comment = post(world, newcomer)
        assert (world.comment.state, world.comment.held_for, world.reply.state) == ("held", "first", "held")
    world.author = newcomer
    return World(**vars(world), shown=number)


def test_what_waits_is_on_no_page_of_others(app: Flask, visit: Visit, held: World, make: Make) -> None:
    """A moderator elsewhere stands for the roles that read most; whoever has no role here is asked as a visitor."""
    elsewhere = make.staff(held.consultation, "organiser")
    make.role(elsewhere, make.consultation(), "moderator")
    for person in (None, elsewhere):
        browser = visit(person)
        for address in addresses(app, held):
            if held.comment.number not in address:
                body = words_of(browser.client.get(address, follow_redirects=True).get_data())
                assert not [w for w in (held.comment.number, *CANARIES) if w.lower() in body.lower()], address
        browser.open(f"/c/{held.slug}/comments/{held.comment.number}", status=404)
        browser.open(f"/c/{held.slug}/comments/{held.comment.number}/report", status=None)
        browser.open(f"/c/{held.slug}/comments/{held.shown}/replies/{held.reply.id}", status=404)


def test_its_author_and_the_moderators_read_it(visit: Visit, held: World) -> None:
    for person in (held.author, held.moderator, held.panel):
        assert "Kanarigelb" in visit(person).open(f"/c/{held.slug}/comments/{held.comment.number}").text
    assert "Zaunkoenig" in visit(held.author).open(f"/c/{held.slug}/comments/{held.shown}").text
    assert "waits for a look" in visit(held.author).open("/me").text


def test_nothing_is_counted_told_or_sent_before(app: Flask, held: World, settings: Settings) -> None:
    with app.app_context():
        while run_due():
            pass
    with held.make.writing() as session:
        row = session.get_one(Consultation, held.consultation.id)
        assert row.comment_count == 0
        assert session.get_one(Reply, held.reply.id).place == 0
    assert not [p for p in Path(settings.instance).glob("mail/*.eml") if "Kanarigelb" in p.read_text()]


def test_let_through_it_has_its_time_and_everybody_hears_of_it(app: Flask, visit: Visit, held: World) -> None:
    received = held.comment.posted_at
    with held.make.writing() as session:
        session.execute(
            update(Comment).where(Comment.id == held.comment.id).values(posted_at=received - timedelta(days=1))
        )
    follower = visit(held.reader)
    follower.open(f"/c/{held.slug}")
    follower.press("Follow this consultation")
    browser = visit(held.moderator)
    for at in (held.at_comment, held.at_reply):
        browser.open(at)
        assert "On show" in browser.press("Put it on show p").text
    with held.make.writing() as session:
        comment, reply = session.get_one(Comment, held.comment.id), session.get_one(Reply, held.reply.id)
        assert (comment.state, reply.state) == ("posted", "posted")
        assert comment.posted_at == received - timedelta(days=1)
        assert comment.released_at is not None
        assert comment.active_at >= comment.released_at
        assert (reply.place, reply.path) == (2, "000002") or reply.place >= 1
        assert session.get_one(Consultation, held.consultation.id).comment_count == 1
    with app.app_context():
        while run_due():
            pass
        assert mending.recount(held.consultation) is not None
    assert "Kanarigelb" in visit().open(f"/c/{held.slug}/comments/{held.comment.number}").text
    assert "Nele Newcomer commented on 1.1" in visit(held.reader).open("/me/inbox").text
    told = visit(held.author).open("/me/inbox").text
    assert f"your comment {held.comment.number}: it is on show" in told
    assert "your reply under" in told
    assert "Kanarigelb" in visit().open("/search?q=kanarigelb").text


def test_refused_it_is_hidden_with_its_statement_and_an_appeal_is_possible(visit: Visit, held: World) -> None:
    browser = visit(held.moderator)
    browser.open(held.at_comment)
    page = browser.press("Decide", verb="hide", rule="spam", passage="Kanarigelb", reason="It advertises a bird.")
    assert "Hidden." in page.text
    stranger = visit().open(f"/c/{held.slug}/comments/{held.comment.number}")
    assert "It advertises a bird." in stranger.text
    assert "Kanarigelb" not in stranger.body
    with held.make.writing() as session:
        act = session.scalars(select(ModerationAct).where(ModerationAct.verb == "hide")).one()
        assert session.get_one(Consultation, held.consultation.id).comment_count == 0
    author = visit(held.author)
    author.open(f"/c/{held.slug}/moderation/{act.id}/appeal")
    author.press("Ask for a second look", text="It is a bird of mine.")
    assert held.make.count(Appeal) == 1
    second = visit(held.second)
    second.open(held.at_comment)
    second.press("Decide the appeal", outcome="restored", reason="A bird is no advertisement.")
    with held.make.writing() as session:
        assert session.get_one(Consultation, held.consultation.id).comment_count == 1


def test_who_has_something_on_show_waits_no_more(app: Flask, visit: Visit, held: World) -> None:
    browser = visit(held.moderator)
    browser.open(held.at_comment)
    browser.press("Put it on show p")
    with app.app_context():
        assert post(held, held.author, "A second song.").state == "posted"


def test_withdrawing_what_waits_makes_nobody_known(app: Flask, visit: Visit, held: World) -> None:
    author = visit(held.author)
    author.open(f"/c/{held.slug}/comments/{held.comment.number}/withdrawal")
    author.press("Withdraw it")
    with app.app_context():
        assert post(held, held.author, "A second song.").state == "held"
    with held.make.writing() as session:
        assert session.get_one(Consultation, held.consultation.id).comment_count == 0


def test_where_all_waits_also_what_known_people_write(app: Flask, visit: Visit, world: World) -> None:
    rule(world, "all")
    with app.app_context():
        assert post(world, world.author).held_for == "all"
        assert post(world, world.moderator).state == "posted"
    assert "Every comment and reply is looked at" in visit().open(f"/c/{world.slug}").text
    writing = visit(world.author).open(f"/c/{world.slug}/comments/new")
    assert "Every comment and reply is looked at" in writing.text


def test_the_rule_is_fixed_once_announced(visit: Visit, world: World, make: Make) -> None:
    organiser = visit(make.staff(world.consultation, "organiser"))
    page = organiser.open(f"/c/{world.slug}/manage/settings/looks")
    assert "The settings are fixed" in page.text


def test_a_deadline_counts_when_it_is_received(app: Flask, visit: Visit, held: World) -> None:
    with held.make.writing() as session:
        session.execute(
            update(Consultation)
            .where(Consultation.id == held.consultation.id)
            .values(closes_at=clock.now() - timedelta(minutes=1), state="analysis")
        )
    browser = visit(held.moderator)
    browser.open(held.at_comment)
    assert "On show" in browser.press("Put it on show p").text


def test_many_go_on_show_at_once_but_not_ones_own(app: Flask, visit: Visit, world: World) -> None:
    rule(world, "first")
    with app.app_context():
        for number in range(3):
            post(world, world.make.person(), f"Song number {number}.")
    browser = visit(world.moderator)
    page = browser.open(f"{world.desk}?list=held")
    names = page.form("Put the ticked ones on show").choices["things"]
    assert len(names) == 3
    assert "On show: 2." in browser.press("Put the ticked ones on show", things=names[:2]).text
    assert "On show: 2." not in browser.open(f"{world.desk}?list=held").text
    assert world.make.count(Comment, Comment.state == "held") == 1


class TestAFlood:
    def test_many_new_people_of_one_range_wait_after_the_ninth(self, app: Flask, world: World) -> None:
        with app.app_context():
            states = [post(world, world.make.person(), f"Song {n}.", "range").held_for for n in range(11)]
            assert states == [""] * 9 + ["address"] * 2
            assert post(world, world.make.person(), "Another song.", "elsewhere").state == "posted"

    def test_one_text_again_and_again_waits(self, app: Flask, world: World) -> None:
        with app.app_context():
            states = [post(world, world.make.person(), f"Buy  THIS while it lasts{'!' * n}").held_for for n in range(6)]
            assert states == [""] * 4 + ["text"] * 2
            assert {post(world, world.make.person(), "I agree.").held_for for _ in range(6)} == {""}

    def test_many_links_of_somebody_new_wait_and_of_somebody_known_do_not(self, app: Flask, world: World) -> None:
        links = "See https://a.example https://b.example http://c.example www.d.example"
        with app.app_context():
            assert post(world, world.make.person(), links).held_for == "links"
            assert post(world, known(world), links).state == "posted"

    def test_who_is_known_is_served_in_the_middle_of_it(self, app: Flask, world: World) -> None:
        with app.app_context():
            for n in range(12):
                post(world, world.make.person(), f"Song {n}.", "range")
            assert post(world, known(world), "A word.", "range").state == "posted"
            newcomer = world.make.person()
            assert post(world, newcomer, "A first word.", "elsewhere").state == "posted"
            assert post(world, newcomer, "A second word.", "range").held_for == "address", "trusted after a while only"

    def test_its_traces_are_gone_after_an_hour(self, app: Flask, world: World) -> None:
        world.make.row(Trail(origin="range", words="w", at=clock.now() - holding.WINDOW - timedelta(minutes=1)))
        world.make.row(Trail(origin="range", words="w"))
        with app.app_context():
            debate.forget_trails(actor=SYSTEM)
        assert world.make.count(Trail) == 1
