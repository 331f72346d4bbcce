"""`consult api …`, as an operator types it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click import Context
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from consult.accounts.models import Person
from consult.administration.models import AdministrativeAct
from consult.api import tokens
from consult.api.cli import api
from consult.api.models import ApiToken
from consult.command import consult
from tests.make import Make

from .program import Program, give

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run `consult api …`; it must end with `code`."""

    def typed(*words: object, code: int = 0) -> Result:
        info = ScriptInfo(create_app=lambda: app, load_dotenv_defaults=False)
        done = CliRunner().invoke(api, [str(word) for word in words], obj=info)
        assert done.exit_code == code, done.output
        return done

    return typed


@pytest.fixture
def ada(make: Make) -> Person:
    return make.person("Ada", email="ada@example.org")


def test_it_is_a_command_of_consult() -> None:
    assert consult.get_command(Context(consult), "api") is api


def test_a_machine_is_made_gets_a_token_and_is_closed(app: Flask, make: Make, run: Run) -> None:
    of = make.organisation("Library Union")
    number, name = run("machine", "--name", "Robot", "--organisation", of.slug).output.strip().split("\t")
    assert name == "Robot (machine)"
    secret = run(
        "token", "make", "--machine", number, "--name", "Import", "--scope", "comment", "--days", 7
    ).output.strip()
    program = Program(app, secret)
    program.ask("/consultations", status=403)  # it was not made to read
    secret = run("token", "make", "--machine", number, "--name", "Reading").output.strip()
    told = Program(app, secret).ask("/me").json
    assert (told["name"], told["is_machine"], told["speaks_for"]) == ("Robot (machine)", True, "Library Union")
    assert told["token"]["scopes"] == ["read"]
    (row,) = json.loads(run("machines", "--json").output)
    assert (row["id"], row["of"], row["closed_at"]) == (int(number), of.slug, None)
    assert "closed" not in run("machines").output
    assert run("close", "--machine", number, "--reason", "It is over.").output.strip() == "Robot (machine) is closed."
    assert "closed" in Program(app, secret).ask("/me", status=401).json["detail"]
    assert json.loads(run("token", "list", "--json").output) == []
    assert "closed" in run("machines").output
    again = run("close", "--machine", number, "--reason", "It is over.", code=1)
    assert "This machine is closed." in again.output
    assert "This machine is closed." in run("token", "make", "--machine", number, "--name", "Late", code=1).output
    with make.writing() as session:
        act = session.scalars(select(AdministrativeAct)).one()
        assert (act.verb, act.person_id, act.reason) == ("close_machine", int(number), "It is over.")
        assert act.by_name  # who runs the shell


def test_the_site_may_have_machines_of_its_own(app: Flask, run: Run) -> None:
    number = run("machine", "--name", "Watcher").output.split("\t")[0]
    secret = run("token", "make", "--machine", number, "--name", "Watching").output.strip()
    assert Program(app, secret).ask("/me").json["speaks_for"] is None
    assert f"{number}\tWatcher (machine)\tthis site" in run("machines").output


def test_tokens_are_listed_without_themselves_and_revoked(app: Flask, make: Make, run: Run, ada: Person) -> None:
    secret, other = give(make, ada, "read", name="Sheet"), give(make, make.person("Bea"), "read")
    listed = json.loads(run("token", "list", "--email", " ADA@example.org", "--json").output)
    assert [(row["name"], row["of"], row["scopes"], row["used_on"]) for row in listed] == [
        ("Sheet", "Ada", ["read"], None)
    ]
    every = run("token", "list")
    assert len(every.output.splitlines()) == 2
    assert tokens.start(secret) in every.output
    assert secret not in every.output
    number = listed[0]["id"]
    assert run("token", "revoke", "--id", number).output.strip() == "“Sheet” of Ada is revoked."
    assert "revoked" in Program(app, secret).ask("/me", status=401).json["detail"]
    Program(app, other).ask("/me")
    assert run("token", "list", "--email", "ada@example.org").output == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("token", "revoke", "--id", 9), "There is no such token."),
        (("token", "make", "--machine", 9, "--name", "X"), "There is no such machine"),
        (("token", "make", "--machine", 9, "--name", "X", "--scope", "vote"), "Invalid value for '--scope'"),
        (("token", "make", "--machine", 9, "--name", "X", "--days", 366), "Invalid value for '--days'"),
        (("machine", "--name", " "), "Give it a name"),
        (("machine", "--name", "Robot", "--organisation", "nobody"), "There is no such organisation."),
        (("close", "--machine", 9, "--reason", "So."), "There is no such machine"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence_and_leaves_nothing(
    make: Make, run: Run, words: tuple[object, ...], sentence: str
) -> None:
    done = run(*words, code=2 if sentence.startswith("Invalid") else 1)
    assert sentence in done.output
    assert "Traceback" not in done.output
    assert make.count(Person) == make.count(ApiToken) == 0


def test_the_account_of_a_person_is_no_machine(make: Make, run: Run, ada: Person) -> None:
    assert "There is no such machine" in run("close", "--machine", ada.id, "--reason", "So.", code=1).output
    assert "There is no such machine" in run("token", "make", "--machine", ada.id, "--name", "X", code=1).output
    run("close", "--machine", make.person("R (machine)", is_machine=True).id, "--reason", " ", code=1)
    assert make.count(Person, Person.suspended_at.is_not(None)) == 0
