"""The outcome as everybody reads it: before, during and after; as a page and as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core import clock
from consult.core.rules import SYSTEM
from consult.core.text import normalise
from consult.debate.models import Comment
from consult.exchange.importers import comment_csv
from consult.outcomes import operations, tables
from tests.lengths import examples
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import NAUGHTY, World

Visit = Callable[..., Visitor]
SECRET = "Our proposed reason."


def _world(make: Make, state: str, count: int = 2, **values: object) -> tuple[World, list[Comment]]:
    """A consultation with answered comments and a sourced summary, put into `state` afterwards."""
    world = World(make, "analysis", **values)
    comments = world.comments(count)
    with make.app.app_context():
        actor = make.actor(world.moderator)
        for comment in comments:
            operations.decide(
                actor=actor, comments=[comment], code="accepted_modified", observation=SECRET, change_class="technical"
            )
        operations.set_headline(actor=actor, consultation=world.consultation, headline="It is clearer now.")
        for section in ("asked", "said", "did", "not_done"):
            operations.add_statement(
                actor=actor, consultation=world.consultation, section=section, text=f"Sentence of {section}.",
                sources=[c.number for c in comments],
            )  # fmt: skip
    world.set(world.consultation, state=state)
    return world, comments


def _outcome(world: World, rest: str = "") -> str:
    return f"/c/{world.slug}/outcome{rest}"


def _csv(visitor: Visitor, world: World) -> list[dict[str, str]]:
    body = visitor.open(_outcome(world, "/register.csv")).body
    assert body.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("announced", "has not taken comments yet"), ("open", "Comments are open until"),
        ("paused", "paused for now"), ("analysis", "The answers are promised by"),
        ("withdrawn", "was withdrawn before its answers"),
    ],
)  # fmt: skip
def test_before_the_review_a_calm_page_says_when(make: Make, visit: Visit, state: str, sentence: str) -> None:
    world, _comments = _world(make, state)
    if state == "open":
        world.set(world.consultation, closes_at=clock.now() + timedelta(days=3))
    for person in (None, world.moderator):
        page = visit(person).open(_outcome(world))
        assert sentence in page.text
        assert SECRET not in page.body
        assert "It is clearer now." not in page.body
    visit().open(_outcome(world, "/register.csv"), status=404)
    visit().open(_outcome(world, "/register.json"), status=404)


def test_a_draft_has_no_outcome_page(make: Make, visit: Visit) -> None:
    world, _comments = _world(make, "draft")
    visit().open(_outcome(world), status=404)


def test_the_staff_previews_it(make: Make, visit: Visit) -> None:
    world, _comments = _world(make, "analysis")
    page = visit(world.moderator).open(f"/c/{world.slug}/manage/summary/preview")
    assert page.heading == "It is clearer now."
    assert SECRET in page.text
    assert "Preview for the staff" in page.text


@pytest.mark.parametrize(("state", "is_proposed"), [("review", True), ("published", False), ("adopted", False)])
def test_from_the_review_on_everybody_reads_it(make: Make, visit: Visit, state: str, is_proposed: bool) -> None:
    world, comments = _world(make, state)
    page = visit().open(_outcome(world))
    assert page.heading == "It is clearer now."
    for words in (SECRET, "Sentence of asked.", "Sentence of said.", "Sentence of did.", "Sentence of not_done."):
        assert words in page.text
    assert "1 change made from 2 comments." in page.text, "the same words are the same change"
    assert ("Proposed." in page.text) is is_proposed
    assert f"/c/{world.slug}/comments/{comments[0].number}" in page.links().values()


def test_hidden_comments_are_nowhere_and_withdrawn_ones_without_their_words(make: Make, visit: Visit) -> None:
    world, comments = _world(make, "published")
    hidden = world.comment(state="hidden", body="Hidden words", author_name="Hidden Author")
    gone = world.comment(state="withdrawn", body="Withdrawn words", html="<p>Withdrawn words</p>")
    world.set(comments[0], state="hidden")
    browser = visit()
    page = browser.open(_outcome(world))
    texts = [page.body, browser.open(_outcome(world, "/register.csv")).body]
    texts.append(browser.client.get(_outcome(world, "/register.json")).get_data(as_text=True))
    for text in texts:
        assert hidden.number not in text
        assert "Hidden" not in text
        assert comments[0].number not in text
        assert gone.number in text
        assert "Withdrawn words" not in text


def test_the_register_can_be_narrowed_and_leads_on(make: Make, visit: Visit) -> None:
    world, comments = _world(make, "published", 3)
    late = [world.comment(clause=2, positions=("profit",)) for _ in range(40)]
    browser = visit()

    def shown(query: str) -> list[str]:
        tree = browser.open(_outcome(world, f"?{query}")).tree
        return [row.get("id", "") for row in tree.iter("tr") if row.get("id")]  # type: ignore[union-attr]

    assert shown("show=accepted_modified") == [c.number for c in comments] == shown("show=changed")
    assert len(shown("position=profit")) == 30
    assert shown("clause=1.1") == [c.number for c in comments]
    assert shown(f"q={late[5].number}") == [late[5].number]
    assert shown("q=nothing-like-it") == []
    page = browser.open(_outcome(world))
    page = browser.open(page.links()["Show more"])
    assert late[-1].number in page.text
    assert comments[0].number not in [t.get("id") for t in page.tree.iter("tr")]
    page = browser.open(page.links()["Show earlier ones"])
    assert comments[0].number in [t.get("id") for t in page.tree.iter("tr")]


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_filters_find_nothing(make: Make, visit: Visit, text: str) -> None:
    world, _comments = _world(make, "published", 1)
    for name in ("show", "position", "category", "clause", "q", "after", "before"):
        page = visit().send(_outcome(world), {name: text}, method="get", status=200)
        assert "<script>alert" not in page.body


def test_the_files_hold_every_comment_and_its_answer(make: Make, visit: Visit) -> None:
    world, comments = _world(make, "published", 3)
    rows = _csv(visit(), world)
    assert tuple(rows[0]) == tables.COLUMNS
    assert [row["number"] for row in rows] == [c.number for c in comments]
    assert {(row["disposition"], row["observation"], row["change"], row["clauses"], row["positions"]) for row in rows} == {
        ("accepted_modified", SECRET, "technical", "1.1", "safety")
    }  # fmt: skip
    answer = visit().client.get(_outcome(world, "/register.json"))
    assert answer.content_type.startswith("application/json")
    data = answer.get_json()
    assert [row["number"] for row in data["rows"]] == [c.number for c in comments]
    assert data["consultation"] == world.slug
    assert data["rows"][0]["positions"] == ["safety"]


def test_files_are_read_in_batches_whole(make: Make, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.outcomes.queries.register.BATCH", 2)
    world, comments = _world(make, "published", 5)
    assert [row["number"] for row in _csv(visit(), world)] == [c.number for c in comments]


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1+1", "＝1+1"])
def test_no_cell_is_a_formula(make: Make, visit: Visit, words: str) -> None:
    world, _comments = _world(make, "published", 1)
    world.comment(body=words, author_name=words)
    row = _csv(visit(), world)[1]
    assert row["comment"] == row["author"] == "'" + words


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.one_of(st.text(), st.booleans(), st.lists(st.text(), max_size=3)), min_size=1, max_size=4))
def test_csv_comes_back_as_it_went_and_never_as_a_formula(cells: list[object]) -> None:
    row = dict.fromkeys(tables.COLUMNS, "") | dict(zip(tables.COLUMNS, cells, strict=False))
    text = "".join(tables.csv_parts([row])).removeprefix("\ufeff")
    back = list(csv.reader(io.StringIO(text, newline="")))[1]
    for cell, read in zip(cells, back, strict=False):
        assert not read.lstrip(" ").startswith(tables.FORMULA)
        plain = (
            ("yes" if cell else "no") if isinstance(cell, bool) else "; ".join(cell) if isinstance(cell, list) else cell
        )
        assert read.removeprefix("'") == plain or read == plain


@settings(max_examples=20, deadline=None)
@given(st.lists(st.dictionaries(st.text(), st.text(), max_size=3), max_size=4))
def test_json_comes_back_as_it_went(rows: list[dict[str, str]]) -> None:
    assert json.loads("".join(tables.json_parts({"title": "T"}, rows))) == {"title": "T", "rows": rows}


def test_the_number_of_statements_does_not_grow(app: Flask, make: Make, visit: Visit) -> None:
    one, _comments = _world(make, "published", 1)
    many, _comments = _world(make, "published", 20)
    browser = visit()
    with listening(app) as few:
        browser.open(_outcome(one))
    with listening(app) as lots:
        browser.open(_outcome(many))
    assert len(few) == len(lots) <= 25


def test_an_outcome_without_summary_or_comments_is_a_whole_page(make: Make, visit: Visit) -> None:
    world = World(make, "review")
    with make.app.app_context():
        operations.seal_outcome(actor=SYSTEM, consultation=world.consultation)
    page = visit().open(_outcome(world))
    assert "No comments came in." in page.text
    assert "No comment fits." in page.text


def test_who_signed_stands_in_the_register_and_its_files(make: Make, visit: Visit) -> None:
    world, _comments = _world(make, "published", 1)
    acme, sig, member = make.organisation("ACME"), make.person("Sara Signs"), make.person("Mia Member")
    signed = world.comment(
        author=member, organisation_id=acme.id, signed_by_id=sig.id, signed_at=datetime(2026, 3, 2, 12, tzinfo=UTC)
    )
    unsigned = world.comment(author=member, unsigned_for_id=acme.id)
    text = visit().open(_outcome(world)).text
    assert "signed by Sara Signs, Monday 2 March 2026" in text
    assert "not signed for ACME" in text
    rows = {row["number"]: row for row in _csv(visit(), world)}
    told = [(rows[c.number]["signed_by"], rows[c.number]["signed_at"][:10]) for c in (signed, unsigned)]
    assert told == [("Sara Signs", "2026-03-02"), ("", "")]
    assert rows[unsigned.number]["not_signed_for"] == "ACME"
    lines = visit().open(f"/c/{world.slug}/comments").text
    assert "signed by Sara Signs" in lines


DANGEROUS = [
    f"{before}{start}{rest}"
    for before in ("", " ", "   ")
    for start in tables.FORMULA
    for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://example.org","x")', "SUM(A1:A9)\n=2", "'quoted\"", "ä\u202e🏳")
]  # fmt: skip


def test_the_register_is_read_by_our_own_importer_as_it_was_written() -> None:
    """198 formulas, calls of programs and odd characters: as text in CSV, themselves in JSON and after an import."""
    rows = [
        dict.fromkeys(tables.COLUMNS, "") | {"number": f"N-{at}", "comment": words}
        for at, words in enumerate(DANGEROUS)
    ]
    assert [row["comment"] for row in json.loads("".join(tables.json_parts({"title": "T"}, rows)))["rows"]] == DANGEROUS
    data = "".join(tables.csv_parts(rows)).encode()
    cells = [row["comment"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    assert cells == ["'" + words for words in DANGEROUS]
    back = comment_csv.read(data, {"external_id": "number", "body": "comment"})
    assert [row.body for row in back.rows] == [normalise(words) for words in DANGEROUS]
