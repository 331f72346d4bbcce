"""Roles wait for a second factor where the settings say so."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from flask import Flask

from consult.accounts.rules import with_second_factor
from consult.core.records import replace
from consult.core.rules import Actor
from consult.settings import Settings
from tests.keys import Key
from tests.make import Make
from tests.visitor import Visitor

from .test_passkeys import _add

Visit = Callable[..., Visitor]
MODERATOR = Actor(person_id=1, roles=frozenset({(1, "moderator"), (2, "observer")}))


@pytest.fixture
def required(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = dataclasses.replace(app.extensions["consult.settings"], staff_second_factor="required")
    monkeypatch.setitem(app.extensions, "consult.settings", settings)


@pytest.mark.parametrize(
    ("actor", "roles", "is_administrator", "told"),
    [
        (MODERATOR, {(2, "observer")}, False, "required"),
        (replace(MODERATOR, has_second_factor=True), set(MODERATOR.roles), False, ""),
        (Actor(person_id=1, roles=frozenset({(2, "observer")})), {(2, "observer")}, False, ""),
        (Actor(person_id=1, roles=frozenset({(2, "appeals_panel")})), set(), False, "required"),
        (Actor(person_id=1, is_administrator=True), set(), False, "required"),
        (Actor(), set(), False, ""),
    ],
)
def test_which_roles_wait(actor: Actor, roles: set[object], is_administrator: bool, told: str) -> None:
    now = with_second_factor(actor, "required")
    assert (set(now.roles), now.is_administrator, now.second_factor) == (roles, is_administrator, told)
    assert with_second_factor(actor, "asked").roles == actor.roles


def test_what_is_required_where() -> None:
    assert Settings(mode="production").second_factor_for_staff == "required"
    assert Settings().second_factor_for_staff == Settings(mode="test").second_factor_for_staff == "asked"
    assert Settings(staff_second_factor="asked", mode="production").second_factor_for_staff == "asked"
    assert any("STAFF_SECOND_FACTOR" in told for told in Settings(staff_second_factor="no").problems())


def test_a_desk_opens_once_there_is_a_second_factor(visit: Visit, make: Make, required: None) -> None:
    row = make.consultation(slug="desk")
    here = visit(make.staff(row, "moderator"))
    page = here.open("/c/desk/manage", status=None)
    assert page.status in (403, 404)
    assert page.heading == "Set up a second step first"
    assert "until then your role waits" in here.open("/c/desk").text
    _add(here, Key())
    assert here.open("/c/desk/manage").heading != "Set up a second step first"
    assert "second step" not in here.open("/c/desk").text


def test_others_are_told_nothing_of_it(visit: Visit, make: Make, required: None) -> None:
    make.consultation(slug="desk")
    page = visit(make.person()).open("/c/desk/manage", status=None)
    assert page.heading != "Set up a second step first"
    assert "second step" not in page.text


def test_where_it_is_only_asked_roles_work_and_the_account_page_says_so(visit: Visit, make: Make) -> None:
    here = visit(make.staff(make.consultation(slug="desk"), "moderator"))
    assert "second step" not in here.open("/c/desk/manage").text
    assert "please add a second step" in here.open("/me/account").text
