"""What operators see: each request once, with a number, and nothing of who asked for what."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import create_engine, text

from consult.accounts.models import Person
from consult.core import clock, jobs, seen
from consult.core.db import db, write_transaction
from consult.core.metrics import SERIES, Metrics
from consult.core.paths import MIGRATIONS
from consult.core.seen import Lines, Seen
from consult.settings import Settings
from tests.make import PASSWORD, Make
from tests.visitor import Visitor

CANARY = "zqcanary"
Visit = Callable[..., Visitor]


class Kept(logging.Handler):
    """Lines as they go to standard error."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Lines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def told() -> Iterator[list[str]]:
    kept, top = Kept(), logging.getLogger("consult")
    level = top.level
    top.addHandler(kept)
    top.setLevel(logging.INFO)
    yield kept.lines
    top.removeHandler(kept)
    top.setLevel(level)


def test_each_request_is_a_line_that_says_nothing_of_who_asked_for_what(
    make: Make, visit: Visit, told: list[str]
) -> None:
    row = make.consultation("open", slug=f"{CANARY}-draft")
    clause = make.clauses(make.version(row))[1]
    comment = make.comment(row, clause, number=f"{CANARY.upper()}-001")
    person = make.person(f"Name {CANARY}", email=f"{CANARY}@example.org")
    reader = visit(person)
    reader.client.environ_base |= {"HTTP_USER_AGENT": CANARY, "REMOTE_ADDR": "203.0.113.77"}
    reader.open(f"/c/{row.slug}/comments/{comment.number}")
    reader.open(f"/search?q={CANARY}")
    reader.open(f"/nothing/{CANARY}", status=404)
    reader.open(f"/c/{row.slug}/comments/new?version=1&clause=1-1")
    reader.press("Post comment", status=None, body=f"Words of {CANARY}.")
    lines = [json.loads(line) for line in told]
    assert len(lines) >= 5
    assert CANARY not in "".join(told).lower()
    assert "203.0.113" not in "".join(told)
    assert {"/c/<slug>/comments/<number>", "/search", ""} <= {line["route"] for line in lines}
    assert all({"at", "request", "method", "status", "ms"} <= set(line) for line in lines)
    assert {line["method"] for line in lines} == {"GET", "POST"}


def test_a_failure_names_the_number_that_is_in_the_log(
    app: Flask, visit: Visit, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise LookupError("broken on purpose")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "lobby.about", fail)
    page = visit().open("/about", status=500)
    number = page.headers["X-Request-ID"]
    assert number in page.text
    assert json.loads(told[-1])["request"] == number


def test_a_page_that_is_not_there_reads_the_same_each_time(visit: Visit) -> None:
    assert visit().open("/nothing-here", status=404).body == visit().open("/nothing-here", status=404).body


