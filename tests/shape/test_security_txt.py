"""Whom to tell of a hole: /.well-known/security.txt (RFC 9116), and the page it leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from consult.core import clock
from consult.settings import BadSettings, Settings

ADDRESS = "/.well-known/security.txt"


@pytest.mark.parametrize("days", [0, 200, 800])
def test_it_says_whom_to_tell_and_never_grows_old(app: Flask, settings: Settings, days: int) -> None:
    app.extensions["consult.settings"] = replace(settings, security_contact="mailto:security@example.org")
    try:
        with clock.shifted(timedelta(days=days)):
            answer, now = app.test_client().get(ADDRESS), clock.now()
    finally:
        app.extensions["consult.settings"] = settings
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert said.pop("Contact") == "mailto:security@example.org"
    left = datetime.fromisoformat(said.pop("Expires")) - now
    assert timedelta(days=362) < left < timedelta(days=365)
    assert said == {"Canonical": f"http://localhost{ADDRESS}", "Policy": "http://localhost/about#security"}


def test_it_leads_to_a_page_that_says_how(others: object) -> None:
    site = others(security_contact="https://example.org/tell-us?now=1&more=2")  # type: ignore[operator]
    page = site.test_client().get("/about").text
    assert 'id="security"' in page
    assert 'href="https://example.org/tell-us?now=1&amp;more=2"' in page


def test_where_nobody_is_named_nothing_is_there(app: Flask) -> None:
    assert app.test_client().get(ADDRESS).status_code == 404
    assert 'id="security"' not in app.test_client().get("/about").text


@pytest.mark.parametrize(
    "value", ["security@example.org", "http://example.org", "mailto:", "mailto:a@b\nContact: mailto:x@y", "https://a b", "javascript:1"]
)  # fmt: skip
def test_an_address_that_is_none_is_told_at_start(value: str) -> None:
    with pytest.raises(BadSettings, match="CONSULT_SECURITY_CONTACT must be one address"):
        Settings.from_environ({"CONSULT_SECURITY_CONTACT": value})
    Settings.from_environ({"CONSULT_SECURITY_CONTACT": "mailto:security@example.org"})
