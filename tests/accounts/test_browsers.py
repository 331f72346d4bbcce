"""The browsers one is signed in with: in words, by the day, and told when one is new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.accounts import devices
from consult.accounts.models import SignIn
from consult.core import clock
from consult.notices.models import Notice
from tests.make import PASSWORD, Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
Mails = Callable[[], list[EmailMessage]]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138 Safari/537.36 Edg/138"
)


def _sign_in(someone: Visitor, password: str = PASSWORD, status: int = 200) -> Page:
    someone.open("/sign-in")
    return someone.press("Sign in", email="ada@example.org", password=password, stay="y", status=status)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (FIREFOX, "Firefox on Linux"), (IPHONE, "Safari on iPhone"), (EDGE, "Edge on Windows"),
        ("<script>alert(1)</script> Android", "A browser on Android"), ("curl/8", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_browser_in_words(line: str, told: str) -> None:
    assert devices.label(line) == told


def test_the_cookie_knows_the_accounts_that_signed_in_there_and_no_others() -> None:
    cookie = devices.remember("secret", "", "ada@example.org")
    cookie = devices.remember("secret", cookie, "bob@example.org")
    assert devices.knows("secret", cookie, "ada@example.org")
    assert devices.knows("secret", cookie, "bob@example.org")
    assert not devices.knows("secret", cookie, "eve@example.org")
    assert not devices.knows("another secret", cookie, "ada@example.org")
    assert not devices.knows("secret", "é.é", "ada@example.org")


def test_each_browser_is_shown_in_words_with_its_last_day(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org")
    here = visit()
    here.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    _sign_in(here)
    with clock.shifted(timedelta(days=1)):
        seen = here.open("/me/account").text
        assert "Firefox on Linux (this browser)" in seen
        assert f"last used on {clock.now():%-d %B %Y}" in seen, "the day is kept as it is used"
        assert make.count(SignIn, SignIn.seen_on == clock.day_in("UTC")) == 1


def test_a_new_browser_is_told_by_mail_and_one_that_is_known_is_not(visit: Visit, make: Make, mails: Mails) -> None:
    make.person("Ada", email="ada@example.org", created_at=clock.now() - timedelta(days=2))
    here = visit()
    here.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    _sign_in(here)
    (mail,) = mails()
    assert mail["To"] == "ada@example.org"
    assert "Firefox on Linux" in mail.get_content()
    here.open("/me/account")
    here.press("Sign out")
    _sign_in(here)
    assert len(mails()) == 1, "the same browser again is no news"
    _sign_in(visit())
    assert len(mails()) == 2


def test_a_new_browser_stands_in_her_inbox_alone_until_she_read_it(visit: Visit, make: Make, app: Flask) -> None:
    ada = make.person("Ada", email="ada@example.org", created_at=clock.now() - timedelta(days=2))
    here = visit()
    here.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    _sign_in(here)
    page = here.open("/me/inbox")
    assert "1 unread notice, 1 notice in all." in page.text
    assert "signed in to your account on a new browser: Firefox on Linux." in page.text
    assert page.links()["Your account"] == "/me/account"
    here.press("Mark as read: " + next(text for text in page.links() if "new browser" in text))
    assert "You have read everything" in here.page.text
    stranger = visit(make.person("Bob", is_administrator=True))
    assert "Nothing has happened yet." in stranger.open("/me/inbox").text
    with make.writing() as session:
        notice = session.scalars(select(Notice)).one()
        assert (notice.person_id, notice.consultation_id, notice.awaits) == (ada.id, None, "")
        session.delete(session.get_one(SignIn, notice.about))  # as retention does, a month after its end
    assert "a browser that did not say what it is" in visit(ada).open("/me/inbox").text
    form = stranger.open("/me/account").form("Sign out")
    stranger.send(f"/me/inbox/{notice.id}/reading", form.fields | {"read": ["no"]}, status=404)
    assert make.count(Notice, Notice.read_at.is_(None)) == 0


def test_a_notice_is_of_a_consultation_or_of_the_account(make: Make) -> None:
    ada, row = make.person(), make.consultation()
    for kind, consultation_id in (("account", row.id), ("followed", None)):
        with pytest.raises(IntegrityError):
            make.row(
                Notice(person_id=ada.id, consultation_id=consultation_id, kind=kind, what="step", about=1, event="x")
            )


def test_strangers_who_guess_do_not_lock_out_a_known_browser(visit: Visit, make: Make, app: Flask) -> None:
    make.person("Ada", email="ada@example.org")
    here, stranger = visit(), visit()
    _sign_in(here)
    here.open("/me/account")
    here.press("Sign out")
    for _ in range(19):  # the first try was her own
        _sign_in(stranger, "wrong wrong wrong", status=422)
    _sign_in(stranger, status=429)
    assert _sign_in(here).heading == "Your account"
