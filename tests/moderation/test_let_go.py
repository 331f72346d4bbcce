"""Whom a private consultation let go is told what is decided on her own words, and can appeal; nothing else of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete

from consult.accounts.models import RoleGrant
from consult.moderation.models import Appeal, Correction, ModerationAct
from consult.notices.models import Wish
from consult.settings import Settings
from tests.visitor import Visitor

from .test_statements import appealed, sent
from .test_views import hide, ids_of
from .world import World

Visit = Callable[..., Visitor]
NOTHING_ELSE = ("public log", "Hand it in again", "/comments")


@pytest.fixture
def let_go(world: World) -> World:
    """The author took part in it, and does not any more."""
    with world.make.writing() as session:
        session.get_one(type(world.consultation), world.consultation.id).access = "private"
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == world.author.id))
    return world


def test_she_is_told_and_appeals_and_is_told_the_answer(
    app: Flask, visit: Visit, let_go: World, settings: Settings
) -> None:
    hide(visit(let_go.moderator), let_go)
    [mail] = sent(app, settings, let_go)
    [act_id] = ids_of(let_go, ModerationAct)
    told, at = mail.get_content(), f"/c/{let_go.slug}/moderation/{act_id}/appeal"
    assert "cheap watches" in told
    assert at in told
    assert not [one for one in NOTHING_ELSE if one in told]

    page = appealed(visit, let_go)
    assert "What you wrote" in page
    assert "cheap watches" not in page
    assert not [one for one in NOTHING_ELSE if one in page]
    assert let_go.consultation.title not in page
    assert let_go.make.count(Appeal) == 1

    panel = visit(let_go.panel)
    panel.open(let_go.at_comment)
    panel.press("Decide the appeal", outcome="upheld", reason="A quotation of an advert is one.")
    [answer] = [one.get_content() for one in sent(app, settings, let_go) if one["Subject"] != mail["Subject"]]
    assert "A quotation of an advert is one." in answer
    assert at in answer
    assert "A quotation of an advert is one." in visit(let_go.author).open(at).text


def test_she_hands_nothing_in(visit: Visit, let_go: World) -> None:
    hide(visit(let_go.moderator), let_go)
    [act_id] = ids_of(let_go, ModerationAct)
    author = visit(let_go.author)
    at = f"/c/{let_go.slug}/moderation/{act_id}"
    fields = author.open(f"{at}/appeal").form("Ask for a second look").fields
    author.send(f"{at}/corrections", {**fields, "body": "Better words."}, status=403)
    assert let_go.make.count(Correction) == 0


@pytest.mark.parametrize(("mode", "mails"), [("weekly", 1), ("site", 0)])
def test_what_would_wait_in_a_list_she_cannot_see_comes_at_once(
    app: Flask, visit: Visit, let_go: World, settings: Settings, mode: str, mails: int
) -> None:
    """Who ended such mails gets none."""
    let_go.make.row(Wish(person_id=let_go.author.id, kind="moderation", mode=mode))
    hide(visit(let_go.moderator), let_go)
    assert len(sent(app, settings, let_go)) == mails


def test_nobody_else_has_that_page(visit: Visit, let_go: World) -> None:
    hide(visit(let_go.moderator), let_go)
    [act_id] = ids_of(let_go, ModerationAct)
    for who in (let_go.reader, let_go.moderator):
        visit(who).open(f"/c/{let_go.slug}/moderation/{act_id}/appeal", status=404)
