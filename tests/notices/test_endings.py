"""The link that ends mails of one kind: by a mail program or by a button, that alone and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from consult.accounts import links
from consult.core import clock
from consult.core.db import write_transaction
from consult.core.jobs import run_due
from consult.core.mail import send_later
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.notices import endings, operations
from consult.notices.jobs import gather_digests
from consult.notices.models import KINDS, Wish
from consult.settings import Settings
from tests.make import Make
from tests.moderation.world import World, build
from tests.visitor import Visitor

from .conftest import Post, arrived, commented

Visit = Callable[..., Visitor]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def app_with_tokens(app: Flask):  # type: ignore[no-untyped-def]
    """Forms are checked for their token, as in production."""
    before = app.config.get("WTF_CSRF_ENABLED", True)
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = before


def secret(app: Flask) -> str:
    return str(app.config["SECRET_KEY"])


def wishes(make: Make) -> dict[tuple[int, str], str]:
    with make.writing() as session:
        return {(row.person_id, row.kind): row.mode for row in session.scalars(select(Wish))}


def test_every_notice_can_be_ended_and_says_so(inside: Flask, make: Make, post: Post) -> None:
    world = build(make)
    debate.post_reply(actor=world.actor("reader"), comment=world.load("reader"), parent=None, body="Why?")  # type: ignore[arg-type]
    [mail] = post()
    address = str(mail.raw["List-Unsubscribe"]).strip("<>")
    assert re.fullmatch(r"http://localhost/mail-endings/[\w.-]+", address)
    assert mail.raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.foot == f"You get mails of this kind: Replies to me, and who names me. To stop them:\n{address}\n"
    found = endings.read(secret(inside), address.rpartition("/")[2])
    assert found == endings.Ending(world.author.id, "replies")


def test_the_link_stands_in_the_header_as_one_line_whatever_its_length(
    inside: Flask, make: Make, settings: Settings
) -> None:
    world = build(make, body="x")
    debate.post_reply(actor=world.actor("reader"), comment=world.load("reader"), parent=None, body="Why?")  # type: ignore[arg-type]
    while run_due():
        pass
    [path] = Path(settings.instance).glob("mail/*.eml")
    raw = path.read_bytes()
    assert re.search(rb"^List-Unsubscribe: <http://localhost/mail-endings/[\w.-]+>\r$", raw, re.MULTILINE)
    assert message_from_bytes(raw, policy=default)["List-Unsubscribe"]
    arrived(settings)


def test_a_digest_ends_all_that_comes_in_it(inside: Flask, make: Make, post: Post) -> None:
    world = build(make)
    morning = datetime(2027, 3, 3, 6, tzinfo=UTC)
    operations.set_wishes(
        actor=world.actor("author"), modes={"replies": "daily", "followed": "daily", "changes": "weekly"}
    )
    commented(make, world.author.id, world.comment, awaits="daily", created_at=morning - timedelta(hours=1))
    with clock.shifted(morning - clock.now()):
        gather_digests()
        [mail] = post()
    found = endings.read(secret(inside), str(mail.raw["List-Unsubscribe"]).strip("<>").rpartition("/")[2])
    assert found == endings.Ending(world.author.id, "daily")
    operations.switch_off(actor=SYSTEM, person_id=found.person_id, what=found.what)
    assert wishes(make) == {
        (world.author.id, "replies"): "site", (world.author.id, "followed"): "site",
        (world.author.id, "changes"): "weekly", (world.author.id, "waiting"): "site",
    }  # fmt: skip


def test_a_mail_about_the_account_has_no_such_link(inside: Flask, settings: Settings) -> None:
    with write_transaction():
        send_later("accounts/email_changed", "ada@example.org", name="Ada", new_email="x@example.org")
    while run_due():
        pass
    [mail] = arrived(settings)
    assert mail.raw["List-Unsubscribe"] is None
    assert mail.foot == ""


def test_a_mail_program_ends_it_without_session_or_token(app_with_tokens: Flask, make: Make) -> None:
    world = build(make)
    address = f"/mail-endings/{endings.token(secret(app_with_tokens), world.author.id, 'replies')}"
    for _ in range(2):  # some programs press twice
        answer = app_with_tokens.test_client().post(address, data=ONE_CLICK)
        assert answer.status_code == 200  # no redirect: programs do not follow one
        assert "Set-Cookie" not in answer.headers
    assert wishes(make) == {(world.author.id, "replies"): "site"}


def test_opening_the_link_changes_nothing_and_the_button_does(app_with_tokens: Flask, make: Make, visit: Visit) -> None:
    world = build(make)
    stranger = visit()
    page = stranger.open(f"/mail-endings/{endings.token(secret(app_with_tokens), world.author.id, 'followed')}")
    assert f"“{KINDS['followed']}”" in page.text
    assert wishes(make) == {}
    page = stranger.press("Stop these mails")
    assert "You get no mails of this kind any more" in page.text
    assert wishes(make) == {(world.author.id, "followed"): "site"}
    assert stranger.open("/me/inbox/settings", follow=False, status=303)  # nobody is signed in by it


def test_a_forged_or_foreign_token_is_not_there(app_with_tokens: Flask, make: Make, visit: Visit) -> None:
    world = build(make)
    key, person = secret(app_with_tokens), world.author
    good = endings.token(key, person.id, "replies")
    for token in (
        "x", good[:-1], good + "x", endings.token("another secret" * 3, person.id, "replies"),
        links.token(key, links.RESET, person), links.token(key, links.CONFIRM, person),
        str(URLSafeSerializer(key, salt=endings.SALT).dumps([person.id, "password"])),
        str(URLSafeSerializer(key, salt=endings.SALT).dumps("replies")),
        str(URLSafeSerializer(key, salt=endings.SALT).dumps(["1", "replies"])),
    ):  # fmt: skip
        visit().open(f"/mail-endings/{token}", status=404)
        assert app_with_tokens.test_client().post(f"/mail-endings/{token}", data=ONE_CLICK).status_code == 404
    assert wishes(make) == {}


def test_the_token_opens_no_other_door(app_with_tokens: Flask, make: Make, visit: Visit) -> None:
    world = build(make)
    key = secret(app_with_tokens)
    for what in endings.WORDS:
        token = endings.token(key, world.author.id, what)
        assert not [purpose for purpose in links.LIFETIMES if links.read(key, purpose, token)]
        for rule in app_with_tokens.url_map.iter_rules():
            if "token" not in rule.arguments or rule.endpoint.startswith("notices."):
                continue
            address = rule.rule.replace("<token>", token)
            client = app_with_tokens.test_client()
            assert client.open(address, method="POST" if "POST" in (rule.methods or ()) else "GET").status_code in (
                400,
                404,
            )
        client = app_with_tokens.test_client()
        client.set_cookie(app_with_tokens.config["SESSION_COOKIE_NAME"], token)
        assert client.get("/me/inbox").status_code == 303


def test_only_this_door_takes_posts_without_a_form_token(app_with_tokens: Flask) -> None:
    """Beside those of the interface for programs, where a token of access is asked for and no session is looked at."""
    rooms = app_with_tokens.blueprints.items()
    free = {name for key, room in rooms if key != "v1" for name in getattr(room, "for_programs", ())}
    assert free == {"consult.notices.views.endings.end_mails"}


def test_another_site_cannot_press_the_button(app_with_tokens: Flask, make: Make) -> None:
    world = build(make)
    address = f"/mail-endings/{endings.token(secret(app_with_tokens), world.author.id, 'replies')}"
    answer = app_with_tokens.test_client().post(address, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert wishes(make) == {}


def test_a_mail_that_waits_when_its_kind_is_ended_is_not_sent(inside: Flask, make: Make, post: Post) -> None:
    world: World = build(make)
    debate.post_reply(actor=world.actor("reader"), comment=world.load("reader"), parent=None, body="Why?")  # type: ignore[arg-type]
    operations.switch_off(actor=SYSTEM, person_id=world.author.id, what="replies")
    assert post() == []
