"""Quoting selected words, and a number that shows what it names: by keyboard, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consult.core.rules import SYSTEM
from consult.debate import operations, queries

from .conftest import Site, Surfer
from .test_kept import sign_in
from .test_keyboard import Hands

Arrive = Callable[..., Surfer]
# Selects the words from the 10th to the 23rd letter of the first reply.
SELECT = """() => {
  const words = document.querySelector(".reply .said p").firstChild;
  getSelection().setBaseAndExtent(words, 9, words, 23);
}"""


@pytest.fixture
def address(site: Site) -> str:
    row = site.make.consultation()
    comment = site.make.comment(row, site.make.clauses(site.make.version(row))[1])
    with site.app.app_context():
        operations.post_reply(
            actor=site.make.actor(site.make.person("Grace")), parent=None, body="Somebody has to decide. See clause 1.2.",
            comment=queries.find_comment(viewer=SYSTEM, slug=row.slug, number=comment.number),
        )  # fmt: skip
    return f"/c/{row.slug}/comments/{comment.number}"


def test_selected_words_are_quoted_and_the_way_back_is_shown(site: Site, surfer: Arrive, address: str) -> None:
    me = surfer()
    sign_in(me, site.make.person("Kari"))
    page, hands = me.open(address), Hands(me)
    page.evaluate(SELECT)
    page.locator("a:has-text('Quote Grace')").focus()
    hands.go()
    typed = page.locator("textarea[name=body]").input_value()
    assert typed.endswith("> has to decide.\n\n"), typed
    page.locator("textarea[name=body]").focus()
    hands.press("Control+End")
    page.keyboard.type("Who?")
    hands.tab_to("button:text-is('Post reply')")
    hands.go()
    said = page.locator(".said blockquote")
    assert said.inner_text().split() == f"Grace, {address.rsplit('/', 1)[1]}: has to decide.".split()
    page.locator("blockquote .peeks").focus()
    hands.press("Enter")
    page.wait_for_selector(".peek:visible")
    assert "Somebody has to decide." in page.inner_text(".peek:visible")
    me.look()
    hands.press("Escape")
    assert page.locator(".peek:visible").count() == 0
    assert hands.has_focus("blockquote .peeks")


def test_without_javascript_all_of_it_is_quoted_and_numbers_are_links(site: Site, surfer: Arrive, address: str) -> None:
    me = surfer(has_script=False)
    sign_in(me, site.make.person())
    page = me.open(address)
    page.get_by_role("link", name="Quote Grace").click()
    assert "> Somebody has to decide. See clause 1.2." in page.locator("textarea[name=body]").input_value()
    page.get_by_role("link", name="clause 1.2").first.click()
    me.sees("Small providers may publish it later.")
