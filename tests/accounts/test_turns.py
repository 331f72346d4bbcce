"""Many sign in at once: a few passwords are looked at at a time, a few wait, the others are told and lose nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from consult.accounts import passwords
from tests.make import PASSWORD, Make
from tests.visitor import check_page

MANY, WAITING = 12, 4  # fewer than a process has connections to its database


class Counting(passwords.PasswordHasher):
    """Notes how many hashes are made at the same time; none is finished before those were told who came too late."""

    def __init__(self) -> None:
        super().__init__()
        self.lock, self.now, self.most, self.told = threading.Lock(), 0, 0, threading.Event()

    def verify(self, *given: Any, **named: Any) -> Any:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        assert self.told.wait(60)
        try:
            return super().verify(*given, **named)
        finally:
            with self.lock:
                self.now -= 1


def test_some_at_once_some_in_line_and_the_rest_is_told(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.person("Ada", email="ada@example.org")
    hasher = Counting()
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_line", threading.BoundedSemaphore(passwords.AT_ONCE + WAITING))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

    def enter(number: int) -> Any:
        typed = {"email": "ada@example.org" if number % 2 else f"nobody{number}@example.org", "password": PASSWORD}
        answer = app.test_client().post("/sign-in", data=typed, headers={"Origin": "http://localhost"})
        if answer.status_code in (429, 503):
            with hasher.lock:
                told.append(number)
                if len(told) == MANY - passwords.AT_ONCE - WAITING:
                    hasher.told.set()
        return answer

    told: list[int] = []
    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(enter, range(MANY)))
    assert hasher.most == passwords.AT_ONCE
    busy = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} <= {303, 422, 429, 503}
    assert busy, "more came than can wait"
    for answer in busy:
        page = answer.get_data(as_text=True)
        check_page(page, "/sign-in")
        assert answer.headers["Retry-After"]
        assert "@example.org" in page
        assert PASSWORD not in page
    after = app.test_client().post(
        "/sign-in", data={"email": "nobody@example.org", "password": PASSWORD}, headers={"Origin": "http://localhost"}
    )
    assert after.status_code == 422, "every turn was given back"
