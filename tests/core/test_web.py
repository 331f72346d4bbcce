"""Headers, static files, limits and failures, over HTTP."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask

from consult.core.headers import HEADERS
from consult.core.limits import SQLiteStorage
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def test_every_answer_carries_the_security_headers(app: Flask) -> None:
    client = app.test_client()
    for address in ("/", "/nothing-here", "/healthz"):
        answer = client.get(address)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, address


def test_the_policy_allows_no_inline_script_or_style() -> None:
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_a_form_from_another_site_is_refused(app: Flask, headers: dict[str, str]) -> None:
    answer = app.test_client().post("/appearance", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_a_form_without_its_token_is_held_not_lost(app: Flask) -> None:
    answer = app.test_client().post("/appearance", data={"theme": "dark", "note": "My long thought"})
    assert answer.status_code == 400
    assert "My long thought" in answer.text
    assert "Send it now" in answer.text


def test_a_page_that_is_not_there_says_so_and_leads_on(visit: Visit) -> None:
    page = visit().open("/nothing-here", status=404)
    assert page.heading == "There is nothing here"
    assert page.links()["To the first page"] == "/"


def test_too_much_at_once_is_told(app: Flask) -> None:
    answer = app.test_client().post("/appearance", data={"theme": "x" * (17 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_another_host_name_is_refused(app: Flask) -> None:
    assert app.test_client().get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_static_files_may_be_kept_for_ever_and_come_compressed(app: Flask) -> None:
    client = app.test_client()
    found = re.search(r'rel="stylesheet" href="([^"]+)"', client.get("/about").text)
    assert found
    answer = client.get(found[1], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    style = gzip.decompress(answer.data)
    assert b"@layer" in style
    assert b"@import" not in style
    assert len(answer.data) < 14_000
    assert client.get("/assets/x/../consult.py").status_code == 404


def test_the_theme_is_remembered(visit: Visit) -> None:
    someone = visit()
    someone.open("/appearance")
    page = someone.press("Use this", theme="dark")
    assert 'data-theme="dark"' in page.body
    assert 'data-theme="dark"' not in someone.press("Use this", theme="").body


def test_a_reader_needs_no_cookie(app: Flask) -> None:
    for address in ("/", "/about", "/consultations", "/privacy"):
        assert "Set-Cookie" not in app.test_client().get(address).headers, address


def test_hits_are_counted_across_connections(tmp_path) -> None:  # type: ignore[no-untyped-def]
    one = SQLiteStorage(f"sqlitefile://{tmp_path / 'limits.sqlite3'}")
    two = SQLiteStorage(f"sqlitefile://{tmp_path / 'limits.sqlite3'}")
    assert [one.incr("k", 60), two.incr("k", 60), one.incr("k", 60, 3)] == [1, 2, 5]
    assert two.get("k") == 5
    one.clear("k")
    assert two.get("k") == 0
    one.incr("gone", -1)
    assert two.get("gone") == 0


def test_the_process_is_alive(app: Flask) -> None:
    assert app.test_client().get("/healthz").text == "ok\n"


@pytest.mark.parametrize(
    "address", ["/people/99999999999999999999", f"/people/{2**63}", "/organisations/a%00b", "/c/%00"]
)
def test_an_address_no_database_can_hold_is_not_there(visit: Visit, address: str) -> None:
    visit().open(address, status=404)


def test_an_address_with_a_nul_is_nowhere(app: Flask) -> None:
    assert app.test_client().get("/people/1%00").status_code == 404
    assert app.test_client().get("/organisations/a%00b").status_code == 404
