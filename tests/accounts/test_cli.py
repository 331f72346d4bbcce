"""`consult admin …`, as an operator types it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click import Context
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from consult.accounts import passwords
from consult.accounts.cli import admin
from consult.accounts.models import Passkey, Person, SignIn
from consult.command import consult
from consult.core import clock
from consult.core.db import db
from tests.make import Make

GOOD = "seven quiet otters sing"
WHO = ["create", "--email", "Root@Example.org", "--name", "Root"]


@pytest.fixture
def run(app: Flask):  # type: ignore[no-untyped-def]
    """Run `consult admin …` with what is typed at its prompts."""
    return lambda words, typed="": CliRunner().invoke(
        admin, words, input=typed, obj=ScriptInfo(create_app=lambda: app, load_dotenv_defaults=False)
    )


def _people(app: Flask) -> list[Person]:
    with app.app_context():
        return list(db.session.scalars(select(Person)))


def test_it_is_a_command_of_consult() -> None:
    assert consult.get_command(Context(consult), "admin") is admin


def test_everything_is_asked_for_and_the_password_twice(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    done = run(["create"], f"root@example.org\nRoot\nshort\nshort\n{GOOD}\nother\n{GOOD}\n{GOOD}\n")
    assert done.exit_code == 0, done.output
    assert GOOD not in done.output
    assert "12 characters" in done.output
    (person,) = _people(app)
    assert person.is_administrator
    assert person.email_verified_at is not None
    assert passwords.verify_password(person.password_hash, GOOD)


def test_a_generated_password_is_printed_once(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    done = run([*WHO, "--generate-password"])
    password = done.output.rsplit(": ", 1)[1].strip()
    assert done.output.count(password) == 1
    assert passwords.verify_password(_people(app)[0].password_hash, password)


def test_the_result_for_machines(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    made = json.loads(run([*WHO, "--generate-password", "--json"]).stdout)
    assert made["email"] == "root@example.org"
    assert passwords.verify_password(_people(app)[0].password_hash, made["password"])


def test_problems_are_sentences(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    assert run([*WHO, "--generate-password"]).exit_code == 0
    again = run([*WHO, "--generate-password"])
    assert again.exit_code == 1
    assert "already" in again.output
    wrong = run(["create", "--email", "nobody", "--name", "x", "--generate-password"])
    assert "does not look like an e-mail address" in wrong.output
    assert len(_people(app)) == 1


def test_lost_factors_are_taken_away_and_every_browser_is_signed_out(run, make: Make) -> None:  # type: ignore[no-untyped-def]
    ada = make.person("Ada", email="ada@example.org", second_factor_at=clock.now())
    make.row(Passkey(person_id=ada.id, name="Key", credential_id="AAAA", data="AAAA", sign_count=0))
    make.row(SignIn(token_digest="d", person_id=ada.id, expires_at=clock.now() + timedelta(days=1)))
    why = ["--reason", "Lost her phone."]
    assert run(["forget-factors", "--email", "bob@example.org", *why]).exit_code == 1
    done = run(["forget-factors", "--email", "Ada@example.org", *why])
    assert "password alone" in done.output, done.output
    assert make.count(Passkey) == make.count(SignIn, SignIn.ended_at.is_(None)) == 0
    assert make.count(Person, Person.second_factor_at.is_(None)) == 1


def test_two_organisations_are_merged_from_the_console(run, make: Make) -> None:  # type: ignore[no-untyped-def]
    former, into = make.organisation("Old", slug="old"), make.organisation("New", slug="new-one")
    signs = make.person(email="signs@example.org")
    make.member(signs, former, is_signatory=True)
    words = ["merge-organisations", "old", "new-one", "--reason", "One body."]
    assert "Choose at least one" in run(words).output
    assert "nobody with the address" in run([*words, "--signing", "other@example.org"]).output
    answer = run([*words, "--signing", "signs@example.org"])
    assert answer.output == "Old is New now.\n"
    assert make.actor(signs).signatory_of == {former.id, into.id}
