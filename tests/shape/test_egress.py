"""The server connects to nothing but what docs/security/README.md lists, whatever people ask it or send it."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core import clock, jobs
from consult.core.db import db
from consult.core.jobs import Job
from consult.core.limits import limiter

from .asked import BODIES, value_of
from .test_code import SOURCES
from .world import ORIGIN, World

# Which module opens which connection: to the mail server, to Redis, to the OpenID provider.
OPENING = {
    "consult/core/mail.py": {"smtplib", "ssl"},
    "consult/core/jobs.py": {"socket"},  # the name of this machine
    "consult/core/queue.py": {"huey"},
    "consult/core/limits.py": {"limits"},
    "consult/core/proof.py": {"limits"},
    "consult/administration/health.py": {"redis"},
    "consult/accounts/openid.py": {"requests", "authlib"},
}
CAN_CONNECT = {
    "aiohttp", "asyncio", "authlib", "ftplib", "http", "httpx", "huey", "imaplib", "limits", "poplib", "redis", "requests",
    "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib", "urllib3", "xmlrpc",
}  # fmt: skip
WORDS = "See http://198.51.100.1/a.png and ![x](http://198.51.100.1/b.png) and <img src=//198.51.100.1/c>"
TEXTS = ("body", "text", "note", "reason", "description")
ROLES = ("author", "organiser")
_seen: list[list[tuple[str, Any]]] = []


def _note(event: str, given: tuple[Any, ...]) -> None:
    if _seen and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        _seen[-1].append((event, given))


sys.addaudithook(_note)  # Python cannot take it away again; it looks only while somebody watches


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    """Each connection that Python opens, and each name it looks up."""
    _seen.append([])
    try:
        yield _seen[-1]
    finally:
        _seen.pop()


def test_a_connection_is_seen() -> None:
    with watched() as seen, suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    assert "socket.connect" in {event for event, _ in seen}


def test_only_what_is_listed_can_connect() -> None:
    found: dict[str, set[str]] = {}
    for path in SOURCES:
        names = set(
            re.findall(r"^ *(?:import |from |\w+ = later\.module\(\")([\w.]+)", path.read_text("utf-8"), re.MULTILINE)
        ) - {"urllib.parse"}
        if able := {name.partition(".")[0] for name in names} & CAN_CONNECT:
            found[str(path)] = able
    assert found == OPENING, "what connects belongs into the table of docs/security/README.md, and here"


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    csrf, limits = app.config.get("WTF_CSRF_ENABLED", True), limiter.enabled
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = False, False
    made = World(app, "open")
    yield made
    made.clear()
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = csrf, limits


def test_nothing_people_ask_or_send_makes_the_server_connect(app: Flask, world: World) -> None:
    """Every address, read and written to with links in every text; what became of it is done by the jobs."""
    written = 0
    with watched() as seen:
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "asset":
                continue
            for role in ROLES if "POST" in (rule.methods or ()) else ROLES[1:]:
                written += _asked(world, rule, role)
    assert seen == []
    assert written > 20


def _asked(world: World, rule: Any, role: str) -> int:
    """Ask an address; 1 when something was written, after the jobs it made are done and all is as it was."""
    is_read = "GET" in (rule.methods or ())
    values: dict[str, Any] = {argument: value_of(world, rule.endpoint, argument) for argument in rule.arguments}
    body = {} if is_read else BODIES.get(rule.endpoint, lambda _: {})(world)
    linked = {name: f"{value} {WORDS}" if name in TEXTS else value for name, value in body.items()}
    with world.app.test_request_context():
        address = world.app.url_for(rule.endpoint, **values)
    method = "GET" if is_read else "POST"
    with world.client(role).open(address, method=method, data=linked, headers={} if is_read else ORIGIN) as answer:
        answer.get_data()
    if is_read or answer.status_code >= 400:
        return 0
    with world.app.app_context():
        for job_id in db.session.scalars(select(Job.id).where(Job.due_at <= clock.now())).all():
            jobs.run_job(job_id)
    world.restore()
    return 1