@pytest.mark.parametrize(
    ("is_behind_proxy", "given", "is_taken"),
    [
        (True, "0123456789abcdef0123456789ABCDEF", True),
        (False, "0123456789abcdef0123456789abcdef", False),
        (True, "mail=somebody@example.org", False),
        (True, "short", False),
        (True, "0123456789abcdef\n", False),
    ],
)
def test_a_number_is_taken_only_from_a_proxy_that_is_trusted(
    tmp_path: Path, is_behind_proxy: bool, given: str, is_taken: bool
) -> None:
    sent: list[tuple[str, str]] = []

    def inner(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        return [b""]

    around = Seen(inner, Metrics(tmp_path), is_behind_proxy=is_behind_proxy, is_told=False)
    around({"HTTP_X_REQUEST_ID": given, "REQUEST_METHOD": "GET"}, lambda _line, headers: sent.extend(headers))
    assert (dict(sent)["X-Request-ID"] == given.lower()) == is_taken
    assert len(dict(sent)["X-Request-ID"]) >= 16


def test_a_fault_in_the_database_quotes_no_row(inside: Flask, make: Make, told: list[str]) -> None:
    make.person(email=f"{CANARY}@example.org")
    try:
        with write_transaction() as session:
            session.add(Person(email=f"{CANARY}@example.org", name=CANARY, password_hash="x", category="other"))
    except Exception:
        logging.getLogger("consult.test").exception("could not store it")
    line = json.loads(told[-1])
    assert line["fault"] == "IntegrityError"
    assert "INSERT INTO person" in line["statement"]
    assert line["where"]
    assert CANARY not in told[-1]


def test_a_slow_query_is_told_without_its_values(inside: Flask, told: list[str], tmp_path: Path) -> None:
    counts = Metrics(tmp_path)
    with inside.test_request_context("/search"):
        seen._remember_route()
        engine = create_engine("sqlite://")
        seen.watch_queries(engine, counts, 0)
        with engine.connect() as connection:
            connection.execute(text("SELECT :word"), {"word": CANARY})
    line = json.loads(told[-1])
    assert line["route"] == "/search"
    assert line["statement"] == "SELECT ?"
    assert CANARY not in told[-1]
    assert counts.totals()["slow", "", ""] == 1


def test_counts_are_those_of_all_processes_and_of_those_that_are_gone(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from consult.core.metrics import Metrics\n"
        "one = Metrics(Path(sys.argv[1]))\n"
        "for _ in range(100): one.answered('search.search', 'GET', 200, 0.02)\n"
        "print('ready', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    here = Metrics(tmp_path)
    here.answered("search.search", "GET", 200, 0.02)
    assert here.totals()["requests", "search", "2xx"] == 201
    for process in both:
        process.kill()
        process.communicate()
    later = Metrics(tmp_path)
    later.answered("search.search", "GET", 503, 0.02)
    totals = later.totals()
    assert totals["requests", "search", "2xx"] == 201
    assert totals["requests", "search", "503"] == 1
    assert totals["within", "search", "0.025"] == 202
    assert len(list(tmp_path.iterdir())) == 3, "a free place is taken again"


def test_counts_of_another_version_begin_at_nothing(tmp_path: Path) -> None:
    (tmp_path / "0.counts").write_bytes(b"x" * 5000)
    counts = Metrics(tmp_path)
    counts.kept(True)
    assert counts.totals()["kept", "", "hit"] == 1
    assert sum(counts.totals().values()) == 1
    assert len(counts.totals()) == len(SERIES)


def test_prometheus_reads_what_happened(app: Flask, make: Make, visit: Visit) -> None:
    with app.app_context(), write_transaction():
        jobs.later("mail.send", {}, due_at=clock.now() - timedelta(minutes=2))
    visit().open("/about")
    lines = app.test_client().get("/metrics").text.splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(values['consult_requests_total{kind="page",status="2xx"}']) >= 1
    assert float(values['consult_request_seconds_bucket{kind="page",le="+Inf"}']) >= 1
    assert values['consult_jobs{kind="mail.send",state="due"}'] == "1"
    assert float(values["consult_database_bytes"]) > 0
    assert values["consult_up"] == "1"
    told = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {
        name.split("{")[0].removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in values
    } <= told


@pytest.mark.parametrize(
    ("token", "address", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "192.0.2.1", {}, 404),
        ("", "127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 404),
        ("a token of some length", "127.0.0.1", {}, 404),
        ("a token of some length", "192.0.2.1", {"Authorization": "Bearer a token of some length"}, 200),
        ("a token of some length", "192.0.2.1", {"Authorization": "Bearer another"}, 404),
    ],
)
def test_numbers_are_for_this_machine_or_for_the_token(
    app: Flask, settings: Settings, token: str, address: str, headers: dict[str, str], status: int
) -> None:
    app.extensions["consult.settings"] = replace(settings, metrics_token=token)
    try:
        answer = app.test_client().get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    finally:
        app.extensions["consult.settings"] = settings
    assert answer.status_code == status


def test_ready_says_what_is_missing(app: Flask) -> None:
    client = app.test_client()
    told = client.get("/readyz")
    assert told.status_code == 503
    assert told.json["checks"]["database"] == {"ok": True}
    assert "consult db upgrade" in told.json["checks"]["migrations"]["reason"]
    assert "no worker was ever seen" in told.json["checks"]["worker"]["reason"]
    with app.app_context():
        stamp(directory=str(MIGRATIONS))
    assert client.get("/readyz?without=worker").status_code == 200
    with app.app_context():
        jobs.sweep()
    assert client.get("/readyz").json["ready"] is True
    with clock.shifted(timedelta(minutes=10)):
        told = client.get("/readyz")
    assert told.status_code == 503
    assert "no worker was seen for 60" in told.json["checks"]["worker"]["reason"]
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


def test_signing_in_and_failing_to_are_lines(make: Make, visit: Visit, told: list[str]) -> None:
    """Which way it was and whether it let in: never who, by the address or otherwise."""
    make.person("Ada", email=f"{CANARY}@example.org")
    someone = visit()
    someone.open("/sign-in")
    someone.press("Sign in", status=422, email=f"{CANARY}@example.org", password=f"wrong {CANARY}")
    someone.press("Sign in", email=f"{CANARY}@example.org", password=PASSWORD)
    someone.open("/me/account")
    someone.press("Sign out", status=None)
    lines = [(line["route"], line["status"]) for line in map(json.loads, told) if line["method"] == "POST"]
    assert lines == [("/sign-in", 422), ("/sign-in", 303), ("/sign-out", 303)]
    assert CANARY not in "".join(told)


def test_what_is_refused_is_a_line(app: Flask, make: Make, visit: Visit, told: list[str]) -> None:
    """Access, forms of other sites, other hosts, tokens, input: each with the answer it got."""
    row, someone = make.consultation("open", slug="press"), visit(make.person("Ada"))
    someone.open("/administration", status=403)
    someone.open(f"/c/{row.slug}/edit", status=None)
    client = app.test_client()
    client.post("/me/proof", headers={"Origin": "https://evil.example"})
    client.get("/sign-in", headers={"Host": "evil.example"})
    client.get("/api/v1/consultations", headers={"Authorization": "Bearer zqcanary"})
    someone.open("/sign-in")
    lines = [(line["route"], line["status"]) for line in map(json.loads, told)]
    assert ("/administration", 403) in lines
    assert {status for _, status in lines} >= {400, 401, 403}
    assert CANARY not in "".join(told)


def test_nothing_that_was_sent_begins_a_line(told: list[str]) -> None:
    forged = 'x\n{"level": "info", "message": "all is well"}\r\u2028\x1b[2J'
    logging.getLogger("consult.test").warning("said: %s", forged)
    (line,) = told
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\r" not in line
    assert json.loads(line)["message"] == f"said: {forged}"


def test_a_mail_that_was_refused_names_no_mailbox(told: list[str]) -> None:
    try:
        raise SMTPRecipientsRefused({f"{CANARY}@example.org": (550, f"<{CANARY}@example.org> unknown".encode())})
    except SMTPRecipientsRefused:
        logging.getLogger("consult.core.jobs").exception("job 7 (mail.send) failed")
    line = json.loads(told[-1])
    assert line["fault"] == "SMTPRecipientsRefused"
    assert "550" in line["words"]
    assert CANARY not in told[-1]


def test_times_are_in_utc(told: list[str]) -> None:
    logging.getLogger("consult.test").warning("now")
    at = datetime.fromisoformat(json.loads(told[-1])["at"])
    assert at.utcoffset() == timedelta(0)
