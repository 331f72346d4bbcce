"""Files that mean harm, or are something else than they seem: each gets its sentence before any parser sees it."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.documents.importers import guard
from consult.documents.importers.readers import parse
from consult.documents.parsed import ParsedDraft, from_json, to_json
from tests.lengths import examples

from .office import HEAD, TYPES, WORD, docx, docx_parts, p, packed, picture, relations

BODY = p("1 Scope", "berschrift1") + p("Words.")
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)
ODT = "application/vnd.oasis.opendocument.text"
REAL = (Path(__file__).parent.parent / "data" / "draft-openchain-18974" / "v1.0.en.docx").read_bytes()


def refused(data: bytes, name: str = "draft.docx") -> str:
    with pytest.raises(Invalid) as caught:
        parse(data, name)
    assert caught.value.field == "file"
    assert caught.value.sentence.endswith(".")
    return caught.value.sentence


def replaced(name: str, part: str | bytes) -> bytes:
    return packed(docx_parts(BODY) | {name: part})


def odt(more: dict[str, str | bytes] | None = None, manifest: str = "", kind: str = ODT) -> bytes:
    return packed(
        {"mimetype": kind, "content.xml": "<a/>", "META-INF/manifest.xml": MANIFEST.format(manifest)} | (more or {})
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF"), (rb"{\rtf1\ansi Words}", "rich text file"),
        (picture(), "This is a picture"), (picture(format="JPEG"), "This is a picture"), (picture(format="GIF"), "This is a picture"),
        (picture(format="WEBP"), "This is a picture"), (picture(format="BMP"), "This is a picture"),
        (picture(format="TIFF"), "This is a picture"), (b"7z\xbc\xaf\x27\x1c\x00", "Unpack it"), (b"Rar!\x1a\x07\x01", "Unpack it"),
        (b"\x1f\x8b\x08\x00", "Unpack it"), (guard.OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le"), "before 2007"),
        (guard.OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"\x00\x01\x02" * 50, "called draft.docx, but it is no such document"),
        (REAL[:-40], "its end is missing"), (REAL[: len(REAL) // 2], "its end is missing"), (REAL[200:], "no such document"),
        (b"PK\x03\x04" + b"\x00" * (guard.LARGEST_ARCHIVE + 1), "15.0 MB; 15 MB is the most"),
        (packed({"notes.txt": "Words"}), "neither a Word nor an OpenDocument"),
        (replaced("[Content_Types].xml", TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")), "a spreadsheet"),
        (replaced("[Content_Types].xml", TYPES.replace("wordprocessingml.document", "presentationml.slide")), "a presentation"),
        (odt(kind="application/vnd.oasis.opendocument.spreadsheet"), "not an OpenDocument text"),
        (odt(manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"), "protected by a password"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_something_else_is_told_with_what_to_do(data: bytes, sentence: str) -> None:
    assert sentence in refused(data)


def bomb(inner: bytes, name: str = "word/media/a.bin") -> bytes:
    return packed(docx_parts(BODY) | {name: inner})


def declared(size: int) -> bytes:
    """An archive that says one of its parts is `size` bytes long, in both places where it is said."""
    data = bytearray(bomb(b"\x00" * 4_000))
    name = b"word/media/a.bin"
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.find(name)
        while place >= 0:
            start = place - (30 if mark == b"PK\x03\x04" else 46)
            if data[start : start + 4] == mark:
                struct.pack_into("<L", data, start + offset, size)
            place = data.find(name, place + 1)
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: bomb(b"\x00" * (200 * 1024 * 1024)), "Unpacked, this file is larger"),
        (lambda: bomb(packed({"b": packed({"c": b"\x00" * (60 * 1024 * 1024)})}) + b"\x00" * (2 * 1024 * 1024)), "far larger"),
        (lambda: packed(docx_parts(BODY) | {f"word/{n}.bin": bytes(999_000) for n in range(70)}), "Unpacked, this file"),
        (lambda: declared(3_000_000), "Unpacked, this file"), (lambda: declared(3_900_000_000), "Unpacked, this file"),
        (lambda: declared(10), "does not fit what it holds"),
        (lambda: packed({f"{n}.xml": "" for n in range(60_000)}), "60,000 parts inside; 2,000 is the most"),
    ],
    ids=["200 MB", "nested", "many", "ratio", "4 GB declared", "too little declared", "60,000 entries"],
)  # fmt: skip
def test_bombs_are_refused_before_they_go_off(make: Callable[[], bytes], sentence: str) -> None:
    assert sentence in refused(make())


def test_a_table_of_contents_that_lies_about_its_length_is_refused() -> None:
    data = bytearray(packed({f"{n}.xml": "" for n in range(3_000)}))
    place = data.rfind(b"PK\x05\x06")
    struct.pack_into("<2H", data, place + 8, 5, 5)
    assert "does not fit what it holds" in refused(bytes(data))


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "C:/evil.xml", "word\\evil.xml", "a/b:c", "x" * 300],
)
def test_parts_with_names_that_lead_out_are_refused(name: str) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for own, part in docx_parts(BODY).items():
            archive.writestr(own, part)
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = name
        archive.writestr(entry, "evil")
    assert "point outside of it" in refused(out.getvalue())


def test_links_in_the_archive_and_parts_of_one_name_are_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for own, part in docx_parts(BODY).items():
            archive.writestr(own, part)
        link = zipfile.ZipInfo("word/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "point outside of it" in refused(out.getvalue())
    assert "two parts of the same name" in refused(packed(docx_parts(BODY) | {"word/Document.XML": "<a/>"}))


def test_encrypted_and_oddly_packed_entries_are_refused() -> None:
    data = bytearray(docx(BODY))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        data[place + offset] |= 1
    assert "protected by a password" in refused(bytes(data))
    assert "packed in a way" in refused(packed(docx_parts(BODY), zipfile.ZIP_LZMA))


DOCTYPE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BILLION = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
DOCUMENT = str(docx_parts(BODY)["word/document.xml"])
RELS = relations(("rId1", "officeDocument", "word/document.xml"))


def with_doctype(xml: str, doctype: str = DOCTYPE) -> str:
    return xml.replace(HEAD, HEAD + doctype, 1)


@pytest.mark.parametrize(
    ("name", "part", "sentence"),
    [
        ("word/document.xml", with_doctype(DOCUMENT), "DOCTYPE or ENTITY"),
        ("word/document.xml", with_doctype(DOCUMENT, BILLION), "DOCTYPE or ENTITY"),
        ("word/document.xml", with_doctype(DOCUMENT).lower(), "DOCTYPE or ENTITY"),
        ("_rels/.rels", with_doctype(RELS), "DOCTYPE or ENTITY"),
        ("word/theme/never-read.xml", f"{HEAD}{DOCTYPE}<a/>", "DOCTYPE or ENTITY"),
        ("word/document.xml", with_doctype(DOCUMENT).replace("UTF-8", "UTF-16").encode("utf-16"), "DOCTYPE or ENTITY"),
        ("word/document.xml", with_doctype(DOCUMENT).replace("UTF-8", "UTF-16").encode("utf-16-le"), "DOCTYPE or ENTITY"),
        ("word/document.xml", with_doctype(DOCUMENT).replace("UTF-8", "UTF-16").encode("utf-16-be"), "DOCTYPE or ENTITY"),
        ("word/document.xml", DOCUMENT.replace("UTF-8", "UTF-7"), "encoding that documents do not use"),
        ("word/document.xml", with_doctype(DOCUMENT).replace("UTF-8", "UTF-7").encode("utf-7"), "encoding that documents"),
        ("word/document.xml", DOCUMENT.encode("utf-32"), "encoding that documents do not use"),
        ("word/document.xml", DOCUMENT.replace("UTF-8", "ISO-8859-1"), "encoding that documents do not use"),
        ("word/document.xml", DOCUMENT.replace("UTF-8", "UTF-16"), "encoding that documents do not use"),
        ("word/document.xml", DOCUMENT.replace("Words", "W\udcffrds").encode("utf-8", "surrogateescape"), "encoding"),
        ("word/document.xml", b"", "damaged"), ("word/document.xml", DOCUMENT[:-30], "damaged"),
        ("word/vbaProject.bin", b"x", "macros"), ("word/VBAPROJECT.BIN", b"x", "macros"),
        ("[Content_Types].xml", TYPES.replace(f"{WORD}document.main", "application/vnd.ms-word.document.macroEnabled.main"), "macros"),
        ("word/_rels/settings.xml.rels", "attachedTemplate https://evil.example/t.dotm", "from somewhere else"),
        ("word/_rels/settings.xml.rels", "attachedTemplate \\\\evil\\t.dotm", "from somewhere else"),
        ("word/_rels/settings.xml.rels", "attachedTemplate file://evil/t.dotm", "from somewhere else"),
        ("word/_rels/document.xml.rels", "oleObject http://evil.example/a.xlsx", "from somewhere else"),
        ("word/_rels/document.xml.rels", "frame http://evil.example/", "from somewhere else"),
        ("word/_rels/document.xml.rels", "subDocument other.docx", "from somewhere else"),
        ("word/_rels/document.xml.rels", "aFChunk http://evil.example/", "from somewhere else"),
    ],
)  # fmt: skip
def test_a_part_that_means_harm_is_refused(name: str, part: str | bytes, sentence: str) -> None:
    if isinstance(part, str) and part[0].islower() and " " in part:
        relation, target = part.split(" ")
        part = relations(("rId1", relation, target), external=("rId1",))
    assert sentence in refused(replaced(name, part))


@pytest.mark.parametrize(
    "target", ["file:///C:/Users/a/iso.dotx", "C:\\Templates\\iso.dotx", "Normal.dotm", "file:///home/a/t.dotx"]
)
def test_a_template_on_the_authors_own_disk_is_told_and_not_used(target: str) -> None:
    rels = relations(("rId1", "attachedTemplate", target), external=("rId1",))
    draft = parse(replaced("word/_rels/settings.xml.rels", rels))
    assert any("a template on its author" in w for w in draft.warnings)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_honest_parts_in_the_encodings_of_xml_are_read(encoding: str) -> None:
    declared = DOCUMENT.replace("UTF-8", "UTF-16") if "16" in encoding else DOCUMENT
    assert parse(replaced("word/document.xml", declared.encode(encoding))).units[-1].text == "Words."


@pytest.mark.parametrize(
    "more",
    [
        {"Basic/Standard/Module1.xml": "<a/>"}, {"Scripts/python/a.py": "x"}, {"Dialogs/a.xml": "<a/>"},
        {"content.xml": '<o xmlns:s="urn:s"><s:event-listener s:x="1"/></o>'}, {"styles.xml": "<office-x><script /></office-x>"},
    ],
    ids=str,
)  # fmt: skip
def test_macros_and_scripts_of_opendocument_are_refused(more: dict[str, str | bytes]) -> None:
    assert "macros or scripts" in refused(odt(more), "draft.odt")


def test_a_real_file_passes_and_the_glance_of_a_large_honest_one_is_cheap() -> None:
    assert guard.unpack(REAL).kind == "docx"
    noise = b"".join(struct.pack("<Q", n * 0x9E3779B97F4A7C15 & (2**64 - 1)) for n in range(1_300_000))
    large = packed(docx_parts(BODY) | {"word/media/a.bin": noise}, zipfile.ZIP_STORED)
    assert len(large) > 10_000_000
    assert parse(large).units[-1].text == "Words."


def read_or_refused(data: bytes) -> None:
    try:
        draft = parse(data, "draft.docx")
    except Invalid:
        return
    assert isinstance(draft, ParsedDraft)
    assert from_json(to_json(draft)) == draft
    assert "<script" not in "".join(unit.html for unit in draft.units)


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", b"<?xml ", b"# ", guard.OLE, b"\xff\xfe"]))
def test_any_bytes_are_read_or_refused(data: bytes, beginning: bytes) -> None:
    read_or_refused(beginning + data)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(REAL) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_damaged_archive_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(REAL)
    for place, value in changes:
        data[place] = value
    read_or_refused(bytes(data))


PARTS = {i.filename: zipfile.ZipFile(BytesIO(REAL)).read(i) for i in zipfile.ZipFile(BytesIO(REAL)).infolist()}
XML = sorted(name for name in PARTS if name.endswith((".xml", ".rels")))


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(XML), st.integers(0, 10**9), st.integers(0, 400), st.integers(0, 10**9))
def test_damaged_parts_are_read_or_refused(name: str, start: int, length: int, place: int) -> None:
    """A stretch of a part is cut out and put in elsewhere."""
    part = PARTS[name]
    start, place = start % len(part), place % len(part)
    piece = part[start : start + length]
    left = part[:start] + part[start + length :]
    read_or_refused(packed(PARTS | {name: left[:place] + piece + left[place:]}))


WORDS = st.sampled_from(
    ["w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:tcPr", "w:gridSpan", "w:vMerge", "w:pPr", "w:numPr", "w:numId", "w:ilvl",
     "w:pStyle", "w:fldChar", "w:instrText", "w:footnoteReference", "w:hyperlink", "w:bookmarkStart", "w:sdt", "w:sdtContent",
     "w:drawing", "a:blip", "w:sym", "m:oMath", "m:f", "m:num", "m:nary", "w:del", "w:outlineLvl", "w:txbxContent", "w:rPr",
     "mc:AlternateContent", "mc:Choice", "w:vanish", "w:br", "w:trPr", "w:gridBefore", "w:altChunk"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["", "0", "1", "2", "-1", "99999999999999999999", "berschrift1", "begin", "end", "separate", "x", "²", "restart"]
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["w:val", "w:id", "w:name", "w:fldCharType", "w:char", "r:id", "r:embed", "w:anchor"]), VALUES, max_size=3)  # fmt: skip


def element(word: str, attributes: dict[str, str], children: list[str]) -> str:
    named = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f"<{word} {named}>{''.join(children)}</{word}>"


TREES = st.recursive(
    st.sampled_from(["1 Scope", "Words", " ", "TOC", "HYPERLINK \\l x", "REF x"]),
    lambda inner: st.builds(element, WORDS, ATTRIBUTES, st.lists(inner, max_size=4)),
    max_leaves=40,
)


@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TREES, max_size=6))
def test_any_nesting_of_what_word_writes_is_read_or_refused(trees: list[str]) -> None:
    read_or_refused(docx("".join(t for t in trees if t.startswith("<"))))
