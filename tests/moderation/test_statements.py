"""A decision's statement: in the mail, seen before it goes, on the author's page, in the log, in the feed."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import takewhile
from pathlib import Path
from typing import Any

from flask import Flask

from consult.core.jobs import run_due
from consult.moderation.models import MEANINGS, Appeal, ModerationAct
from consult.settings import Settings
from tests.visitor import Visitor

from .test_views import hide, ids_of
from .world import World

Visit = Callable[..., Visitor]
FOUND = "The same text is on twelve other sites."


def sent(app: Flask, settings: Settings, world: World) -> list[EmailMessage]:
    """Mails to the author, after everything due is done."""
    with app.app_context():
        while run_due():
            pass
    mails: list[Any] = [
        message_from_bytes(path.read_bytes(), policy=default) for path in Path(settings.instance).glob("mail/*.eml")
    ]
    return [mail for mail in mails if mail["To"] == world.author.email]


def is_shown(mail: EmailMessage, page: str) -> bool:
    """Whether a page has every line of a mail; but its foot, and the address of a decision not made yet."""
    lines = [mail["Subject"], *takewhile(lambda line: line != "-- ", mail.get_content().splitlines())]
    return not [line for line in lines if " ".join(line.split()) not in page and "/appeal" not in line]


def test_the_mail_looked_at_before_is_the_mail_that_is_sent(
    app: Flask, visit: Visit, world: World, settings: Settings
) -> None:
    moderator = visit(world.moderator)
    moderator.open(world.at_comment)
    typed = {"verb": "hide", "rule": "spam", "passage": "cheap watches", "reason": "No adverts.", "facts": FOUND}
    seen = moderator.press("Show me the mail first", **typed).text
    assert world.make.count(ModerationAct) == 0
    moderator.press("Decide")
    [mail] = sent(app, settings, world)
    assert FOUND in mail.get_content()
    assert is_shown(mail, seen)
    assert not is_shown(mail, seen.replace(MEANINGS["spam"], ""))


def test_the_mail_about_an_appeal_is_looked_at_before(
    app: Flask, visit: Visit, world: World, settings: Settings
) -> None:
    hide(visit(world.moderator), world)
    [before] = sent(app, settings, world)
    appealed(visit, world)
    panel = visit(world.panel)
    panel.open(world.at_comment)
    seen = panel.press("Show me the mail first", outcome="restored", reason="A quotation is no advert.").text
    assert world.make.count(Appeal, Appeal.outcome == "") == 1
    panel.press("Decide the appeal")
    [mail] = [mail for mail in sent(app, settings, world) if mail["Subject"] != before["Subject"]]
    assert "decided by the appeals panel" in mail.get_content()
    assert is_shown(mail, seen)


def appealed(visit: Visit, world: World) -> str:
    """The author asks for a second look; returns what that page said."""
    [act_id] = ids_of(world, ModerationAct)
    author = visit(world.author)
    page = author.open(f"/c/{world.slug}/moderation/{act_id}/appeal").text
    author.press("Ask for a second look", text="It is a quotation.")
    return page


def test_the_mail_about_showing_it_again_can_be_looked_at(visit: Visit, world: World) -> None:
    browser = visit(world.moderator)
    hide(browser, world)
    browser.open(world.at_comment)
    page = browser.press("Show me the mail first", reason="It was a quotation.")
    assert f"Your comment {world.comment.number} is shown again" in page.text
    assert "nothing is decided yet" in page.text
    assert world.make.count(ModerationAct, ModerationAct.verb == "restore") == 0


def test_the_log_says_in_which_role_it_was_decided(visit: Visit, world: World) -> None:
    hide(visit(world.moderator), world, facts=FOUND)
    page = appealed(visit, world)
    for told in (MEANINGS["spam"], f"{FOUND} It had not been reported.", "A moderator, a person"):
        assert told in page
    panel = visit(world.panel)
    panel.open(world.at_comment)
    panel.press("Decide the appeal", outcome="restored", reason="A quotation is no advert.")
    log = visit().open(f"/c/{world.slug}/moderation").text
    assert "by the appeals panel, not automatically" in log
    assert "by a moderator, not automatically" in log
    assert "Relied on: The words themselves. Its author had asked for a second look." in log
    assert FOUND in log
    feed = visit().client.get(f"/feeds/c/{world.slug}/moderation.atom").text
    assert "The appeals panel" in feed
    assert FOUND in feed
