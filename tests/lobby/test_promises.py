"""What the privacy page promises to those who only read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from consult.core.limits import SQLiteStorage
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def test_reading_sets_no_cookie(app: Flask, make: Make, visit: Visit) -> None:
    consultation = make.consultation("open")
    clause = make.clauses(make.version(consultation))[0]
    number = make.comment(consultation, clause).number
    stranger = visit()
    home = f"/c/{consultation.slug}"
    for address in (
        "/", "/about", "/privacy", "/accessibility", "/consultations", "/organisations", "/moderation", home,
        f"{home}/draft", f"{home}/v1/clauses/{clause.key}", f"{home}/comments", f"{home}/comments/{number}",
        f"{home}/outcome", f"{home}/moderation", f"{home}/v1/print", f"{home}/history",
    ):  # fmt: skip
        answer = stranger.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers, address


def test_counts_of_addresses_are_forgotten_when_their_window_is_over(tmp_path: Path) -> None:
    storage = SQLiteStorage(f"sqlitefile://{tmp_path / 'limits.sqlite3'}")
    storage.incr("LIMITER/192.0.2.7/short", -1)
    storage.incr("LIMITER/192.0.2.8/long", 600)
    storage.forget()
    kept = storage._execute("SELECT key FROM hits")
    assert kept == [("LIMITER/192.0.2.8/long",)]
