"""Every address × every role × every state of a consultation, generated from the URL map.

The answers are compared with policy.txt. `make policy` writes that file; read its difference before
you commit it, as one reads a contract.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from consult.core.limits import limiter

from .asked import BODIES, value_of
from .world import ORIGIN, ROLES, STATES, World

POLICY = Path(__file__).parent / "policy.txt"
HEAD = (
    "What every address answers to every role in every state of a consultation.\n"
    "200 shown · 303 done, or sent to sign in (in) · 401 sign in first · 403 refused with a sentence · 404 not there for you ·\n"
    "409 not possible any more · 422 asked to correct the form. Written by `make policy`; read as a contract.\n"
)
ANY = "any"
Answers = dict[tuple[str, str, str], str]  # (address, role, state) → status


def _doors(app: Flask) -> list[Rule]:
    return sorted((r for r in app.url_map.iter_rules() if r.endpoint != "asset"), key=lambda r: (r.rule, _method(r)))


def _method(rule: Rule) -> str:
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def _name(rule: Rule) -> str:
    return f"{_method(rule)} {rule.rule}"


def _ask(world: World, rule: Rule, role: str) -> str:
    values = {argument: value_of(world, rule.endpoint, argument) for argument in rule.arguments}
    with world.app.test_request_context():
        address = world.app.url_for(rule.endpoint, **values)
    body = BODIES.get(rule.endpoint, lambda _: {})(world) if _method(rule) == "POST" else None
    try:
        answer = world.client(role).open(address, method=_method(rule), data=body, headers=ORIGIN)
    except Exception as failure:  # what people would see as a 500
        world.restore()
        return f"500 {type(failure).__name__}: {failure}"[:200]
    if _method(rule) == "POST" and answer.status_code < 400:
        world.restore()
    if _method(rule) == "GET" and answer.status_code == 303 and "/sign-in" in answer.headers["Location"]:
        return "in"
    return str(answer.status_code)


@pytest.fixture(scope="module")
def answers(app: Flask) -> Iterator[Answers]:
    found: Answers = {}
    csrf, limits = app.config.get("WTF_CSRF_ENABLED", True), limiter.enabled
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = False, False
    for state in STATES:
        world = World(app, state)
        for rule in _doors(app):
            depends = any(part in rule.rule for part in ("<slug>", "<number>", "_id>")) and rule.rule.startswith("/c/")
            if not depends and state != "open":
                continue
            for role in ROLES:
                found[_name(rule), role, state if depends else ANY] = _ask(world, rule, role)
        world.clear()
    yield found
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = csrf, limits


def _written(answers: Answers) -> str:
    lines = [HEAD]
    for address, keys in groupby(sorted(answers, key=lambda k: (k[0].split()[1], k[0])), key=lambda k: k[0]):
        states = [s for s in (ANY, *STATES) if (address, ROLES[0], s) in answers]
        del keys
        lines.append(f"{address}\n  {'':<44}" + " ".join(f"{state:>9}" for state in states))
        rows: dict[tuple[str, ...], list[str]] = {}
        for role in ROLES:
            rows.setdefault(tuple(answers[address, role, state] for state in states), []).append(role)
        most = max(rows, key=lambda statuses: len(rows[statuses]))
        for statuses, roles in sorted(rows.items(), key=lambda row: row[0] == most):
            others = "everybody" if len(rows) == 1 else "everybody else"
            who = others if statuses == most and len(roles) > 1 else ", ".join(roles)
            lines.append(f"  {who:<44}" + " ".join(f"{status:>9}" for status in statuses))
        lines.append("")
    return "\n".join(lines)


def test_every_door_answers_as_the_policy_says(answers: Answers) -> None:
    written = _written(answers)
    if os.environ.get("CONSULT_TEST_WRITE_POLICY"):
        POLICY.write_text(written, "utf-8")
    assert written.splitlines() == POLICY.read_text("utf-8").splitlines()


def test_nothing_breaks(answers: Answers) -> None:
    assert not {key: status for key, status in answers.items() if status.startswith("5")}


def test_every_post_succeeds_for_somebody(answers: Answers) -> None:
    posts = {address for address, _, _ in answers if address.startswith("POST")}
    done = {address for (address, _, _), status in answers.items() if status in ("200", "303")}
    assert sorted(posts - done) == [], "give these a body that succeeds, in tests/shape/asked.py"


def test_a_draft_is_not_there_for_anybody_outside(answers: Answers) -> None:
    outside = {"visitor", "suspended", "unverified", "person", "member", "signatory", "elsewhere"}
    seen = {
        (address, role): status
        for (address, role, state), status in answers.items()
        if state == "draft" and role in outside and status in ("200", "303", "403", "409", "422")
    }
    assert not seen


def test_a_suspended_person_is_a_visitor(answers: Answers) -> None:
    for (address, role, state), status in answers.items():
        if role == "suspended":
            assert status == answers[address, "visitor", state], (address, state)
