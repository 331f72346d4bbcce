"""Files on the shelf: looked at before they are believed, kept as they are, given back so that nothing runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from consult.consultations.models import StoredFile
from consult.core.db import db
from consult.core.errors import Invalid, Refused
from consult.core.rules import SYSTEM
from consult.core.store import Kept
from consult.learning import operations, queries
from consult.learning.models import Resource
from tests.core.test_store import PDF, PNG, archive
from tests.learning.conftest import Class, label
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
NEW, ADD, SHELF = "/c/taught/manage/shelf/files/new", "/c/taught/manage/shelf/files", "/c/taught/resources"
CSV = b"year,cost\n2026,14\n"


def send(browser: Visitor, data: bytes, name: str, status: int = 200, **typed: str) -> Page:
    """Fill in the form and send a file with it."""
    form = browser.open(NEW).form("Put it on the shelf")
    values = form.fields | {
        "kind": ["data"], "title": ["What it costs"], "description": ["Year by year."], "licence": ["CC0-1.0"],
        "language": ["en"],
    } | {name: [value] for name, value in typed.items()}  # fmt: skip
    return browser.send(ADD, values, files={"file": (BytesIO(data), name)}, status=status)


def test_from_the_organisers_file_to_the_readers_disk(taught: Class, visit: Visit) -> None:
    organiser = visit(taught.people["organiser"])
    assert "At most 15 MB: PDF, Word" in organiser.open(NEW).text
    assert "The file is on the shelf." in send(organiser, CSV, "costs.csv").text
    page = visit().open(SHELF)
    sha256 = hashlib.sha256(CSV).hexdigest()
    assert "A file kept here: costs.csv, 18 Bytes, text/csv" in page.text
    assert f"SHA-256 {sha256}" in page.text
    answer = visit().client.get(page.links()["What it costs"])
    assert answer.get_data() == CSV
    assert answer.headers["Content-Disposition"] == "attachment; filename=costs.csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.mimetype == "text/csv"


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "nothing.csv", "This file is empty"),
        (b"MZ\x90\x00\x03", "costs.csv", "This kind of file is not taken"),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx", "macros"),
        (b"PK\x03\x04 and then nothing", "a.zip", "damaged"),
        (b"x" * (15 * 1024 * 1024 + 1), "large.txt", "15 MB is the most"),
    ],
)
def test_what_is_not_taken_is_said_and_what_was_typed_stays(
    taught: Class, visit: Visit, data: bytes, name: str, sentence: str
) -> None:
    page = send(visit(taught.people["organiser"]), data, name, status=422)
    assert any(sentence in error for error in page.errors())
    assert page.form("Put it on the shelf").fields["title"] == ["What it costs"]
    assert taught.make.count(Resource) == taught.make.count(StoredFile) == 0


def test_without_a_file_nothing_is_put_there(taught: Class, visit: Visit) -> None:
    organiser = visit(taught.people["organiser"])
    form = organiser.open(NEW).form("Put it on the shelf")
    page = organiser.send(ADD, form.fields | {"title": ["Costs"]}, files={"none": b""}, status=422)
    assert "Choose the file." in " ".join(page.errors())


def test_a_name_that_lies_is_corrected_and_a_picture_is_a_picture(taught: Class, visit: Visit) -> None:
    organiser = visit(taught.people["organiser"])
    send(organiser, b"<script>alert(1)</script>", "report.html", title="A page")
    send(organiser, PNG, "chart.csv", title="A chart")
    links = visit().open(SHELF).links()
    page, picture = (visit().client.get(links[title]) for title in ("A page", "A chart"))
    assert (page.mimetype, page.headers["Content-Disposition"]) == (
        "text/plain",
        "attachment; filename=report.html.txt",
    )
    assert (picture.mimetype, picture.headers["Content-Disposition"][:6]) == ("image/png", "inline")


def test_the_same_content_stands_there_once_and_its_label_can_be_changed(taught: Class, visit: Visit) -> None:
    organiser = visit(taught.people["organiser"])
    send(organiser, CSV, "costs.csv")
    assert "on the shelf already" in " ".join(send(organiser, CSV, "again.csv", status=422).errors())
    page = organiser.open(organiser.open("/c/taught/manage/shelf").links()["Change: What it costs"])
    assert "The file stays as it is." in page.text
    assert {"url", "file"}.isdisjoint(page.form("Save").names)
    organiser.press("Save", title="What it would cost")
    assert "What it would cost" in visit().open(SHELF).links()


def test_a_file_that_was_taken_off_is_gone_for_readers_and_comes_back_at_its_address(
    taught: Class, visit: Visit, app: Flask
) -> None:
    organiser = visit(taught.people["organiser"])
    send(organiser, PDF, "costs.pdf")
    address = visit().open(SHELF).links()["What it costs"]
    with app.app_context():
        mine = taught.consultation()
        row = queries.resource(viewer=SYSTEM, consultation=mine, resource_id=db.session.query(Resource.id).scalar())
        operations.take_off(actor=taught.actor("editor"), resource=row, reason="It names a person.")
    assert visit().client.get(address).status_code == 404
    assert organiser.client.get(address).status_code == 200
    organiser.open("/c/taught/manage/shelf")
    organiser.press("Put it back")
    assert visit().client.get(address).get_data() == PDF


def test_a_file_of_a_consultation_that_is_not_public_is_nobodys(make: Any, visit: Visit) -> None:
    taught = Class(make, "draft")
    send(visit(taught.people["organiser"]), CSV, "costs.csv")
    address = visit(taught.people["organiser"]).open(SHELF).links()["What it costs"]
    for reader in (visit(), visit(taught.people["reader"])):
        reader.open(address, status=404)


def test_only_who_keeps_the_shelf_puts_files_on_it(taught: Class, visit: Visit, app: Flask) -> None:
    for role in ("observer", "reader"):
        visit(taught.people[role]).open(NEW, status=404)
    file = Kept("0" * 64, "a.csv", "text/csv", 3)
    with app.app_context():
        said = {"consultation": taught.consultation(), "file": file}
        with pytest.raises(Refused):
            operations.add_file(actor=taught.actor("observer"), label=label(url=""), **said)
        with pytest.raises(Invalid, match="called"):
            operations.add_file(actor=taught.actor("editor"), label=label(url="", title=" "), **said)
        with pytest.raises(Invalid, match="address"):
            operations.add_resource(
                actor=taught.actor("editor"), consultation=taught.consultation(), label=label(url="")
            )
    assert taught.make.count(StoredFile) == 0
