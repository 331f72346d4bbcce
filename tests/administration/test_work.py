"""Jobs, mails, health, settings, acts as a file: what the pages say, and that they say nothing of people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from consult.accounts.cli import admin
from consult.accounts.models import Person
from consult.administration import cli, configured, health, kinds
from consult.administration.models import AdministrativeAct
from consult.core import clock
from consult.core.db import db
from consult.core.jobs import BACK_OFF, Job, later, run_due
from consult.core.rules import SYSTEM
from consult.settings import Settings
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
WHY = "The address is gone."
TO = "ada.lovelace@example.org"


@pytest.fixture
def root(make: Make) -> Person:
    return make.person("Root", is_administrator=True)


@pytest.fixture
def run(app: Flask) -> Callable[..., Any]:
    info = {"create_app": lambda: app, "load_dotenv_defaults": False}
    return lambda group, *words: CliRunner().invoke(group, words, obj=ScriptInfo(**info))


def failed(make: Make, error: str = "", kind: str = "mail.send") -> int:
    with make.writing() as session:
        later(kind, {"template": "accounts/password_changed", "to": TO, "values": {"name": "Ada"}})
        job = session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert job is not None
        job.is_parked, job.tries = True, len(BACK_OFF) + 1
        job.error = error or f"smtplib.SMTPRecipientsRefused: {{'{TO}': (550, b'5.1.1 <{TO}> unknown')}}"
        return job.id


def test_a_failed_mail_is_told_masked_with_what_the_server_said(make: Make, visit: Visit, root: Person) -> None:
    failed(make)
    text = visit(root).open("/administration/mail").text
    assert "To a…@example.org" in text
    assert "did not take this address: “550 5.1.1 <a…@example.org> unknown”" in text
    assert "lovelace" not in text


@pytest.mark.parametrize(
    "error", ["ValueError: Ada Lovelace said so", "consult.core.errors.Missing: Ada", "KeyError: 'Ada'"]
)
def test_of_other_failures_only_the_kind_is_told(error: str) -> None:
    assert "Ada" not in kinds.why(error)
    assert kinds.why(error)


def test_one_is_tried_again_and_goes(app: Flask, make: Make, visit: Visit, root: Person) -> None:
    job_id = failed(make)
    browser = visit(root)
    browser.open("/administration/mail")
    assert "tried again now" in browser.press("Try it now").text
    with app.app_context():
        assert run_due() == 1
    assert "password changed" in browser.open("/administration/mail?show=done").text
    assert make.count(AdministrativeAct, AdministrativeAct.job_id == job_id) == 1


def test_all_of_a_kind_are_tried_again(make: Make, visit: Visit, root: Person) -> None:
    for _ in range(3):
        failed(make)
    failed(make, kind="privacy.fade")
    browser = visit(root)
    browser.open("/administration/jobs?kind=mail.send")
    assert "3 jobs are tried again" in browser.press("Try all again").text
    assert make.count(Job, Job.is_parked) == 1


def test_a_discarded_one_is_never_done_and_forgets_what_it_carried(
    app: Flask, make: Make, visit: Visit, root: Person
) -> None:
    job_id = failed(make)
    browser = visit(root)
    browser.open(f"/administration/jobs/{job_id}/discarding?list=mail")
    browser.press("Discard it", status=422, reason=" ")
    browser.press("Discard it", reason=WHY)
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        assert (job.payload, run_due()) == ("{}", 0)
    assert "discarded" in browser.open("/administration/jobs?show=done").text
    browser.open(f"/administration/jobs/{job_id}/discarding")
    assert "is done, or was discarded" in browser.press("Discard it", status=403, reason=WHY).text


def test_what_a_worker_does_just_now_is_left_alone(make: Make, visit: Visit, root: Person) -> None:
    job_id = failed(make)
    with make.writing() as session:
        job = session.get_one(Job, job_id)
        job.is_parked, job.lease_until = False, clock.now() + timedelta(minutes=4)
    browser = visit(root)
    assert "held until" in browser.open("/administration/jobs?show=running").text
    browser.open(f"/administration/jobs/{job_id}/discarding")
    assert "doing this job just now" in browser.press("Discard it", status=422, reason=WHY).text


def test_health_says_what_is_good_and_what_is_not(
    app: Flask, make: Make, visit: Visit, root: Person, settings: Settings
) -> None:
    failed(make)
    with make.writing():
        later("mail.send", {}, due_at=clock.now() - timedelta(hours=3))
    make.consultation()
    with app.app_context():
        found = {check.name: check for check in health.checks(viewer=SYSTEM, settings=settings)}
        bad = replace(settings, redis_url="redis://127.0.0.1:1/0", mail_url="smtp://x")
        other = {check.name: check for check in health.checks(viewer=SYSTEM, settings=bad)}
    good = {name for name, check in found.items() if check.is_good}
    assert {"Database", "Redis", "Version"} <= good
    told = {
        "Worker",
        "Waiting work",
        "Failed jobs",
        "Mail",
        "Mail server",
        "Public address",
        "Second step",
        "Organisers",
    }
    assert told.isdisjoint(good)
    assert "waited 3 hours" in found["Waiting work"].sentence
    assert not other["Redis"].is_good
    assert other["Mail server"].is_good
    assert "need attention" in visit(root).open("/administration").text


def test_settings_show_nothing_secret(visit: Visit, root: Person) -> None:
    given = Settings(secret_key="s" * 40, mail_url="smtp://me:pa55@mail.example.org:587/?password=pa55")
    rows = {row.name: row for row in configured.settings_now(given, {"CONSULT_MAIL_URL": "x"})}
    assert rows["CONSULT_SECRET_KEY"].value == "set"
    assert rows["CONSULT_MAIL_URL"].value == "smtp://(name and password)@mail.example.org:587/"
    assert rows["CONSULT_MAIL_URL"].source == "variable CONSULT_MAIL_URL"
    assert "pa55" not in str(rows)
    text = visit(root).open("/administration/settings").text
    assert all(row in text for row in rows)


def test_acts_are_found_and_come_as_a_file_without_formulas(app: Flask, make: Make, visit: Visit, root: Person) -> None:
    body = make.organisation("Guild")
    for n in range(2):
        make.row(AdministrativeAct(verb="verify", by_name="shell", organisation_id=body.id, reason=f"=1+{n}"))
    make.row(AdministrativeAct(verb="suspend", by_id=root.id, person_id=make.person("Ada").id, reason="Threats."))
    make.row(AdministrativeAct(verb="unverify", by_id=root.id, organisation_id=4711, reason="Gone."))
    browser = visit(root)
    text = browser.open("/administration/acts").text
    assert "shell at the command line" in text
    assert "not there any more" in text
    text = browser.open("/administration/acts?q=ada&show=suspend").text
    assert "Threats." in text
    assert "Guild" not in text
    answer = browser.client.get("/administration/acts.csv?show=verify")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["reason"] for row in rows] == ["'=1+0", "'=1+1"]
    assert {row["organisation"] for row in rows} == {"Guild"}
    assert visit(make.person()).open("/administration/acts.csv", status=403)


def test_everything_by_command(app: Flask, make: Make, run: Callable[..., Any]) -> None:
    make.person("Ada", email=TO)
    make.consultation(slug="lost")
    make.person("Root", is_administrator=True)
    make.organisation("Guild", slug="guild")
    job_id, why = failed(make), ("--reason", WHY)
    about = ("--email", TO, *why)
    for words in (
        ("suspend", *about), ("let-in", *about), ("sign-out", *about), ("send-password-mail", *about),
        ("make-administrator", *about), ("unmake-administrator", *about), ("verify", "guild", *why),
        ("describe", "guild", "--register-number", "HRB 1", *why), ("unverify", "guild", *why),
        ("appoint", "lost", *about), ("appoint", "lost", "--role", "editor", *about), ("dismiss", "lost", "--role", "editor", *about),
    ):  # fmt: skip
        done = run(admin, *words, "--json")
        assert done.exit_code == 0, (words, done.output)
        assert json.loads(done.output)["done"]
    assert run(admin, "dismiss", "lost", "--role", "organiser", *about).exit_code == 1
    assert run(cli.jobs, "retry").exit_code == 2
    assert run(cli.jobs, "retry", str(job_id)).exit_code == 0
    assert run(cli.jobs, "retry", "--kind", "mail.send").exit_code == 1
    assert run(cli.jobs, "discard", str(job_id), *why).exit_code == 0
    assert run(admin, "health").exit_code == 1
    assert json.loads(run(admin, "health", "--json").output)[0]["name"] == "Database"
    listed = json.loads(run(admin, "people", "--search", "lovelace", "--json").output)
    assert [one["email"] for one in listed["rows"]] == [TO]
    for group, words in (
        (admin, ("organisations",)), (admin, ("consultations",)), (admin, ("settings",)), (admin, ("acts",)),
        (cli.jobs, ("list", "--show", "done")), (cli.mail, ("list",)),
    ):  # fmt: skip
        assert run(group, *words).exit_code == 0, words
        assert json.loads(run(group, *words, "--json").output), words
    acts = json.loads(run(admin, "acts", "--json").output)
    assert len(acts) == 14
    assert {act["by_account"] for act in acts} == {""}
    assert all(act["by_name"] for act in acts)
    assert "'" not in run(admin, "acts", "--csv").output.splitlines()[1]
