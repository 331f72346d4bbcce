"""Passkeys over HTTP, with a key made of software; the same with a browser's own is in tests/browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from consult.accounts.models import Passkey, Person, RecoveryCode, SignIn
from consult.core import clock
from tests.keys import Key
from tests.make import PASSWORD, Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
ADDRESS = "ada@example.org"


def _form(page: Page) -> Element:
    assert page.tree is not None
    return next(f for f in page.tree.iter("form") if f.get("data-behaviour") == "passkey")


def _answer(someone: Visitor, answer: Callable[[str], str], status: int = 200, **more: str) -> Page:
    """Let a key answer what the page asks, and send the form as the program in the page does."""
    form = _form(someone.page)  # type: ignore[arg-type]
    fields = {n.get("name", ""): n.get("value", "") for n in form.iter("input") if n.get("type") != "checkbox"}
    given = {"passkey_answer": answer(form.get("data-options", ""))} | more
    return someone.send(form.get("action", ""), fields | given, status=status)


def _add(someone: Visitor, key: Key, name: str = "My phone", status: int = 200) -> Page:
    someone.open("/me/account/passkeys/new")
    return _answer(someone, key.make, name=name, status=status)


def _sign_ins(make: Make) -> int:
    return make.count(SignIn, SignIn.ended_at.is_(None))


def test_a_passkey_opens_the_account_without_anything_typed(visit: Visit, make: Make) -> None:
    here, key = visit(make.person("Ada", email=ADDRESS)), Key()
    assert _add(here, key).heading == "Your recovery codes"
    assert "My phone" in here.open("/me/account").text
    someone = visit()
    someone.open("/sign-in?next=/me/account/profile")
    assert _answer(someone, key.sign).url == "/me/account/profile"
    assert _sign_ins(make) == 2


def test_an_answer_counts_once(visit: Visit, make: Make) -> None:
    here, key = visit(make.person("Ada", email=ADDRESS)), Key()
    _add(here, key)
    someone = visit()
    someone.open("/sign-in")
    form = _form(someone.page)  # type: ignore[arg-type]
    fields = {n.get("name", ""): n.get("value", "") for n in form.iter("input") if n.get("type") == "hidden"}
    fields["passkey_answer"] = key.sign(form.get("data-options", ""))
    assert someone.send("/sign-in/passkey", fields).heading == "Your account"
    stranger = visit()
    stranger.open("/sign-in")
    fields["csrf_token"] = stranger.page.form("Sign in").fields["csrf_token"][0]  # type: ignore[union-attr]
    assert "once more" in " ".join(stranger.send("/sign-in/passkey", fields, status=422).errors())
    assert _sign_ins(make) == 2


@pytest.mark.parametrize("wrong", ["origin", "unverified", "another key", "another person", "garbage", "too old"])
def test_what_is_not_right_opens_nothing(visit: Visit, make: Make, wrong: str) -> None:
    ada, bob, key, other = make.person("Ada", email=ADDRESS), make.person("Bob"), Key(), Key()
    _add(visit(ada), key)
    _add(visit(bob), other)
    before = _sign_ins(make)
    someone = visit()
    someone.open("/sign-in")
    answer: Callable[[str], str] = key.sign
    if wrong == "origin":
        key.origin = "https://localhost.evil.example"
    elif wrong == "unverified":
        key.is_verified = False
    elif wrong == "another key":
        key.private = other.private
    elif wrong == "another person":
        key.handle = other.handle
    elif wrong == "garbage":
        answer = lambda _: '{"id": "é", "response": {"signature": [[[1]]]}}'  # noqa: E731
    with clock.shifted(timedelta(minutes=61 if wrong == "too old" else 0)):
        page = _answer(someone, answer, status=422)
    assert "did not work" in " ".join(page.errors())
    assert _sign_ins(make) == before


def test_a_copy_of_a_key_that_counts_is_noticed(visit: Visit, make: Make) -> None:
    key = Key()
    key.count = 7
    _add(visit(make.person("Ada", email=ADDRESS)), key)
    one, two = visit(), visit()
    one.open("/sign-in")
    assert _answer(one, key.sign).heading == "Your account"
    key.count -= 1  # a copy does not know what the other has counted
    with clock.shifted(timedelta(seconds=1)):
        two.open("/sign-in")
        assert "copy" in " ".join(_answer(two, key.sign, status=422).errors())


def test_a_passkey_after_the_password_and_as_proof(visit: Visit, make: Make) -> None:
    here, key = visit(make.person("Ada", email=ADDRESS)), Key()
    _add(here, key)
    key.is_verified = False  # a security key without a PIN is enough beside the password
    someone = visit()
    someone.open("/sign-in")
    someone.press("Sign in", email=ADDRESS, password=PASSWORD)
    assert someone.page.heading == "One more step"  # type: ignore[union-attr]
    assert _answer(someone, key.sign).heading == "Your account"
    with clock.shifted(timedelta(minutes=16)):
        someone.open("/me/account/passkeys/new")
        assert someone.page.heading == "Is it you?"  # type: ignore[union-attr]
        assert _answer(someone, key.sign).heading == "Add a passkey"


def test_a_passkey_is_removed_by_its_owner_only_and_codes_go_with_the_last(
    visit: Visit, make: Make, app: Flask
) -> None:
    ada, key = make.person("Ada", email=ADDRESS), Key()
    here = visit(ada)
    _add(here, key)
    assert "already" in " ".join(_add(visit(make.person("Eve")), key, status=422).errors())
    assert "name" in " ".join(_add(here, Key(), name=" ", status=422).errors())
    visit(make.person("Bob")).client.post("/me/account/passkeys/1/removal")
    assert make.count(Passkey) == 1
    here.open("/me/account")
    here.press("Remove")
    assert (
        make.count(Passkey) == make.count(RecoveryCode) == make.count(Person, Person.second_factor_at.is_not(None)) == 0
    )
    someone = visit()
    someone.open("/sign-in")
    assert "did not work" in " ".join(_answer(someone, key.sign, status=422).errors())


def test_a_site_with_a_number_has_no_passkeys(visit: Visit, make: Make, app: Flask, monkeypatch: Any) -> None:
    settings = app.extensions["consult.settings"]
    monkeypatch.setitem(
        app.extensions, "consult.settings", type(settings)(mode="test", public_url="http://127.0.0.1:8000")
    )
    assert "passkey" not in visit().open("/sign-in").text
    assert "reached by a number" in visit(make.person()).open("/me/account/passkeys/new").text
