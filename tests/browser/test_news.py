"""What comes in while somebody reads is said quietly; the page stays as it is until she asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consult.core.rules import SYSTEM
from consult.debate import operations, queries
from consult.documents.models import Clause
from tests.make import Make

from .conftest import Site, Surfer

Arrive = Callable[..., Surfer]


@pytest.mark.parametrize("where", ["list", "text", "comment"])
def test_new_comments_are_told_and_nothing_moves(site: Site, surfer: Arrive, where: str) -> None:
    make: Make = site.make
    row = make.consultation()
    version = make.version(row)
    clauses: list[Clause] = make.clauses(version)
    comment = make.comment(row, clauses[1], number="OLD-001")
    pages = {
        "list": f"/c/{row.slug}/comments", "text": f"/c/{row.slug}/draft",
        "comment": f"/c/{row.slug}/comments/{comment.number}",
    }  # fmt: skip
    me = surfer()
    me.page.clock.install()
    page = me.open(pages[where])
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status) if answer.url.endswith("/count") else None)
    before = page.locator("main").inner_text()
    page.clock.fast_forward(30_000)  # the reading room loads the script late
    page.wait_for_timeout(300)
    for _ in range(2):
        with page.expect_response("**/count"):
            page.clock.fast_forward(61_000)
    assert page.locator(".came-in p:visible").count() == 0
    assert page.locator("main").inner_text() == before
    for _ in range(2):
        with site.app.app_context():
            if where == "comment":
                operations.post_reply(
                    actor=make.actor(make.person()), parent=None, body="And why?",
                    comment=queries.find_comment(viewer=SYSTEM, slug=row.slug, number=comment.number),
                )  # fmt: skip
            else:
                operations.post_comment(
                    actor=make.actor(make.person()), consultation=row, version=version, clauses=[clauses[1]],
                    body="Too long.", positions={"safety"}, stance="object", type="technical",
                )  # fmt: skip
    page.clock.fast_forward(61_000)
    page.wait_for_selector(".came-in p:visible")
    assert page.inner_text(".came-in span") == ("2 new replies" if where == "comment" else "2 new comments")
    me.look()
    page.get_by_role("button", name="Show them").click()
    page.wait_for_selector("[data-seen='2']", state="attached")
    assert page.locator(".came-in p:visible").count() == 0
