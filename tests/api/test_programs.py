"""What programs read and post, by the same rules as people on pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from consult.accounts.models import Person
from consult.core.limits import limiter
from consult.debate.models import Comment, Reply, Vote
from tests.make import Make

from .program import Program, give

COMMENT = {"body": "Say who measures it.", "clauses": ["1-1"], "positions": ["safety"], "stance": "object"}
ALL = "/consultations/press/comments"


@pytest.fixture
def ada(make: Make) -> Person:
    return make.person("Ada")


@pytest.fixture
def press(make: Make) -> Any:
    row = make.consultation("open", slug="press")
    make.version(row)
    return row


def test_everybody_reads_what_is_public(app: Flask, make: Make, press: Any) -> None:
    make.comment(press, make.clauses(make.version(press, number=2))[0], number="P0001-001", body="x", html="<p>So.</p>")
    program = Program(app)
    assert [row["slug"] for row in program.ask("/consultations").json["items"]] == ["press"]
    one = program.ask("/consultations/press").json
    assert (one["state"], one["takes_comments"]) == ("open", True)
    assert {p["key"] for p in one["positions"]} == {"safety", "profit", "access"}
    versions = program.ask("/consultations/press/versions").json["items"]
    assert [row["number"] for row in versions] == [2, 1]
    clauses = program.ask("/consultations/press/versions/1/clauses").json
    assert clauses["items"][0]["text"]
    assert clauses["next"] is None
    listed = program.ask(f"{ALL}?stance=object&sort=newest").json
    whole = program.ask(f"{ALL}/P0001-001").json
    assert whole["html"] == "<p>So.</p>"
    assert whole["thread"] == whole["answers"] == []
    assert listed["total"] in (0, 1)
    assert program.ask("/consultations/press/outcome").json["is_told"] is False


def test_what_is_long_comes_in_pages(app: Flask, make: Make, press: Any) -> None:
    for number in range(1, 24):
        make.comment(press, number=f"P0001-{number:03d}")
    program, seen, after = Program(app), [], None
    for _ in range(2):
        page = program.ask(ALL + (f"?after={after}" if after else "")).json
        seen += [row["number"] for row in page["items"]]
        after = page["next"]
    assert after is None
    assert len(seen) == len(set(seen)) == 23


def test_a_comment_is_posted_once_and_answered_alike(app: Flask, make: Make, press: Any, ada: Person) -> None:
    program = Program(app, give(make, ada))
    first = program.post(ALL, key="key-number-1", **COMMENT)
    again = program.post(ALL, key="key-number-1", **COMMENT)
    assert first.json == again.json
    assert first.json["by"] == {"name": "Ada", "category": "individual", "organisation": None, "written_by": None}
    assert first.json["places"][0]["key"] == "1-1"
    other = program.post(ALL, 422, key="key-number-1", **COMMENT | {"body": "Other words."})
    assert "new key" in other.json["detail"]
    assert make.count(Comment) == 1
    program.post(ALL, key="key-number-2", **COMMENT | {"body": "Other words."})
    assert make.count(Comment) == 2


def test_the_key_of_one_is_no_key_of_another(app: Flask, make: Make, press: Any, ada: Person) -> None:
    Program(app, give(make, ada)).post(ALL, key="the-same-key", **COMMENT)
    Program(app, give(make, make.person("Bea"))).post(ALL, key="the-same-key", **COMMENT)
    assert make.count(Comment) == 2


def test_replies_and_votes(app: Flask, make: Make, press: Any, ada: Person) -> None:
    make.comment(press, number="P0001-001")
    program = Program(app, give(make, ada))
    reply = program.post(f"{ALL}/P0001-001/replies", body="I agree.", positions=["access"]).json
    under = program.post(f"{ALL}/P0001-001/replies", body="So do I.", to=reply["id"]).json
    thread = program.ask(f"{ALL}/P0001-001").json["thread"]
    assert thread[0]["id"] == reply["id"]
    assert thread[0]["answers"][0]["id"] == under["id"]
    for choice in ("agree", "disagree", "disagree"):
        program.ask(f"{ALL}/P0001-001/vote", "PUT", json={"choice": choice})
    assert program.ask(f"{ALL}/P0001-001").json["votes"] == {"agree": 0, "disagree": 1, "passed": 0, "mine": "disagree"}
    assert Program(app).ask(f"{ALL}/P0001-001").json["votes"]["disagree"] is None
    assert (make.count(Reply), make.count(Vote)) == (2, 1)


def test_rules_speak_in_the_words_of_the_pages(app: Flask, make: Make, ada: Person) -> None:
    make.version(make.consultation("analysis", slug="press"))
    closed = Program(app, give(make, ada)).post(ALL, 403, **COMMENT)
    assert "Comments are closed" in closed.json["detail"]
    assert "WWW-Authenticate" not in closed.headers  # the token is not at fault


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"body": ""}, 422), ({"body": "   "}, 422), ({"body": "!!!"}, 422), ({"stance": "maybe"}, 422), ({"positions": []}, 422),
        ({"positions": ["greed"]}, 422), ({"unknown": 1}, 422), ({"clauses": ["no-such"]}, 404), ({"version": 9}, 404),
        ({"body": 5}, 422), ({"body": "x" * 20_001}, 422), ({"clauses": ["a\x00b"]}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_a_sentence(
    app: Flask, make: Make, press: Any, ada: Person, changed: dict[str, Any], status: int
) -> None:
    Program(app, give(make, ada)).post(ALL, status, **COMMENT | changed)
    assert make.count(Comment) == 0


def test_headers_are_checked(app: Flask, make: Make, press: Any, ada: Person) -> None:
    program = Program(app, give(make, ada))
    program.post(ALL, 400, key="short", **COMMENT)
    form = program.ask(ALL, "POST", 415, data={"body": "As a form."})
    assert "JSON" in form.json["detail"]
    program.ask(ALL, "POST", 422, data=b"{", headers={"Content-Type": "application/json"})
    program.ask(f"{ALL}?limit=5", status=400)
    program.ask(f"{ALL}?sort=newest&sort=oldest", status=400)
    secret = program.ask("/me?access_token=consult_x", status=400)
    assert "never" in secret.json["detail"]


def test_cookies_count_for_nothing_here_and_tokens_for_nothing_there(
    app: Flask, make: Make, visit: Any, press: Any, ada: Person
) -> None:
    browser = visit(ada)
    answer = browser.client.post(f"/api/v1{ALL}", json=COMMENT, headers={"Idempotency-Key": "12345678"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="consult"'
    assert browser.client.get("/api/v1/me").status_code == 401
    token = give(make, ada)
    page = app.test_client().get("/me/account", headers={"Authorization": f"Bearer {token}"})
    assert page.status_code == 303
    assert "/sign-in" in page.headers["Location"]


def test_answers_for_everybody_are_kept_and_asked_about(app: Flask, make: Make, press: Any, ada: Person) -> None:
    first = Program(app).ask("/consultations/press")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in first.headers["Vary"]
    Program(app).ask("/consultations/press", status=304, headers={"If-None-Match": first.headers["ETag"]})
    mine = Program(app, give(make, ada)).ask("/consultations/press")
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in mine.headers
    assert "ETag" not in mine.headers
    assert "Set-Cookie" not in mine.headers


def test_another_site_cannot_post_from_a_browser(app: Flask, make: Make, press: Any, ada: Person) -> None:
    program = Program(app, give(make, ada))
    program.ask(ALL, "POST", 403, json=COMMENT, headers={"Origin": "https://elsewhere.example"})
    preflight = program.client.options(f"/api/v1{ALL}", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in preflight.headers


def test_hidden_words_are_hidden_here_and_shown_to_those_with_the_role_and_the_scope(
    app: Flask, make: Make, press: Any
) -> None:
    hidden = {"state": "hidden", "state_reason": "Spam.", "body": "Zilpzalp", "html": "<p>Zilpzalp</p>"}
    author = make.person("Kuckuck")
    make.comment(press, number="P0001-001", author=author, **hidden)
    make.comment(press, number="P0001-002", author=author, **hidden | {"state": "withdrawn"})
    make.comment(press, number="P0001-003", author=author, **hidden | {"state": "held", "held_for": "first"})
    moderator = make.staff(press, "moderator")
    blind = [Program(app), Program(app, give(make, make.person("Bea"))), Program(app, give(make, moderator, "read"))]
    for program in blind:
        for path in (ALL, f"{ALL}?q=Zilpzalp", f"{ALL}/P0001-001", f"{ALL}/P0001-002", "/consultations/press/outcome"):
            said = program.ask(path).get_data(as_text=True)
            assert "<p>Zilpzalp" not in said
            assert "Kuckuck" not in said
        program.ask(f"{ALL}/P0001-003", status=404)
        assert program.ask(f"{ALL}?q=Zilpzalp").json["items"] == []
    sees = Program(app, give(make, moderator, "read", "moderate"))
    assert sees.ask(f"{ALL}/P0001-001").json["html"] == "<p>Zilpzalp</p>"
    assert sees.ask(f"{ALL}/P0001-003").json["html"] == "<p>Zilpzalp</p>"


def test_a_draft_is_there_for_those_with_the_role_and_the_scope(app: Flask, make: Make) -> None:
    row = make.consultation("draft", slug="press")
    organiser = make.staff(row, "organiser")
    Program(app).ask("/consultations/press", status=404)
    Program(app, give(make, organiser, "read")).ask("/consultations/press", status=404)
    Program(app, give(make, organiser, "read", "moderate")).ask("/consultations/press")


def test_one_who_is_new_waits_where_a_calculation_is_asked(asking: Flask, make: Make, press: Any, ada: Person) -> None:
    posted = Program(asking, give(make, ada)).post(ALL, **COMMENT).json
    assert posted["state"] == "held"
    assert posted["html"]  # its author reads it


def test_too_often_says_when_to_come_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.extensions["consult.settings"]
    values = {f: getattr(settings, f) for f in settings.__slots__}
    monkeypatch.setitem(app.extensions, "consult.settings", type(settings)(**values | {"api_visitors": "2 per minute"}))
    assert limiter.enabled
    program = Program(app)
    program.ask("/consultations")
    program.ask("/consultations")
    refused = program.ask("/consultations", status=429)
    assert refused.headers["Retry-After"] == "60"


def test_what_is_not_there_is_a_problem_too(app: Flask) -> None:
    program = Program(app)
    program.ask("/nothing", status=404)
    program.ask("/consultations/none", status=404)
    program.ask("/consultations/press/comments/1", status=400)
    other = program.ask("/consultations", "DELETE", 405)
    assert "GET" in other.headers["Allow"]
    page = app.test_client().delete("/about")
    assert page.status_code == 405
    assert page.content_type.startswith("text/html")


def test_the_page_for_people_names_every_endpoint(visit: Any, app: Flask) -> None:
    page = visit().open("/api")
    for path, methods in app.test_client().get("/api/v1/openapi.json").json["paths"].items():
        assert path.split("{")[0] in page.text
        assert all(method.upper() in page.text for method in methods)
