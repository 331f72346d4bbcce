"""Moderators hear once a day that something waits, counted by kind and without a word of it; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.debate import operations as debate
from consult.debate.models import Comment
from consult.moderation.jobs import look
from consult.notices import operations, timing
from consult.notices.jobs import gather_digests
from consult.notices.models import Notice
from tests.make import Make
from tests.moderation.test_looks import SONG
from tests.moderation.test_looks import post as post_comment
from tests.moderation.world import World, build
from tests.visitor import Visitor

from .conftest import Post

Visit = Callable[..., Visitor]
LETTER = "Keep the thirty days of clause five, because small laboratories need the time to check what a model does."


@pytest.fixture
def world(inside: Flask, make: Make) -> World:
    world = build(make)
    with write_transaction() as session:
        session.execute(update(Consultation).values(pre_moderation="first"))
    return world


def by_mail(post_all: Post, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The mails of the next morning, by address."""
    morning = timing.digest_due("daily", clock.now()) + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: morning)
    gather_digests()
    return {mail.to: mail.text for mail in post_all()}


def test_one_line_a_day_and_a_gathered_mail_with_counts(
    world: World, make: Make, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        write(world, make)
    write(
        world, make, body=f"{SONG} https://a.example https://b.example https://c.example https://d.example", spam=True
    )
    assert make.count(Notice, Notice.what == "waits") == 2, "two moderators, one line each"
    assert not post(), "nothing at once, unless she asks for it"
    mails = by_mail(post, monkeypatch)
    assert set(mails) == {world.moderator.email, world.second.email}
    assert "Waiting for a moderator: 3 to look at first, 1 suspected as spam" in mails[world.moderator.email]
    assert f"/c/{world.slug}/manage/moderation" in mails[world.moderator.email]
    assert "Kanarigelb" not in mails[world.moderator.email]


def test_what_is_done_by_the_morning_is_not_told(
    world: World, make: Make, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = write(world, make)
    debate.release(actor=world.actor("moderator"), thing=db.session.get_one(Comment, comment.id))
    assert world.moderator.email not in by_mail(post, monkeypatch)


def test_each_moderator_has_it_as_she_likes(
    world: World, make: Make, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.set_wishes(actor=world.actor("moderator"), modes={"waiting": "now"})
    operations.set_wishes(actor=world.actor("second"), modes={"waiting": "site"})
    write(world, make)
    write(world, make)
    (mail,) = post()
    assert mail.to == world.moderator.email
    assert "1 to look at first" in mail.subject or "2 to look at first" in mail.subject
    assert world.second.email not in by_mail(post, monkeypatch)


def test_shared_texts_are_told_as_well(world: World, make: Make) -> None:
    clause = make.clauses(world.version)[1]
    for _ in range(2):
        make.comment(world.consultation, clause, source="email", body=LETTER, html=f"<p>{LETTER}</p>")
    look(world.consultation.id)
    assert set(db.session.scalars(select(Notice.person_id))) == {world.moderator.id, world.second.id}


def test_only_moderators_choose_it(app: Flask, make: Make, visit: Visit) -> None:
    row = make.consultation()
    for person, is_asked in ((make.staff(row, "moderator"), True), (make.staff(row, "organiser"), False)):
        page = visit(person).open("/me/inbox/settings")
        assert ("What waits in a workbench" in page.text) == is_asked


def write(world: World, make: Make, body: str = SONG, *, spam: bool = False) -> Comment:
    """A comment of somebody new that waits: by the rule, or as suspected spam."""
    rule = "off" if spam else "first"
    with write_transaction() as session:
        session.execute(update(Consultation).values(pre_moderation=rule))
    comment = post_comment(world, make.person(), body)
    assert comment.state == "held"
    return comment
