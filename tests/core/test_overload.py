"""When requests wait: searches and files go first, then strangers' pages, and what people write last."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from consult.app import create_app
from consult.core import clock, overload
from consult.core.db import db, write_transaction
from consult.core.limits import limiter
from consult.core.overload import Waits, refuses
from consult.debate.models import Comment
from consult.settings import Settings
from tests.make import Make
from tests.visitor import Visitor

WORDS = "Nobody can read this in time."


def came(seconds: float, *, milliseconds: bool = False) -> dict[str, str]:
    """What a proxy says of a request that came so many seconds ago."""
    moment = time.time() - seconds
    return {"X-Request-Start": f"t={moment * 1000:.0f}" if milliseconds else f"t={moment:.3f}"}


@pytest.fixture
def busy(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The same site behind a proxy, never without something to do."""
    before = dict(vars(limiter))
    site = create_app(replace(settings, proxies="1"))
    seen: Any = site.wsgi_app
    seen._waits.begin("")
    yield site
    with site.app_context():
        site.extensions["consult.edition"].close()
        db.session.remove()
        db.engine.dispose()
    vars(limiter).update(before)


def test_the_longer_they_wait_the_more_is_let_go_and_comments_last() -> None:
    kinds = ("search", "file", "page", "write", "comment")
    gone = [
        [kind for kind in kinds if refuses(kind, waited, is_stranger=True)] for waited in (0.9, 1.5, 5.0, 12.0, 25.0)
    ]
    assert gone == [[], ["search", "file"], ["search", "file", "page"], ["search", "file", "page", "write"], [*kinds]]
    assert not refuses("page", 5.0, is_stranger=False)
    assert not any(refuses(kind, 100.0, is_stranger=True) for kind in ("health", "asset", "none"))


def test_strangers_get_less_and_are_told_so(busy: Flask, make: Make) -> None:
    address = f"/c/{make.consultation().slug}/comments"
    client = busy.test_client()
    for milliseconds in (False, True):
        answer = client.get("/search?q=word", headers=came(1.6, milliseconds=milliseconds))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "You can read and comment all the same." in answer.text
    assert client.get("/search?q=word", headers=came(0.2)).status_code == 200
    assert client.get(address, headers=came(1.6)).status_code == 200
    assert client.get(f"{address}?anew=1", headers=came(5)).status_code == 503
    assert client.get("/healthz", headers=came(50)).status_code == 200
    for nonsense in ("", "t=", "soon", "nan", "inf", "-1e400", "t=1"):
        assert client.get("/search?q=word", headers={"X-Request-Start": nonsense}).status_code == 200


def test_a_kept_page_may_be_a_minute_old_then_and_only_then(busy: Flask, make: Make) -> None:
    consultation = make.consultation()
    comment = make.comment(consultation, make.clauses(make.version(consultation))[1], html="<p>Before.</p>")
    client, address = busy.test_client(), f"/c/{consultation.slug}/comments"
    for _ in range(2):
        assert "Before." in client.get(address).text
    with busy.app_context(), write_transaction() as session:
        session.execute(update(Comment).where(Comment.id == comment.id).values(html="<p>After.</p>"))
    assert "Before." in client.get(address, headers=came(3)).text
    with clock.shifted(timedelta(seconds=61)):
        assert "After." in client.get(address, headers=came(3)).text
    assert "After." in client.get(address).text


def test_a_comment_goes_through_when_nothing_else_does(busy: Flask, make: Make) -> None:
    consultation, person = make.consultation(), make.person()
    make.clauses(make.version(consultation))
    browser = Visitor(busy, person)
    form = browser.open(f"/c/{consultation.slug}/comments/new?version=1&clause=1-1").form("Post comment").fields
    fields = form | {"body": WORDS, "positions": "safety", "stance": "object"}
    address, origin = f"/c/{consultation.slug}/comments", {"Origin": "http://localhost"}
    late = browser.client.post(address, data=fields, headers=origin | came(25))
    assert (late.status_code, WORDS in late.text) == (503, True)
    with busy.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
    assert browser.client.post(address, data=fields, headers=origin | came(12)).status_code == 303
    assert browser.client.post("/me/data/copies", data={}, headers=origin | came(12)).status_code == 503


def test_a_clock_that_is_ahead_or_behind_is_no_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    for apart in (-30.0, 30.0):
        waits = Waits()
        monkeypatch.setattr(waits, "_ended", time.monotonic() - 1)
        assert waits.begin(came(apart)["X-Request-Start"]) == 0.0, "nothing was to do, so it did not wait"
        assert waits.begin(came(apart)["X-Request-Start"]) < 1.0
        assert 4.0 < waits.begin(came(apart + 5)["X-Request-Start"]) < 6.0
        waits.end()


def test_without_a_proxy_nobody_is_believed(app: Flask) -> None:
    seen: Any = app.wsgi_app
    seen._waits.begin("")
    assert app.test_client().get("/search?q=word", headers=came(5)).status_code == 200
    seen._waits.end()
    assert overload.REFUSED_FROM["search"] < 5
