"""What an open page asks now and then: how much there is by now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from consult.core.rules import SYSTEM
from consult.debate import operations, queries
from tests.visitor import Visitor

from .conftest import World

Visit = Callable[..., Visitor]


def test_the_count_costs_a_304_until_something_comes(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        comment = world.post()
    browser = visit().client
    for address in (f"{world.address}/count", f"{world.address}/{comment.number}/replies/count"):
        first = browser.get(address)
        assert browser.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        with app.app_context():
            world.post()
            row = queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number)
            operations.post_reply(actor=world.actor(), comment=row, parent=None, body="And why?")
        again = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200
        assert again.json["count"] == first.json["count"] + 1


@pytest.mark.parametrize("address", ["/c/nowhere/comments/count", "/c/nowhere/comments/P0001-001/replies/count"])
def test_what_is_not_there_has_no_count(visit: Visit, address: str) -> None:
    visit().open(address, status=404)
