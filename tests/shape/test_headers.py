"""What every address sends besides its page: the headers, how long it may be kept, cookies, and where links lead."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request_started

from consult.app import create_app
from consult.core import floors
from consult.core.db import db
from consult.core.downloads import ALONE
from consult.core.headers import HEADERS, POLICY
from consult.core.limits import client_mark, limiter
from consult.documents.views import PICTURE_POLICY
from consult.settings import BadSettings, Settings
from tests.make import PASSWORD, Make

from .asked import value_of
from .world import ORIGIN, World

ROLES = ("visitor", "moderator", "organiser", "author", "administrator")
HOSTILE_HOSTS = (
    {"Host": "evil.example"}, {"Host": "localhost.evil.example"}, {"Host": "localhost@evil.example"},
    {"Host": "evil.example#localhost"},
)  # fmt: skip


@pytest.fixture(scope="module")
def answers(app: Flask) -> list[tuple[str, str, Any]]:
    """Every address of the URL map as a stranger and as people of the consultation get it."""
    was_limited, limiter.enabled = limiter.enabled, False
    world, given = World(app, "published"), []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "asset":
            continue
        values: dict[str, Any] = {argument: value_of(world, rule.endpoint, argument) for argument in rule.arguments}
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for role in ROLES:
            with world.client(role).get(address) as answer:
                answer.get_data()  # a stream must be read to its end
            given.append((address, role, answer))
    world.clear()
    limiter.enabled = was_limited
    return given


def test_all_headers_are_on_every_answer(answers: list[tuple[str, str, Any]]) -> None:
    assert len(answers) > 500
    for address, role, answer in answers:
        assert answer.status_code < 500 or address == "/readyz", (address, role)
        for name, value in HEADERS.items():
            allowed = {value, ALONE, PICTURE_POLICY} if name == "Content-Security-Policy" else {value}
            if address.startswith("/api/v1") and name == "Cross-Origin-Resource-Policy":
                allowed.add("cross-origin")  # what everybody reads, any page may fetch
            assert answer.headers.getlist(name)[0] in allowed, (address, role, name)
            assert len(answer.headers.getlist(name)) == 1, (address, role, name)
        if (answer.content_type or "").startswith("text/html"):
            assert answer.headers["Content-Security-Policy"] == POLICY, (address, role)
        assert "Strict-Transport-Security" not in answer.headers, "there is no TLS here"
        for_pages = {"Server", "X-Powered-By", "Access-Control-Allow-Origin"}
        assert not for_pages & set(answer.headers.keys()) or address.startswith("/api/v1"), address


def test_the_policy_allows_nothing_wide() -> None:
    assert not re.search(r"unsafe|\*|https?:|blob:|'nonce", POLICY)
    for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in POLICY.split("; "), part


def test_what_is_for_one_person_is_kept_nowhere(answers: list[tuple[str, str, Any]]) -> None:
    strangers = {address: answer for address, role, answer in answers if role == "visitor"}
    for address, role, answer in answers:
        kept = answer.headers["Cache-Control"]
        if "public" in kept:  # then it is the same for everybody
            assert answer.data == strangers[address].data, (address, role)
            assert "Set-Cookie" not in answer.headers, (address, role)
        elif (answer.content_type or "").startswith("text/html") and (
            role != "visitor" or "Set-Cookie" in answer.headers
        ):
            is_a_file = "attachment" in answer.headers.get("Content-Disposition", "")
            assert kept == "private, no-store" or is_a_file, (address, role, kept)
        else:
            assert "private" in kept or "no-store" in kept, (address, role, kept)


def test_a_strangers_browser_may_keep_a_page_that_says_when_it_is_another(answers: list[tuple[str, str, Any]]) -> None:
    seen = 0
    for address, role, answer in answers:
        is_page = (answer.content_type or "").startswith("text/html") and answer.status_code == 200
        if role == "visitor" and is_page and "ETag" in answer.headers:
            assert answer.headers["Cache-Control"] == "private, no-cache", address
            seen += 1
    assert seen >= 8


def test_a_stranger_gets_a_cookie_only_with_a_form(answers: list[tuple[str, str, Any]]) -> None:
    seen = 0
    for address, role, answer in answers:
        given = [
            cookie for cookie in answer.headers.getlist("Set-Cookie") if "Max-Age=0" not in cookie
        ]  # or taken back
        if role == "visitor" and given:
            assert 'name="csrf_token"' in answer.text, address
            seen += 1
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie, (address, cookie)
            assert "SameSite=Lax" in cookie, (address, cookie)
    assert seen, "nobody got one"


def test_with_tls_cookies_and_pages_stay_on_it(others: Any) -> None:
    client = others(public_url="https://consult.example.org", mode="production", mail_url="smtp://m").test_client()
    answer = client.get("/sign-in", base_url="https://consult.example.org")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-consult=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    for host in ("127.0.0.1", "localhost", "evil.example", "consult.example.org.evil.example"):
        assert client.get("/healthz", base_url=f"https://{host}").status_code == 400, host


def test_with_tls_every_cookie_stays_on_this_host(others: Any) -> None:
    site = others(public_url="https://consult.example.org", mode="production", mail_url="smtp://m")
    with site.app_context():
        db.create_all()
    Make(site).person(email="ada@example.org")
    client, home = site.test_client(), "https://consult.example.org"
    given = {"email": "ada@example.org", "password": PASSWORD, "theme": "dark"}
    cookies: list[str] = []
    for page in ("/appearance", "/sign-in"):
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page, base_url=home).text)
        assert token
        answer = client.post(page, base_url=home, data=given | {"csrf_token": token[1]}, headers={"Origin": home})
        assert answer.status_code == 303, page
        cookies += answer.headers.getlist("Set-Cookie")
    names = {cookie.split("=")[0] for cookie in cookies}
    assert names == {"__Host-consult", "__Host-consult-theme", "__Host-consult-device"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie


def test_every_answer_says_what_it_is(answers: list[tuple[str, str, Any]]) -> None:
    for address, role, answer in answers:
        if answer.data and answer.status_code != 304:
            kind, _, more = (answer.content_type or "").partition(";")
            assert kind, (address, role)
            is_text = kind.startswith("text/") or kind.endswith("xml")
            told = more.strip().removeprefix("version=0.0.4; ")  # of what Prometheus reads
            assert told == "charset=utf-8" or not is_text, (address, role, answer.content_type)


def test_another_host_is_refused_and_never_named(app: Flask) -> None:
    for headers in HOSTILE_HOSTS:
        answer = app.test_client().get("/sign-in", headers=headers)
        assert answer.status_code == 400, headers
        assert "//evil" not in answer.text


def test_links_lead_to_the_public_address_whatever_is_asked(app: Flask) -> None:
    world = World(app, "adopted")
    addresses = ("/standards/matrix/1", "/c/matrix/v1/print", "/c/matrix/dates.ics", "/c/matrix/outcome/register.json",
                 "/c/matrix/comments/P0001-001/annotation", "/standards/matrix/1.bib", "/standards")  # fmt: skip
    headers = {"Host": "127.0.0.1:6666", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher",
               "Forwarded": "host=evil.example"}  # fmt: skip
    found = 0
    for address in addresses:
        with app.test_client().get(address, headers=headers) as answer:
            body = answer.get_data(as_text=True)
        assert "evil.example" not in body, address
        assert "6666" not in body, address
        found += "http://localhost/" in body
    world.clear()
    assert found > 3


def test_no_code_makes_an_absolute_link_of_its_own() -> None:
    for folder, pattern in (("consult", "*.py"), ("templates", "*.*")):
        for path in Path(folder).rglob(pattern):
            assert " _external=True" not in path.read_text("utf-8"), f"{path}: use link() of core.mail, or absolute()"


def _marks(app: Flask, requests: Any) -> set[str]:
    """What the requests count against."""
    seen: set[str] = set()

    def note(_sender: Flask, **_extra: Any) -> None:
        seen.add(client_mark())

    client = app.test_client()
    with request_started.connected_to(note, app):
        for headers, address in requests:
            client.get("/healthz", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    return seen


def _pretended(dice: random.Random) -> dict[str, str]:
    address = ".".join(str(dice.randrange(256)) for _ in range(4))
    return {
        "X-Forwarded-For": f"{address}, 10.0.0.1", "X-Real-IP": address, "Forwarded": f"for={address}",
        "True-Client-IP": address, "CF-Connecting-IP": address,
    }  # fmt: skip


def test_whoever_pretends_to_be_many_is_one(app: Flask, others: Any) -> None:
    dice = random.Random(6)
    assert len(_marks(app, ((_pretended(dice), "203.0.113.9") for _ in range(1000)))) == 1
    behind = others(proxies="1")  # the proxy adds the address it sees; what came before it is hearsay
    spoofed = ({"X-Forwarded-For": f"{n}.1.1.1, 203.0.113.9"} for n in range(1, 65))
    assert len(_marks(behind, ((headers, "10.0.0.1") for headers in spoofed))) == 1
    honest = ({"X-Forwarded-For": f"203.0.113.{n}"} for n in range(8))
    assert len(_marks(behind, ((headers, "10.0.0.1") for headers in honest))) == 8


def test_one_connection_has_many_addresses_and_is_one(app: Flask) -> None:
    assert len(_marks(app, (({}, f"2001:db8:7:9::{n:x}") for n in range(1, 65)))) == 1
    assert len(_marks(app, (({}, f"2001:db8:7:{n:x}::1") for n in range(8)))) == 8


def _tries(app: Flask, count: int) -> list[int]:
    """The answers to so many attempts to sign in, each from what says it is somewhere else."""
    client, dice = app.test_client(), random.Random(7)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token
    form = {"csrf_token": token[1], "email": "no address", "password": ""}
    return [
        client.post("/sign-in", data=form, headers=ORIGIN | _pretended(dice)).status_code for _ in range(count)
    ]  # fmt: skip


def test_limits_hold_for_whoever_pretends(app: Flask) -> None:
    assert _tries(app, 63) == [422] * 60 + [429] * 3


def test_limits_hold_without_their_storage(others: Any) -> None:
    assert _tries(others(redis_url="redis://127.0.0.1:1/0"), 63) == [422] * 60 + [429] * 3


def test_what_is_too_old_is_told_and_nothing_starts(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    assert floors.problems() == []
    told = floors.problems(lambda name: {"flask": "3.1.2", "nh3": "0.3.10"}.get(name, "99"))
    assert told == [f"flask 3.1.2 is too old, Consult needs 3.1.3 or newer: {floors.FLOORS['flask'][1]}."]
    monkeypatch.setitem(floors.FLOORS, "jinja2", ("99", "of a hole"))
    with pytest.raises(BadSettings, match="Consult needs 99 or newer: of a hole"):
        create_app(settings)
