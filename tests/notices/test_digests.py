"""How one is told: at once, gathered, or on the site only; each thing once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core import clock, jobs, mail
from consult.core.db import db, write_transaction
from consult.core.errors import Invalid
from consult.core.jobs import Job
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.moderation import operations as moderation
from consult.notices import operations, timing
from consult.notices.happenings import Happening
from consult.notices.jobs import gather_digests, send_digest
from consult.notices.models import Digest, Notice, Wish
from tests.make import Make
from tests.moderation.world import World, build
from tests.visitor import Visitor

from .conftest import Post, commented

MORNING = datetime(2027, 3, 3, 6, tzinfo=UTC)  # a Wednesday
Visit = Callable[..., Visitor]


@pytest.fixture
def world(inside: Flask, make: Make) -> World:
    world = build(make)
    with write_transaction() as session:
        session.get_one(Consultation, world.consultation.id).closes_at = datetime(2099, 1, 1, tzinfo=UTC)
    return world


def wish(world: World, who: str, **modes: str) -> None:
    operations.set_wishes(actor=world.actor(who), modes=modes)


def at(moment: datetime) -> Any:
    """The clock shows that moment."""
    return clock.shifted(moment - clock.now())


def reply(world: World, body: str = "I see it otherwise.") -> None:
    debate.post_reply(actor=world.actor("reader"), comment=world.load("reader"), parent=None, body=body)  # type: ignore[arg-type]


def comment(world: World, body: str = "Say who does it.") -> Any:
    row = world.make.comment(world.consultation, author=world.author, body=body, html=f"<p>{body}</p>")
    with write_transaction():
        operations.spread(actor=SYSTEM, of=Happening("commented", row.id, row.consultation_id, f"comment {row.id}"))
    jobs.wake()
    return row


# --- when


@given(st.integers(0, 50 * 365 * 24 * 3600))
def test_a_digest_is_due_once_a_day_and_once_a_week(seconds: int) -> None:
    moment = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    daily, weekly = timing.digest_due("daily", moment), timing.digest_due("weekly", moment)
    assert moment - timedelta(days=1) < daily <= moment
    assert moment - timedelta(days=7) < weekly <= daily
    assert (daily.hour, weekly.hour, weekly.weekday()) == (6, 6, 0)
    assert timing.digest_due("weekly", weekly) == weekly


# --- quiet by default


def test_only_what_is_addressed_to_her_comes_by_mail_by_itself(world: World, post: Post) -> None:
    operations.follow(actor=world.actor("reader"), subject=world.consultation)
    comment(world)
    assert post() == []
    assert world.make.count(Notice, Notice.person_id == world.reader.id) == 1
    reply(world)
    assert [m.to for m in post()] == [world.author.email]


def test_what_one_follows_comes_at_once_to_who_chose_it(world: World, post: Post) -> None:
    operations.follow(actor=world.actor("reader"), subject=world.consultation)
    wish(world, "reader", followed="now")
    row = comment(world, "Say who\ndoes it.")
    [letter] = post()
    assert letter.to == world.reader.email
    assert letter.subject == f"Ada Author commented on the whole draft: {world.consultation.title}"
    assert "  Say who\n  does it." in letter.text
    assert letter.links == [f"http://localhost/c/{world.slug}/comments/{row.number}"]


def test_what_was_hidden_before_the_mail_left_is_not_mailed(world: World, post: Post) -> None:
    operations.follow(actor=world.actor("reader"), subject=world.consultation)
    wish(world, "reader", followed="now")
    row = comment(world)
    moderation.hide_contribution(
        actor=world.actor("moderator"), thing=world.load("moderator", row), rule="spam", passage="who", reason="No.",
        seen_act_id=0,
    )  # fmt: skip
    assert world.reader.email not in [m.to for m in post()]


def test_who_wants_no_mail_of_replies_gets_none_but_a_line(world: World, post: Post) -> None:
    wish(world, "author", replies="site")
    reply(world)
    assert post() == []
    assert world.make.count(Notice, Notice.person_id == world.author.id) == 1


def test_wishes_are_checked(world: World) -> None:
    for modes in ({"replies": "hourly"}, {"reminders": "weekly"}, {"everything": "site"}):
        with pytest.raises(Invalid):
            operations.set_wishes(actor=world.actor("reader"), modes=modes)
    assert world.make.count(Wish) == 0


# --- gathered


def test_a_day_is_one_mail_with_the_words_by_consultation(world: World, post: Post, make: Make) -> None:
    wish(world, "author", replies="daily")
    other = build(make)
    for row in (world.comment, other.comment):
        commented(make, world.author.id, row, awaits="daily", created_at=MORNING - timedelta(hours=3))
    with at(MORNING - timedelta(hours=1)):
        reply(world, "First\nthought.")
        reply(world, "Second thought.")
        gather_digests()
        assert post() == []  # nothing is due before the morning
    with at(MORNING + timedelta(minutes=1)):
        gather_digests()
        [letter] = post()
        gather_digests()
        assert post() == []
    assert letter.to == world.author.email
    assert letter.subject == "Your day on Consult: 4 pieces of news"
    first, second = letter.text.index(world.consultation.title), letter.text.index(other.consultation.title)
    assert first < letter.text.index("    First\n    thought.") < letter.text.index("    Second thought.") < second
    assert letter.text.count(world.consultation.title) == 1
    assert f"http://localhost/c/{other.slug}/comments/{other.comment.number}" in letter.links


def test_what_a_moderator_hid_is_in_the_mail_of_its_author(world: World, post: Post, make: Make) -> None:
    wish(world, "author", moderation="daily")
    with at(MORNING - timedelta(hours=1)):
        act = moderation.hide_contribution(
            actor=world.actor("moderator"), thing=world.load("moderator"), rule="spam", passage="cheap watches",
            reason="No adverts.", seen_act_id=0,
        )  # fmt: skip
    with at(MORNING):
        gather_digests()
        [letter] = post()
    assert "* A moderator hid your comment" in letter.text
    assert "    No adverts.\n  The words that it is about:\n    cheap watches\n" in letter.text
    assert f"http://localhost/c/{world.slug}/moderation/{act.id}/appeal" in letter.links


def test_a_week_comes_on_monday(world: World, post: Post, make: Make) -> None:
    commented(make, world.author.id, world.comment, awaits="weekly", created_at=MORNING)
    for days in range(1, 5):
        with at(MORNING + timedelta(days=days, minutes=1)):
            gather_digests()
            assert post() == []
    with at(MORNING + timedelta(days=5, minutes=1)):
        gather_digests()
        [letter] = post()
    assert letter.subject == "Your week on Consult: 1 piece of news"


def test_without_news_there_is_no_mail(world: World, post: Post, make: Make) -> None:
    wish(world, "author", replies="daily", followed="weekly")
    with at(MORNING):
        gather_digests()
        assert post() == []
    assert make.count(Digest) == 0


def test_what_was_read_hidden_or_is_over_is_left_out(world: World, post: Post, make: Make) -> None:
    values = {"awaits": "daily", "created_at": MORNING - timedelta(hours=3)}
    commented(make, world.author.id, make.comment(world.consultation), read_at=clock.now(), **values)
    commented(make, world.author.id, make.comment(world.consultation, state="hidden"), **values)
    with at(MORNING):
        gather_digests()
        assert post() == []
        assert make.count(Notice, Notice.awaits != "") == 0


def test_what_comes_too_late_for_a_digest_comes_in_the_next(world: World, post: Post, make: Make) -> None:
    early = {"awaits": "daily", "created_at": MORNING - timedelta(hours=1)}
    commented(make, world.author.id, world.comment, **early)
    with at(MORNING + timedelta(minutes=1)):
        gather_digests()
        assert len(post()) == 1
        # Its transaction began before the morning and ended after it was gathered.
        commented(make, world.author.id, make.comment(world.consultation), **early)
        gather_digests()
        assert post() == []
    with at(MORNING + timedelta(days=1)):
        gather_digests()
        [letter] = post()
    assert "1 piece of news" in letter.subject


def test_who_cannot_be_reached_gets_none(world: World, post: Post, make: Make) -> None:
    values = {"awaits": "daily", "created_at": MORNING - timedelta(hours=3)}
    people = [
        make.person(**state)
        for state in ({"email_verified_at": None}, {"suspended_at": clock.now()}, {"is_demo": True})
    ]
    for person in people:
        commented(make, person.id, world.comment, **values)
    commented(make, world.author.id, world.comment, **values)
    with at(MORNING):
        gather_digests()
        with write_transaction() as session:
            session.get_one(Person, world.author.id).suspended_at = clock.now()
        assert post() == []
    assert make.count(Digest) == 1


# --- once


def digest_job(make: Make, world: World) -> Job:
    commented(make, world.author.id, world.comment, awaits="daily", created_at=MORNING - timedelta(hours=3))
    gather_digests()
    return db.session.scalars(select(Job).where(Job.kind == "notices.digest")).one()


def test_a_worker_that_dies_after_gathering_leaves_the_mail_to_the_next(world: World, post: Post, make: Make) -> None:
    with at(MORNING):
        row = digest_job(make, world)
        with write_transaction() as session:  # claimed by a worker that died; its lease is over
            session.get_one(Job, row.id).lease_until = clock.now() - timedelta(seconds=1)
        gather_digests()
        assert len(post()) == 1
        assert post() == []


def test_a_worker_that_dies_after_sending_does_not_send_twice(world: World, post: Post, make: Make) -> None:
    with at(MORNING):
        row = digest_job(make, world)
        send_digest(
            {"digest": db.session.scalars(select(Digest.id)).one(), "job": row.id + 1}
        )  # the mail went; then the worker died before its job was marked as done
        assert len(post()) == 1  # what went, and the job done anew: no second one
        assert make.count(Job, Job.kind == "notices.digest", Job.finished_at.is_(None)) == 0


def test_a_mail_that_could_not_be_sent_is_tried_again_and_sent_once(
    world: World, post: Post, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(MORNING):
        digest_job(make, world)
        with monkeypatch.context() as patch:
            patch.setattr(mail, "_write", lambda *_: (_ for _ in ()).throw(OSError("the server is away")))
            assert post() == []
        assert make.count(Digest, Digest.sent_at.is_not(None)) == 0
    with at(MORNING + timedelta(minutes=2)):
        assert len(post()) == 1
        assert post() == []


def test_gathering_twice_at_once_gathers_once(world: World, post: Post, make: Make) -> None:
    commented(make, world.author.id, world.comment, awaits="daily", created_at=MORNING - timedelta(hours=3))
    with at(MORNING):
        for _ in range(2):  # as two workers that both saw it waiting
            operations.gather_digest(actor=SYSTEM, person_id=world.author.id, rhythm="daily", due_at=MORNING)
        assert len(post()) == 1
        assert make.count(Digest) == 1


# --- changing one's mind


@pytest.mark.parametrize(("mode", "awaits"), [("site", ""), ("weekly", "weekly"), ("now", "daily")])
def test_what_waits_follows_the_new_wish(world: World, make: Make, mode: str, awaits: str) -> None:
    wish(world, "author", followed="daily")
    row = commented(make, world.author.id, world.comment, awaits="daily")
    wish(world, "author", followed=mode)
    db.session.expire_all()
    assert db.session.get_one(Notice, row.id).awaits == awaits


def test_the_page_of_settings_keeps_what_is_chosen(make: Make, visit: Visit) -> None:
    world = build(make)
    reader = visit(world.reader)
    page = reader.open("/me/inbox/settings")
    form = page.form("Keep this")
    assert "work" not in form.names  # who runs nothing is not asked
    assert {name: form.fields[name] for name in ("replies", "followed", "reminders")} == {
        "replies": ["now"], "followed": ["site"], "reminders": ["site"],
    }  # fmt: skip
    assert "weekly" not in form.choices["reminders"]
    page = reader.press("Keep this", replies="daily", followed="weekly")
    assert "Kept." in page.text
    assert page.form("Keep this").fields["replies"] == ["daily"]
    with make.writing() as session:
        assert dict(session.execute(select(Wish.kind, Wish.mode).where(Wish.kind.in_(["replies", "followed"]))).all()) == {
            "replies": "daily", "followed": "weekly",
        }  # fmt: skip
    page = reader.press("Keep this", replies="hourly", status=422)
    assert page.errors() == ["Choose one of the ways."]
    assert "work" in visit(world.moderator).open("/me/inbox/settings").form("Keep this").names
