"""`consult draft import` as an operator uses it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.consultations.models import Consultation
from consult.core.paths import PACKAGE
from consult.documents.cli import draft
from consult.documents.models import Clause, DraftVersion, ReadingPage
from tests.make import Make

ACT = PACKAGE / "demo" / "data" / "eu-ai-act" / "ai_act_full.md"


def run(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(draft, ["import", *words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "draft.md"
    path.write_text("# 1 Scope\n\nWords <script>x</script>.\n")
    return path


def test_a_new_address_begins_a_consultation_with_this_draft(app: Flask, make: Make, file: Path) -> None:
    done = run(app, "--consultation", "new-one", "--name", "CD 1", str(file))
    assert done.exit_code == 0, done.output
    assert "Scope: 1 clause, 1 paragraph, on 1 page" in done.stdout
    assert "Look at this: Raw HTML" in done.stdout
    assert "Version 1 of /c/new-one (begun now, as a draft)" in done.stdout
    assert make.count(Consultation, Consultation.slug == "new-one", Consultation.state == "draft") == 1
    assert make.count(DraftVersion, DraftVersion.name == "CD 1") == 1


def test_again_it_takes_the_place_of_the_text_before(app: Flask, make: Make, file: Path) -> None:
    run(app, "--consultation", "new-one", str(file))
    file.write_text("# 1 Scope\n\nOther words.\n")
    done = run(app, "--consultation", "new-one", str(file))
    assert "Version 1 of /c/new-one, SHA-256" in done.stdout
    assert make.count(DraftVersion) == make.count(Consultation) == 1
    assert make.count(Clause, Clause.text == "Other words.") == 1


def test_json_says_what_was_done(app: Flask, file: Path) -> None:
    told = json.loads(run(app, "--consultation", "new-one", "--json", str(file)).stdout)
    assert told["counts"] == {"clause": 1, "paragraph": 1}
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (told["consultation"], told["begun"], told["version"], told["pages"]) == ("new-one", True, 1, 1)
    assert len(told["warnings"]) == 1


def test_the_whole_act_comes_in(app: Flask, make: Make) -> None:
    told = json.loads(run(app, "--consultation", "ai-act", "--json", str(ACT)).stdout)
    assert (told["counts"]["article"], told["counts"]["recital"], told["counts"]["annex"]) == (113, 180, 13)
    assert make.count(Clause) == told["units"]
    assert make.count(ReadingPage) == told["pages"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "This file is empty."), (b"\x00", "neither a text nor a document"), (b"***\n", "no words")],
)
def test_what_cannot_be_read_ends_with_a_sentence_and_begins_nothing(
    app: Flask, make: Make, file: Path, data: bytes, sentence: str
) -> None:
    file.write_bytes(data)
    done = run(app, "--consultation", "new-one", str(file))
    assert done.exit_code == 1
    assert sentence in done.output
    assert make.count(Consultation) == 0


def test_a_public_draft_is_not_replaced(app: Flask, make: Make, file: Path) -> None:
    consultation = make.consultation("open")
    make.version(consultation)
    done = run(app, "--consultation", consultation.slug, str(file))
    assert done.exit_code == 1
    assert "cannot change now" in done.output


@pytest.mark.parametrize("slug", ["Bad Slug", "../etc", "", "-", "ü"])
def test_an_address_that_is_none_is_refused(app: Flask, make: Make, file: Path, slug: str) -> None:
    done = run(app, "--consultation", slug, str(file))
    assert done.exit_code == 2
    assert "small letters" in done.output
    assert make.count(Consultation) == 0


def test_a_file_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    assert run(app, "--consultation", "x", str(tmp_path / "no.md")).exit_code == 2
