"""The page on which editors bring in a draft, through HTTP."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from consult.core import clock
from consult.documents.models import Clause, DraftVersion, Picture, StagedDraft
from tests.listening import listening
from tests.make import Make
from tests.visitor import Page, Visitor

from .office import docx, docx_parts, drawing, p, packed, picture, r

TEXT = "# 1 Scope\r\n\r\nThis applies to <script>alert(1)</script> all.\r\n\r\n## 1.1 Terms\r\n\r\n- model\r\n- weights\r\n"
Visit = Callable[..., Visitor]


def upload(visitor: Visitor, data: bytes, name: str = "draft.md", status: int = 200) -> Page:
    return visitor.press("Look at it first", files={"file": (BytesIO(data), name)}, status=status)


@pytest.fixture
def editing(make: Make, visit: Visit) -> tuple[Visitor, str]:
    """An editor on the page of a consultation that is still a draft."""
    consultation = make.consultation("draft")
    visitor = visit(make.staff(consultation, "editor"))
    address = f"/c/{consultation.slug}/manage/draft"
    visitor.open(address)
    return visitor, address


def test_a_file_is_looked_at_then_kept_byte_for_byte(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, address = editing
    page = upload(visitor, TEXT.encode())
    assert page.url == address
    assert "We read draft.md and found 2 clauses, 1 paragraph, 2 points." in page.text
    assert "Raw HTML that could do harm" in page.text
    assert "<script> (1)" in page.text
    assert make.count(DraftVersion) == 0
    page = visitor.press("Keep this draft", name="Committee draft 1")
    assert "This text is the draft now" in page.text
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert digest in page.text
    assert "Committee draft 1" in page.text
    assert make.count(StagedDraft) == 0
    found = visitor.open(page.links()["Download draft.md"])
    assert found.headers["Content-Disposition"] == "attachment; filename=draft.md"
    assert found.headers["Content-Type"] == "text/plain; charset=utf-8"
    answer = visitor.client.get(found.url)
    assert hashlib.sha256(answer.data).hexdigest() == digest


def test_pasted_text_is_looked_at_and_kept(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, _ = editing
    page = visitor.press("Look at it first", text="# Scope\n\nThis applies to all.\n")
    assert "We read pasted-text.md" in page.text
    visitor.press("Keep this draft")
    assert make.count(Clause) == 2


def test_a_text_can_be_put_away_and_another_taken(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, _ = editing
    upload(visitor, b"# One\n\nFirst words.")
    page = upload(visitor, b"# Two\n\nOther words.", name="two.md")
    assert "We read two.md" in page.text
    page = visitor.press("Put it away")
    assert "The draft is as it was" in page.text
    assert make.count(StagedDraft) == make.count(DraftVersion) == 0


def test_a_new_text_takes_the_place_of_one_that_is_not_public(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, _ = editing
    upload(visitor, b"# One\n\nFirst words.")
    visitor.press("Keep this draft")
    page = upload(visitor, b"# Two\n\nOther words.")
    assert "takes the place of version 1, which nobody outside has seen" in page.text
    visitor.press("Keep this draft")
    assert make.count(DraftVersion) == 1


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "empty.md", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "picture.md", "This is a picture, not a text."),
        ("Grüße".encode("utf-16"), "utf16.md", "This file is in UTF-16."),
        ("Eins\nGrüße".encode("latin-1"), "latin.txt", "Line 2 holds characters that are not UTF-8."),
        (b"x" * (5 * 1024 * 1024 + 1), "big.md", "5 MB is the most"),
        (b"# a\n\n" * 10_001, "headings.md", "10,001 headings; 10,000 is the most"),
        (b"> " * 500 + b"deep", "deep.md", "nested more than 40 levels deep"),
        (b"-----\n\n***\n", "rules.md", "There are no words in this text."),
        (b"PK\x03\x04\x14\x00", "draft.docx", "This file is not complete"),
        (b"\x00\x01\x02" * 99, "draft.docx", "called draft.docx, but it is no such document"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "draft.exe", "neither a text nor a document"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-6:] else None,
)
def test_what_cannot_be_read_is_said_at_the_field(
    editing: tuple[Visitor, str], make: Make, data: bytes, name: str, sentence: str
) -> None:
    visitor, _ = editing
    page = upload(visitor, data, name, status=422)
    assert any(sentence in error for error in page.errors()), page.errors()
    assert make.count(StagedDraft) == make.count(DraftVersion) == 0


def test_a_name_decides_nothing_but_is_told(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, _ = editing
    page = upload(visitor, b"# 1 Scope\n\nWords.", "draft.exe")
    assert "We read draft.exe and found 1 clause, 1 paragraph." in page.text
    assert "The file is called draft.exe, but it is a text, and was read as one." in page.text


def test_fifty_megabytes_get_a_page_with_a_sentence(editing: tuple[Visitor, str]) -> None:
    visitor, _ = editing
    assert "larger than this site takes" in upload(visitor, b"x" * 50 * 1024 * 1024, status=413).text


def test_pasted_text_that_cannot_be_used_is_kept_on_the_page(editing: tuple[Visitor, str]) -> None:
    visitor, _ = editing
    page = visitor.press("Look at it first", text="\n".join(["# a"] * 10_001), status=422)
    assert any("10,001 headings" in error for error in page.errors())
    assert (
        visitor.press("Look at it first", status=422).form("Look at it first").fields["text"][0].count("# a") == 10_001
    )


def test_nothing_chosen_or_both(editing: tuple[Visitor, str]) -> None:
    visitor, _ = editing
    assert any("Choose a file, or paste" in e for e in visitor.press("Look at it first", status=422).errors())
    page = visitor.press("Look at it first", text="# Pasted", files={"file": (BytesIO(b"# File"), "a.md")}, status=422)
    assert any("Empty the one you do not mean" in e for e in page.errors())
    assert page.form("Look at it first").fields["text"] == ["# Pasted"]


def test_a_text_from_a_second_window_is_not_kept_unseen(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, address = editing
    upload(visitor, b"# One\n\nFirst words.")
    seen = visitor.page
    visitor.open(address)
    upload(visitor, b"# Two\n\nOther words.")
    visitor.page = seen
    page = visitor.press("Keep this draft", name="Mine", status=422)
    assert any("another text meanwhile" in e for e in page.errors())
    assert page.form("Keep this draft").fields["name"] == ["Mine"]
    assert make.count(DraftVersion) == 0


def test_keeping_twice_keeps_once_and_says_so(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, _ = editing
    upload(visitor, b"# One\n\nFirst words.")
    seen = visitor.page
    visitor.press("Keep this draft")
    visitor.page = seen
    visitor.press("Keep this draft")
    assert "perhaps you kept it already" in visitor.page.text
    assert make.count(DraftVersion) == 1


@pytest.mark.parametrize("role", ["observer", ""])
def test_others_find_nothing_here(make: Make, visit: Visit, role: str) -> None:
    consultation = make.consultation("open")
    person = make.staff(consultation, role) if role else make.person()
    visit(person).open(f"/c/{consultation.slug}/manage/draft", status=404)


def test_a_stranger_is_asked_to_sign_in(make: Make, visit: Visit) -> None:
    consultation = make.consultation("open")
    page = visit().open(f"/c/{consultation.slug}/manage/draft", status=303, follow=False)
    assert "sign-in" in page.headers["Location"]


def test_a_moderator_sees_versions_but_no_form(make: Make, visit: Visit) -> None:
    consultation = make.consultation("draft")
    page = visit(make.staff(consultation, "moderator")).open(f"/c/{consultation.slug}/manage/draft")
    assert "Only the editors and organisers" in page.text
    assert not any(button[0] == "Look at it first" for form in page.forms for button in form.buttons)


def test_while_it_is_open_the_page_says_why_nothing_changes(make: Make, visit: Visit) -> None:
    consultation = make.consultation("open")
    make.version(consultation)
    visitor = visit(make.staff(consultation, "organiser"))
    page = visitor.open(f"/c/{consultation.slug}/manage/draft")
    assert "The draft is public and cannot change now" in page.text
    token = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', visitor.open("/appearance").body)[1]}  # type: ignore[index]
    sent = visitor.send(f"/c/{consultation.slug}/manage/draft", token | {"text": "# New\n\nWords."}, status=403)
    assert "cannot change now" in sent.text


def test_a_next_version_is_made_public_by_an_organiser(make: Make, visit: Visit) -> None:
    consultation = make.consultation("analysis")
    make.version(consultation)
    visitor = visit(make.staff(consultation, "organiser"))
    visitor.open(f"/c/{consultation.slug}/manage/draft")
    page = upload(visitor, b"# 1 Scope\n\nProviders shall publish a summary.")
    assert "It becomes version 2" in page.text
    page = visitor.press("Keep this draft", change_note="Shorter.")
    visit().open(f"/c/{consultation.slug}/v2/source", status=404)
    page = visitor.press("Make it public")
    assert "Version 2 is public now" in page.text
    assert "Shorter." in page.text
    visit().open(f"/c/{consultation.slug}/v2/source")


def test_the_source_of_a_draft_is_not_public(make: Make, visit: Visit) -> None:
    consultation = make.consultation("draft")
    make.version(consultation)
    visit().open(f"/c/{consultation.slug}/v1/source", status=404)
    visit().open(f"/c/{consultation.slug}/v9/source", status=404)
    visit().open("/c/nothing-here/v1/source", status=404)
    visit(make.staff(consultation, "editor")).open(f"/c/{consultation.slug}/v1/source")


def test_the_page_costs_the_same_for_one_version_and_for_many(app: Flask, make: Make, visit: Visit) -> None:
    consultation = make.consultation("analysis")
    make.version(consultation)
    visitor = visit(make.staff(consultation, "editor"))
    address = f"/c/{consultation.slug}/manage/draft"

    def statements() -> int:
        with listening(app) as seen:
            visitor.open(address)
        return len(seen)

    visitor.open(address)
    first = statements()
    for number in range(19):
        make.version(consultation, texts=(f"Text {number}.",))
    assert statements() == first


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.md", "C:\\Users\\a\\d.md", "a\x00b.md", "\u202edm.md", "x" * 900 + ".md", "<b>.md"]
)
def test_strange_file_names_do_no_harm(editing: tuple[Visitor, str], make: Make, name: str) -> None:
    visitor, _ = editing
    upload(visitor, b"# 1 Scope\n\nWords.", name)
    page = visitor.press("Keep this draft")
    link = next(address for text, address in page.links().items() if text.startswith("Download "))
    kept = visitor.open(link).headers["Content-Disposition"]
    assert kept.startswith("attachment; filename")
    assert "/" not in kept.replace("UTF-8''", "")
    assert "\\" not in kept


@pytest.mark.parametrize("field", ["name", "text"])
def test_a_megabyte_in_a_field_is_answered_with_a_sentence_or_read(editing: tuple[Visitor, str], field: str) -> None:
    visitor, _ = editing
    if field == "name":
        upload(visitor, b"# 1 Scope\n\nWords.")
        page = visitor.press("Keep this draft", name="x" * 1_000_000, status=422)
        assert any("80 is the most" in e for e in page.errors())
    else:
        assert "Is this your draft?" in visitor.press("Look at it first", text="word " * 200_000).text


def test_naughty_strings_are_read_as_text(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, address = editing
    strings = json.loads((Path(__file__).parent.parent / "data" / "strings-naughty" / "blns.json").read_text("utf-8"))
    upload(visitor, "\n\n".join(["# Naughty", *(s.replace("\x00", "") for s in strings)]).encode("utf-8", "replace"))
    visitor.press("Keep this draft", name="Ω≈ç√∫ <script>alert(1)</script>")
    assert make.count(Clause) > 300
    assert "<script>alert(1)" not in visitor.open(address).body


def illustrated() -> bytes:
    """A Word file with a table, a picture and a footnote."""
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    return docx(
        p("Model cards", "Title") + p("1 Scope", "berschrift1") + p(r("Cards are short.") + note)
        + f"<w:tbl><w:tr>{cell.format('Field')}{cell.format('Needed')}</w:tr></w:tbl>"
        + p(drawing("rId5", "A card with three fields")) + p("Figure 1 – A card", "Caption"),
        notes=f'<w:footnote w:id="2">{p("One page at most.")}</w:footnote>', rows=(("rId5", "image", "media/a.png"),),
        more={"word/media/a.png": picture(), "word/comments.xml": "<a/>"},
    )  # fmt: skip


def test_a_word_file_is_looked_at_kept_and_read_with_table_picture_and_footnote(
    editing: tuple[Visitor, str], make: Make
) -> None:
    visitor, address = editing
    data = illustrated()
    page = upload(visitor, data, "cards.docx")
    assert "2 clauses, 1 paragraph, 1 table, 1 figure, 1 footnote" in page.text
    assert make.count(Picture) == 0
    page = visitor.press("Keep this draft")
    source = visitor.client.get(page.links()["Download cards.docx"])
    assert source.data == data
    assert source.headers["Content-Type"] == ("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    room = address.replace("/manage/draft", "/v1")
    reading = visitor.open(page.links()["Read it as a reader would"]).body
    assert "<td>Field</td><td>Needed</td>" in reading
    assert 'alt="A card with three fields"><figcaption>Figure 1 – A card</figcaption></figure>' in reading
    assert f'href="{room}/clauses/footnote-1"' in reading
    body = visitor.open(f"{room}/print").body
    assert "<td>Field</td><td>Needed</td>" in body
    assert f'<sup><a href="{room}/clauses/footnote-1" rel="noopener">1</a></sup>' in body
    assert "One page at most." in body
    (src,) = re.findall(r'<figure><img src="([^"]+)" alt="A card with three fields">', body)
    assert src.startswith(f"{room}/pictures/")
    shown = visitor.client.get(src)
    assert (shown.status_code, shown.headers["Content-Type"], shown.data[:4]) == (200, "image/png", b"\x89PNG")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert Visitor(make.app).client.get(src).status_code == 404
    assert visitor.client.get(f"{room}/pictures/0000").status_code == 404


def test_pictures_of_a_public_version_may_be_kept_for_ever_by_anybody(make: Make, visit: Visit) -> None:
    consultation = make.consultation("open")
    make.version(consultation, pictures={"00ff00ff": picture()})
    shown = visit().client.get(f"/c/{consultation.slug}/v1/pictures/00ff00ff")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in shown.headers
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_another_text_takes_its_pictures_along(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, _ = editing
    upload(visitor, illustrated(), "cards.docx")
    visitor.press("Keep this draft")
    assert make.count(Picture) == 1
    upload(visitor, b"# 1 Scope\n\nWords.")
    visitor.press("Keep this draft")
    assert make.count(Picture) == 0


def test_a_hostile_file_is_a_sentence_at_the_field(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, _ = editing
    parts = docx_parts(p("Words")) | {"word/vbaProject.bin": b"x"}
    page = upload(visitor, packed(parts), "cards.docx", status=422)
    assert any("This file holds macros" in error for error in page.errors())
    assert make.count(StagedDraft) == 0


def test_a_draft_is_cited_as_a_draft(make: Make, visit: Visit) -> None:
    row = make.consultation(slug="cited", organiser_name="Guild of Keepers", co_organisers="City of Śrem")
    make.version(row, name="csd01")
    make.version(row, frozen_at=None)
    reader = visit()
    today, at = clock.now().date(), "http://localhost/c/cited/v1/print"
    page = reader.open(reader.open("/c/cited/v1/1").links()["Cite this draft"])
    assert page.url.startswith("/c/cited/v1/print")
    assert (
        f"Guild of Keepers and City of Śrem ({today.year}). csd01: Draft standard, draft 1 [Draft for public consultation]."
        f" Public since {today}. Accessed {today}. {at}"
    ) in page.text
    bib = reader.client.get(page.links()["BibTeX (.bib)"]).text
    for line in (
        "type = {Draft for public consultation}",
        "number = {csd01, draft 1}",
        f"urldate = {{{today}}}",
        f"url = {{{at}}}",
    ):
        assert line in bib
    (item,) = json.loads(reader.client.get(page.links()["CSL-JSON (.json)"]).text)
    assert (item["type"], item["status"], item["genre"], item["URL"]) == (
        "document",
        "draft",
        "Draft for public consultation",
        at,
    )
    assert item["accessed"] == {"date-parts": [[today.year, today.month, today.day]]}
    assert visit().client.get("/c/cited/v2/citation.bib").status_code == 404
    editor = visit(make.staff(row, "editor"))
    assert editor.client.get("/c/cited/v2/citation.bib").status_code == 404, "nobody else could look it up"
    assert "Cite this draft" not in editor.open("/c/cited/v2/print").text
