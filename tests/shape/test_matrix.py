"""Every address × every role × every state of a consultation, and of a private one that is open; from the URL map.

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
from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG

from .asked import BODIES, value_of
from .world import ORIGIN, ROLES, TOKENS, World
from .world import STATES as PUBLIC_STATES

POLICY = Path(__file__).parent / "policy.txt"
HEAD = (
    "What every address answers to every role in every state of a consultation.\n"
    "200 shown · 303 done, or sent to sign in (in) · 401 sign in first · 403 refused with a sentence · 404 not there for you ·\n"
    "409 not possible any more · 422 asked to correct the form. Written by `make policy`; read as a contract.\n"
)
ANY = "any"
STATES = (*PUBLIC_STATES, "private")
# What succeeds for nobody in this world: it has no OpenID provider (accounts/test_openid.py), and nobody's name stands
# under a comment of somebody else (debate/test_naming.py).
ELSEWHERE = {
    "POST /me/account/provider", "POST /sign-in/provider/arrival", "POST /sign-in/provider/registration",
    "POST /c/<slug>/comments/<number>/names/mine",
}  # fmt: skip
IS_WRITING = "CONSULT_TEST_WRITE_POLICY" in os.environ
# Everything is asked, everywhere but in the short form on PostgreSQL: that asks for one answer of each kind. Rules are the
# same code on both; whether another database answers otherwise shows in that.
IS_SHORT = IS_POSTGRESQL and not IS_LONG and not IS_WRITING
Answers = dict[tuple[str, str, str], str]  # (address, role, state) → status


def _doors(app: Flask) -> list[Rule]:
    return sorted((r for r in app.url_map.iter_rules() if r.endpoint != "asset"), key=lambda r: (r.rule, _method(r)))


def _method(rule: Rule) -> str:
    return next((method for method in ("POST", "PUT") if method in (rule.methods or ())), "GET")


def _is_for_programs(address: str) -> bool:
    """Doors below /api/v1 are asked with tokens, and with tokens that must not open them."""
    return "/api/v1" in address


def _roles(address: str) -> tuple[str, ...]:
    return (*ROLES, *TOKENS) if _is_for_programs(address) else ROLES


def _name(rule: Rule) -> str:
    return f"{_method(rule)} {rule.rule}"


def _ask(world: World, rule: Rule, roles: list[str]) -> Iterator[tuple[str, str]]:
    """What the address answers to each of these roles."""
    values = {argument: value_of(world, rule.endpoint, argument) for argument in rule.arguments}
    with world.app.test_request_context():
        address = world.app.url_for(rule.endpoint, **values)
    for role in roles:
        yield role, _answer(world, rule, role, address)


def _answer(world: World, rule: Rule, role: str, address: str) -> str:
    body = BODIES.get(rule.endpoint, lambda _: {})(world) if _method(rule) != "GET" else None
    try:
        if _is_for_programs(rule.rule):
            scope = getattr(world.app.blueprints["v1"].permits[rule.endpoint.split(".")[1]], "scope", "read")  # type: ignore[attr-defined]
            answer = world.program(role, scope).open(address, method=_method(rule), json=body)
        else:
            answer = world.client(role).open(address, method=_method(rule), data=body, headers=ORIGIN)
    except Exception as failure:  # what people would see as a 500
        world.restore()
        return f"500 {type(failure).__name__}: {failure}"[:200]
    answer.get_data()  # a stream must be read to its end
    if _method(rule) != "GET" and answer.status_code < 400:
        world.restore()
    if _method(rule) == "GET" and answer.status_code == 303 and "/sign-in" in answer.headers["Location"]:
        return "in"
    return str(answer.status_code)


def _of_each_kind(policy: Answers) -> set[tuple[str, str, str]]:
    """Of roles that have the same answers in all states one, and of each answer it has one state."""
    rows: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (address, role, state), status in policy.items():
        rows.setdefault((address, role), []).append((state, status))
    kept: dict[tuple[object, ...], tuple[str, str, str]] = {}
    for (address, role), row in rows.items():
        for state, status in row:
            kept.setdefault((address, *row, status), (address, role, state))
    return set(kept.values())


@pytest.fixture(scope="module")
def answers(app: Flask, policy: Answers) -> Iterator[Answers]:
    found, known = Answers(), {address for address, _, _ in policy}
    some = _of_each_kind(policy) if IS_SHORT else set()
    csrf, limits = app.config.get("WTF_CSRF_ENABLED", True), limiter.enabled
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = False, False
    for state in STATES:
        world = World(app, "open", access="private") if state == "private" else World(app, state)
        for rule in _doors(app):
            depends = any(part in rule.rule for part in ("<slug>", "<number>", "_id>")) and rule.rule.startswith(
                ("/c/", "/api/v1/consultations/<slug>")
            )
            if not depends and state != "open":
                continue
            name, where = _name(rule), state if depends else ANY
            is_whole = not IS_SHORT or name not in known
            roles = [role for role in _roles(name) if is_whole or (name, role, where) in some]
            for role, status in _ask(world, rule, roles):
                found[name, role, where] = status
        world.clear()
    yield found
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = csrf, limits


@pytest.fixture(scope="module")
def policy() -> Answers:
    """What policy.txt says."""
    said: Answers = {}
    for block in POLICY.read_text("utf-8").removeprefix(HEAD).strip().split("\n\n"):
        address, header, *lines = block.splitlines()
        states, rest = header.split(), list(_roles(address))
        for line in lines:  # "everybody else" is the last
            names, *statuses = line.strip().rsplit(maxsplit=len(states))
            roles = [role for role in rest if names.startswith("everybody") or role in names.split(", ")]
            for role in roles:
                said |= {(address, role, state): status for state, status in zip(states, statuses, strict=True)}
            rest = [role for role in rest if role not in roles]
    return said


def _written(answers: Answers) -> str:
    lines = [HEAD]
    for address, keys in groupby(sorted(answers, key=lambda k: (k[0].split()[1], k[0])), key=lambda k: k[0]):
        states = [s for s in (ANY, *STATES) if (address, ROLES[0], s) in answers]
        del keys
        lines.append(f"{address}\n  {'':<44}" + " ".join(f"{state:>9}" for state in states))
        rows: dict[tuple[str, ...], list[str]] = {}
        for role in _roles(address):
            rows.setdefault(tuple(answers[address, role, state] for state in states), []).append(role)
        most = max(rows, key=lambda statuses: len(rows[statuses]))
        for statuses, roles in sorted(rows.items(), key=lambda row: row[0] == most):
            others = "everybody" if len(rows) == 1 else "everybody else"
            who = others if statuses == most and len(roles) > 1 else ", ".join(roles)
            lines.append(f"  {who:<44}" + " ".join(f"{status:>9}" for status in statuses))
        lines.append("")
    return "\n".join(lines)


def test_every_door_answers_as_the_policy_says(answers: Answers, policy: Answers) -> None:
    if IS_WRITING:
        POLICY.write_text(_written(answers), "utf-8")
        return
    differing = [
        f"{' as '.join(key[:2])}, {key[2]}: {answers[key]}, and in the policy {policy.get(key, 'nothing')}"
        for key in answers
        if answers[key] != policy.get(key)
    ]
    assert not differing, "\n".join(differing)
    gone = {key[0] for key in policy} - {key[0] for key in answers}
    assert not gone, f"in the policy, but no address any more: {sorted(gone)}"
    if not IS_SHORT:
        assert _written(answers) == POLICY.read_text("utf-8")


def test_nothing_breaks(answers: Answers) -> None:
    broken = {key: status for key, status in answers.items() if status.startswith("5")}
    assert {key[0] for key in broken} <= {"GET /readyz"}, "there is no worker here, and it says so"


def test_every_post_succeeds_for_somebody(answers: Answers) -> None:
    posts = {address for address, _, _ in answers if not address.startswith("GET")}
    done = {address for (address, _, _), status in answers.items() if status in ("200", "201", "303")}
    assert posts - done == ELSEWHERE, "give these a body that succeeds, in tests/shape/asked.py"


def test_a_draft_and_what_is_private_are_not_there_for_anybody_outside(answers: Answers) -> None:
    outside = {"visitor", "suspended", "unverified", "person", "member", "signatory", "elsewhere"}
    seen = {
        (address, role): status
        for (address, role, state), status in answers.items()
        if state in ("draft", "private") and role in outside and status in ("200", "303", "403", "409", "422")
    }
    assert not seen


def test_a_suspended_person_is_a_visitor(answers: Answers) -> None:
    for (address, role, state), status in answers.items():
        if role == "suspended" and _is_for_programs(address):  # her token opens nothing, as one that was revoked
            assert status == answers.get((address, "revoked token", state), status), (address, state)
        elif role == "suspended":
            assert status == answers.get((address, "visitor", state), status), (address, state)


def test_a_token_that_must_not_opens_no_door(answers: Answers) -> None:
    """Expired, revoked, of another installation: 401 everywhere. Made for something else: 403, and the draft stays unknown."""
    doors = {key for key in answers if _is_for_programs(key[0]) and not key[0].endswith("openapi.json")}
    assert len(doors) > 50
    for address, role, state in doors:
        wanted = "403" if role == "scope too small" else "401"
        assert role not in TOKENS or answers[address, role, state] == wanted, (address, role, state)
