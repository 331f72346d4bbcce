"""Line numbers: "line 1042" on somebody's form means one place of one version."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import regex
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.core.rules import SYSTEM
from consult.documents import operations
from consult.documents.importers import read
from consult.documents.lines import WIDTH, wrap
from consult.documents.models import Clause
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
TEXT = (Path(__file__).parents[1] / "data" / "draft-openchain-18974" / "v1.0.en.md").read_text()
NUMBERED = re.compile(r" *(\d+)(?:  (.*))?")


@pytest.fixture
def openchain(app: Flask, make: Make) -> Consultation:
    row = make.consultation("published")
    with app.app_context():
        version = operations.import_version(
            actor=SYSTEM, consultation=row, parsed=read(TEXT), source_name="draft.md", source=TEXT.encode()
        )
        operations.freeze_version(actor=SYSTEM, version=version)
    return row


def test_every_line_has_the_next_number_and_leads_to_the_clause_it_stands_in(
    openchain: Consultation, app: Flask, visit: Visit
) -> None:
    client = app.test_client()
    answer = client.get(f"/c/{openchain.slug}/v1/lines")
    assert answer.content_type == "text/plain; charset=utf-8"
    lines = [NUMBERED.fullmatch(line) for line in answer.text.split("\n\n", 1)[1].splitlines() if line]
    assert [int(line[1]) for line in lines if line] == list(range(1, len(lines) + 1))
    assert max(len(line[2] or "") for line in lines if line) <= WIDTH
    with app.app_context():
        texts = {c.key: f"{c.label} {c.own_label} {c.title} {c.text}" for c in db.session.scalars(select(Clause))}
    for number in (1, 2, 97, len(lines)):
        line = lines[number - 1]
        there = client.get(f"/c/{openchain.slug}/v1/lines?at={number}")
        assert there.status_code == 303
        words = (line[2] if line else "").split()[-1]
        assert words in texts[there.location.rsplit("/", 1)[1]]
    visit().open(f"/c/{openchain.slug}/v1/lines?at=line {len(lines):,}")
    page = visit().open(f"/c/{openchain.slug}/v1/lines?at={len(lines) + 1}", status=404)
    assert f"This version has {len(lines):,} lines." in page.text


@pytest.mark.parametrize("typed", ["0", "-3", "x", "9" * 30, "1.5", "²", "%00"])
def test_what_is_no_line_is_said_so(typed: str, openchain: Consultation, visit: Visit) -> None:
    visit().open(f"/c/{openchain.slug}/v1/lines?at={typed}", status=404)


def test_the_sheet_for_paper_leads_there(openchain: Consultation, visit: Visit) -> None:
    browser = visit()
    page = browser.open(f"/c/{openchain.slug}/v1/print")
    assert page.links()["With line numbers"] == f"/c/{openchain.slug}/v1/lines"
    page = browser.press("Go", at="97")
    assert "/v1/clauses/" in page.url


def test_it_is_sent_once(openchain: Consultation, app: Flask) -> None:
    first = app.test_client().get(f"/c/{openchain.slug}/v1/lines")
    again = app.test_client().get(f"/c/{openchain.slug}/v1/lines", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_lines_of_a_public_version_never_move(openchain: Consultation, inside: Flask) -> None:
    with pytest.raises(DatabaseError, match="never changes"), write_transaction() as session:
        session.execute(update(Clause).values(line=Clause.line + 1))


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    line = text.replace("\n", " ")
    assert "".join("".join(wrap(line, width)).split()) == "".join(line.split())


@given(st.text(min_size=1).map(lambda text: "".join(text.split())), st.integers(min_value=1, max_value=40))
def test_a_word_too_long_for_a_line_is_cut_between_characters_only(word: str, width: int) -> None:
    parts = wrap(word, width)
    characters = regex.findall(r"\X", word)
    assert [c for part in parts for c in regex.findall(r"\X", part)] == characters
    if all(len(c) == 1 for c in characters) and word.isascii():
        assert all(len(part) == width for part in parts[:-1])
