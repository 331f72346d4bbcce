"""Comments in the next draft, in a real browser: how far carrying is, shown by itself, and one click by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.debate.drafts import FREE, RECORD, Drafts

from .conftest import Site, Surfer
from .test_kept import sign_in

LAST = 15_000  # ms


@pytest.fixture
def drafts(site: Site) -> Drafts:
    return Drafts(site.make)


def test_the_page_follows_the_job(site: Site, surfer: Callable[..., Surfer], drafts: Drafts) -> None:
    drafts.comment(RECORD, "30")
    drafts.next(is_carried=False)
    moderator = surfer()
    sign_in(moderator, site.make.staff(drafts.consultation, "moderator"))
    moderator.page.goto(f"{site.url}/c/{drafts.slug}/manage/carried")
    expect(moderator.page.locator("#progress")).to_contain_text("Carried 0 of 1")
    site.tick()
    expect(moderator.page.locator("#progress")).to_contain_text("1 place needs a look", timeout=LAST)
    expect(moderator.page.get_by_role("button", name="Still applies")).to_be_visible()


def test_one_judges_without_a_mouse(site: Site, surfer: Callable[..., Surfer], drafts: Drafts) -> None:
    author = site.make.person("Ada")
    drafts.comment(FREE, "Small providers", author)
    version = drafts.next()
    ada = surfer()
    sign_in(ada, author)
    page = ada.page
    page.goto(f"{site.url}/c/{drafts.slug}/my-carried-comments")
    page.get_by_role("button", name="Solved").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens "It belongs to another clause"
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("still applies. Saved.")
    expect(page.get_by_role("article")).to_contain_text("Draft 2, 3")
    assert page.url.endswith(f"#carried-{drafts.rows()[-1]['id']}"), "back at the same place"
    assert drafts.rows()[-1]["clause_id"] == drafts.clause("Duties", version).id
