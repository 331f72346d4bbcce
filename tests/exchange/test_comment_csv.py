"""CSV of any body: columns by name, every row a fate, and nothing that a file can do to break it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.debate.models import Comment
from consult.exchange.cli import comments
from consult.exchange.importers.comment_csv import mapping, read
from consult.exchange.importers.table import WrongFile
from consult.exchange.models import ImportBatch
from tests.make import Make

DOCKET = Path(__file__).parents[1] / "data" / "comments-usda" / "docket.csv"
NAMED = "external_id=Document ID,body=Text Comment"
ALL = {name: name for name in ("external_id", "body", "author", "organisation", "category", "clause", "posted_at")}
Run = Callable[..., Result]


def table(*rows: Mapping[str, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(ALL), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def open_call(make: Make) -> Consultation:
    row = make.consultation(slug="docket")
    make.version(row)
    return row


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(file: Path, *more: str, columns: str = NAMED) -> Result:
        words = ["import", "--consultation", "docket", "--profile", "csv", "--map", columns, str(file), *more]
        return app.test_cli_runner().invoke(comments, words)

    return invoke


def test_the_same_file_twice_changes_nothing(open_call: Consultation, run: Run, make: Make, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_bytes(b"".join(DOCKET.read_bytes().splitlines(keepends=True)[:9]))
    done = json.loads(run(file, "--commit", "--json").stdout)
    created = done["counts"]["created"]
    assert created == len(done["rows"]) > 2
    assert (make.count(Comment), make.count(ImportBatch)) == (created, 1)
    again = json.loads(run(file, "--commit", "--json").stdout)
    assert again["counts"] == {"created": 0, "updated": 0, "duplicate": created, "error": 0}
    assert (make.count(Comment), make.count(ImportBatch)) == (created, 1)


def test_rows_that_cannot_be_taken_stay_out_with_their_sentence(
    app: Flask, open_call: Consultation, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(table(
        {"external_id": "a-1", "body": "Too short a time.", "author": "Jo", "organisation": "Acme", "category": "Civil Society",
         "clause": "1", "posted_at": "2025-06-10"},
        {"external_id": "a-2", "body": ""},
        {"external_id": "", "body": "Who?"},
        {"external_id": "a-1", "body": "Once more."},
        {"external_id": "a-3", "body": "When?", "posted_at": "yesterday"},
        {"external_id": "a-4", "body": "Fine.", "category": "wizards"},
    ))  # fmt: skip
    ended = run(file, "--commit", "--json", columns=",".join(f"{name}={name}" for name in ALL))
    assert ended.exit_code == 1
    rows = json.loads(ended.stdout)["rows"]
    assert [row["fate"] for row in rows] == ["created", "error", "error", "error", "error", "created"]
    assert "no words" in rows[1]["sentence"]
    assert "Row 3 has no id" in rows[2]["sentence"]
    assert "stands twice" in rows[3]["sentence"]
    assert "no date like" in rows[4]["sentence"]
    assert "“wizards” is none of our categories" in rows[5]["sentence"]
    with app.app_context():
        kept = db.session.scalars(select(Comment).where(Comment.external_id == "a-1")).one()
        assert (kept.author_name, kept.category, kept.source) == ("Jo (Acme)", "civil_society", "csv")
        assert kept.posted_at.date().isoformat() == "2025-06-10"


def test_wrong_columns_are_told_with_those_there_are(open_call: Consultation, run: Run) -> None:
    ended = run(DOCKET, columns="external_id=ID,body=Text Comment")
    assert ended.exit_code == 2
    assert "has no column “ID”. It has: Document ID, Text Comment." in ended.output


@pytest.mark.parametrize(
    ("given_map", "sentence"),
    [
        ("", "name=COLUMN"),
        ("external_id=ID", "Say which column is the “body”"),
        ("external_id=ID,body=T,colour=C", "“colour” cannot be filled"),
        ("external_id=ID,external_id=T,body=T", "each name once"),
    ],
)
def test_what_map_says_must_make_sense(given_map: str, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        mapping(given_map)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b" ", "empty"),
        (b"external_id,body\n", "no rows"),
        (b"\xff\xfe", "UTF-8"),
        (b"external_id,body\n\x00,x\n", "binary"),
        (b'external_id,body\na,"unclosed\n', "not CSV"),
        (b"external_id,body,body\na,b,c\n", "stands twice"),
    ],
)
def test_files_that_are_none_are_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        read(data, {"external_id": "external_id", "body": "body"})


@given(st.binary(max_size=300) | st.text(alphabet='abc,"\r\n; \ufeff', max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        file = read(b"external_id,body\n" + data, {"external_id": "external_id", "body": "body"})
    except WrongFile:
        return
    assert all(row.problem or (row.external_id and row.body) for row in file.rows)


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Z")), min_size=1, max_size=40)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_what_a_spreadsheet_writes_is_what_is_read(rows: list[tuple[str, str]]) -> None:
    written = table(*({"external_id": one, "body": f'{two}\n\nsecond, “quoted” "line"'} for one, two in rows))
    found = read(written, ALL).rows
    assert len(found) == len(rows)
    assert all(row.body.endswith('second, “quoted” "line"') for row in found if not row.problem)
