"""Files as they arrived: each content once, whole or not at all, known by what it holds."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from consult.consultations import jobs
from consult.consultations.models import StoredFile
from consult.core import clock, store
from consult.core.downloads import download
from consult.core.errors import Invalid, Missing
from consult.core.media import ENDINGS, fitting_name, type_of
from tests.make import Make

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF = b"%PDF-1.7\n1 0 obj\n"


def archive(*names: str, first: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        if first:
            file.writestr("mimetype", first)
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (PNG, "scan.pdf", "image/png"),
        (PDF, "scan.png", "application/pdf"),
        (b"\xff\xd8\xff\xe0JFIF", "x", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x", "image/webp"),
        (b"II*\x00\x08\x00", "x", "image/tiff"),
        (archive("[Content_Types].xml", "word/document.xml"), "x", ".docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "x", ".xlsx"),
        (archive("content.xml", first=b"application/vnd.oasis.opendocument.text"), "x", ".odt"),
        (archive("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet"), "x", ".ods"),
        (archive("content.xml", first=b"text/html"), "x", "application/zip"),
        (archive("data.csv"), "x", "application/zip"),
        (b"a,b\n1,2\n", "table.CSV", "text/csv"),
        ("Käse".encode("latin-1"), "letter.eml", "message/rfc822"),
        (b"<script>alert(1)</script>", "page.html", "text/plain"),
    ],
)
def test_a_file_is_what_it_holds(data: bytes, name: str, media_type: str) -> None:
    found = type_of(data, name)
    assert found == media_type or media_type in ENDINGS[found]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00\x03", "kind of file is not taken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old.doc", "kind of file is not taken"),
        (b"PK\x03\x04 and no more", "damaged"),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (archive("Basic/Standard/Module1.xml", first=b"application/vnd.oasis.opendocument.text"), "macros"),
    ],
)
def test_what_is_not_taken_is_told_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        type_of(data, "letter.pdf")


@given(
    data=st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda b: b"PK\x03\x04" + b)), name=st.text()
)
def test_any_bytes_are_a_known_type_or_a_sentence(data: bytes, name: str) -> None:
    try:
        kind = type_of(data, name)
    except Invalid:
        return
    shown = fitting_name(name, kind)
    assert shown.lower().endswith(ENDINGS[kind])
    assert not set(shown) & set('/\\:<>"|?*\x00\n\r')
    assert len(shown) <= 130
    assert not shown.startswith(".")


@pytest.mark.parametrize(
    ("name", "media_type", "fits"),
    [
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\scans\\Brief 1.PDF", "application/pdf", "Brief 1.pdf"),
        ("page.html", "text/plain", "page.html.txt"),
        ("خطاب.png", "image/png", "خطاب.png"),
        ("\u202egpj.exe", "image/png", "gpj.exe.png"),
        ("", "image/png", "file.png"),
    ],
)
def test_a_name_says_what_the_file_holds(name: str, media_type: str, fits: str) -> None:
    assert fitting_name(name, media_type) == fits


def test_a_content_is_kept_once_and_given_back_byte_for_byte(tmp_path: Path) -> None:
    files = store.Store(tmp_path / "files", 1000)
    first, again = files.put(PDF, "scan.pdf"), files.put(PDF, "the same.pdf")
    assert (first.sha256, first.media_type, first.size) == (again.sha256, "application/pdf", len(PDF))
    assert again.name == "the same.pdf"
    with files.open(first.sha256) as file:
        assert file.read() == PDF
    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert files.size(first.sha256) == len(PDF)
    files.delete(first.sha256)
    files.delete(first.sha256)
    assert files.size(first.sha256) is None
    with pytest.raises(Missing, match="not here any more"):
        files.open(first.sha256)


@pytest.mark.parametrize("name", ["", "../secret_key", "A" * 64, "/etc/passwd", "0" * 63])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(Missing):
        store.Store(tmp_path, 1000).open(name)


def test_a_file_too_large_is_told_with_both_numbers(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"2\.0 MB; 1 MB is the most"):
        store.Store(tmp_path, 1_048_576).put(b"a" * 2_097_152, "a.txt")


def test_a_write_that_breaks_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.Store(tmp_path / "files", 1000).put(PDF, "scan.pdf")
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_what_no_row_names_goes_after_an_hour(inside: Flask, make: Make) -> None:
    named, left = store.files().put(PNG, "a.png"), store.files().put(PDF, "b.pdf")
    make.row(StoredFile(consultation_id=make.consultation().id, **named._asdict()))
    jobs.forget_files()
    assert store.files().size(left.sha256) is not None  # perhaps its row is being written at this moment
    with clock.shifted(timedelta(hours=2)):
        jobs.forget_files()
    assert store.files().size(left.sha256) is None
    assert store.files().size(named.sha256) == len(PNG)


def test_a_picture_is_shown_alone_and_all_else_is_saved(inside: Flask, make: Make) -> None:
    with inside.test_request_context():
        picture = download(store.files().put(PNG, "a.png"))
        other = download(store.files().put(PDF, "b.pdf"))
    assert picture.headers["Content-Disposition"].startswith("inline")
    assert other.headers["Content-Disposition"] == "attachment; filename=b.pdf"
    for answer in (picture, other):
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "public" not in answer.headers["Cache-Control"]
        answer.close()
