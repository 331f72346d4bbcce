"""Weighing in by keys, with Back, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from consult.consultations.models import Consultation, Round
from consult.core.db import db
from consult.debate.models import Vote

from .conftest import Site, Surfer
from .test_kept import sign_in
from .test_keyboard import Hands

Arrive = Callable[..., Surfer]
COMMENTS = 4


@pytest.fixture
def consultation(site: Site) -> Consultation:
    row = site.make.consultation()
    clause = site.make.clauses(site.make.version(row))[1]
    for _ in range(COMMENTS):
        site.make.comment(row, clause)
    with site.make.writing() as session:
        session.scalars(select(Round).where(Round.consultation_id == row.id)).one().comment_count = COMMENTS
    return row


def votes(site: Site) -> list[str]:
    with site.app.app_context():
        return list(db.session.scalars(select(Vote.choice).order_by(Vote.id)))[-COMMENTS:]


def test_keys_vote_once_and_can_be_switched_off(site: Site, surfer: Arrive, consultation: Consultation) -> None:
    me = surfer()
    sign_in(me, site.make.person())
    page, hands = me.open(f"/c/{consultation.slug}/weigh-in"), Hands(me)
    hands.tab_to("a:text-is('Start')")
    hands.go()
    first = page.url
    hands.go("1")
    assert "You agree with" in page.inner_text("main [role=status]")
    assert page.url != first
    hands.go("2")
    third = page.url
    page.get_by_label("The keys 1, 2 and 3").uncheck()
    hands.press("3")
    assert page.locator(".weigh kbd:visible").count() == 0
    page.wait_for_timeout(300)
    assert page.url == third
    page.get_by_label("The keys 1, 2 and 3").check()
    page.go_back()
    me.look()
    page.go_back()
    me.look()
    assert page.url == first
    assert page.locator("[aria-pressed=true]").count() <= 1
    page.goto(third)
    me.look()  # what hears keys is loaded after the page
    hands.go("3")
    hands.tab_to("button:has-text('Agree')")
    hands.go()
    assert "You have voted on all comments there are." in page.inner_text("main")
    assert votes(site) == ["agree", "disagree", "pass", "agree"]


@pytest.mark.parametrize("width", [320, 1280])
def test_without_javascript_there_are_buttons_and_no_keys(
    site: Site, surfer: Arrive, consultation: Consultation, width: int
) -> None:
    me = surfer(has_script=False)
    me.page.set_viewport_size({"width": width, "height": 700})
    sign_in(me, site.make.person())
    me.open(f"/c/{consultation.slug}/weigh-in")
    page = me.press("Start")
    assert "The keys 1, 2 and 3" not in page.inner_text("main")
    first = page.url
    me.press("Pass")
    assert page.url != first
    page.get_by_role("button", name="Take it back").click()
    assert page.url == first
    me.sees("is taken back")
