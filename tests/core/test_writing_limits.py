"""Who writes too often is told when to go on, and loses nothing; whoever else writes is served."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from consult.core.limits import origin
from consult.settings import BadSettings, Settings
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def few(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two a minute for a person."""
    settings = app.extensions["consult.settings"]
    monkeypatch.setitem(
        app.extensions, "consult.settings", type(settings)(**{f: getattr(settings, f) for f in settings.__slots__} | {"writing_per_person": "2 per 2 minutes"})
    )  # fmt: skip


def test_too_often_says_when_to_go_on_and_keeps_what_was_typed(few: None, visit: Visit, make: Make) -> None:
    row = make.consultation("open", slug="full")
    comment = make.comment(row, make.clauses(make.version(row))[1])
    address = f"/c/full/comments/{comment.number}"
    hasty, calm = visit(make.person()), visit(make.person())
    for number in range(3):
        hasty.open(address)
        page = hasty.press("Post reply", body=f"Reply number {number}.", status=None)
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 121
    assert "Try again in" in page.text
    assert "Reply number 2." in page.body
    calm.open(address)
    assert "Your reply is public" in calm.press("Post reply", body="A calm reply.").text


def test_a_range_has_one_origin_and_it_is_no_address(app: Flask) -> None:
    def of(address: str) -> str:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return origin()

    assert of("192.0.2.1") == of("192.0.2.200") != of("192.0.3.1")
    assert of("2001:db8:1::1") == of("2001:db8:1:ffff::1") != of("2001:db8:2::1")
    assert of("nonsense") == ""


@pytest.mark.parametrize("value", ["", "many", "0 per minute", "10 per fortnight", "10 per minute; 5 per hour"])
def test_a_limit_that_is_none_is_refused_at_start(value: str) -> None:
    with pytest.raises(BadSettings, match="WRITING_PER_PERSON"):
        Settings.from_environ({"CONSULT_WRITING_PER_PERSON": value})


def test_a_limit_is_read_as_it_is_written() -> None:
    assert (
        Settings.from_environ({"CONSULT_WRITING_PER_ADDRESS": "1000 per hour"}).writing_per_address == "1000 per hour"
    )
