"""The words of letters that come as files: read in the process that can reach nothing, or refused with a sentence."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.documents.importers import letter_files, take_letter
from consult.documents.importers.letters import read
from tests.documents.office import docx, docx_parts, kind, listed, num, p, packed, r
from tests.documents.papers import Lines, pdf
from tests.lengths import examples

NUMBERED = kind(1, ("decimal", "%1."), ("bullet", "•")) + num(1, 1)
FIRST: Lines = (
    (800, "Library Union, Dock Street 4"), (760, "Dear committee,"), (730, "We write about the infor-"),
    (716, "mation duty in clause 6.3.1. It is"), (702, "too long."), (672, "The second point is that nobody"),
    (40, "Page 1 of 2"),
)  # fmt: skip
SECOND: Lines = (
    (800, "Library Union, Dock Street 4"), (760, "reads it."), (730, "1. First"), (716, "2. Second"),
    (680, "Sincerely"), (40, "Page 2 of 2"),
)  # fmt: skip


def test_a_word_file_gives_its_paragraphs_with_their_numbers() -> None:
    body = (
        p("Our answer", "Title") + p("Dear committee,") + listed("Clause 6.3.1 is too long.") + listed("It is dear.")
        + listed("very", depth=1) + p("Scope", "berschrift1") + p("", "") + p(r("So ") + r("it is.", "<w:b/>"))
    )  # fmt: skip
    letter = take_letter(data=docx(body, numbering=NUMBERED), name="answer.docx")
    assert letter.kind == "docx"
    assert letter.text.split("\n\n") == [
        "Our answer", "Dear committee,", "1. Clause 6.3.1 is too long.", "2. It is dear.", "• very", "Scope", "So it is.",
    ]  # fmt: skip


def test_a_pdf_gives_its_paragraphs_without_the_furniture_of_its_pages() -> None:
    letter = take_letter(data=pdf(FIRST, SECOND), name="answer.pdf")
    assert letter.kind == "pdf"
    assert letter.text == (
        "Dear committee,\n\nWe write about the information duty in clause 6.3.1. It is too long.\n\n"
        "The second point is that nobody reads it.\n\n1. First\n2. Second\n\nSincerely"
    )
    assert letter.remarks == ["Headers and footers of pages (4 of them) were left out."]


def test_lines_twice_as_far_apart_are_still_one_paragraph() -> None:
    lines = [(800 - 22 * n, f"this is line {n} of a text") for n in range(6)]
    assert "\n\n" not in take_letter(data=pdf(lines)).text
    assert take_letter(data=pdf([(800 - 40 * n, f"Point {n}.") for n in range(4)])).text.count("\n\n") == 3


@pytest.mark.parametrize(("name", "expected"), [("a.md", "md"), ("a.txt", "txt"), ("", "txt"), ("a.docx", "txt")])
def test_text_stays_as_it_is(name: str, expected: str) -> None:
    if name == "a.docx":
        with pytest.raises(Invalid, match="no such document"):
            take_letter(data=b"Dear \x00 all", name=name)
        return
    letter = take_letter(data="Dear all,\r\n\r\n  *ä* {#x} one\r\n".encode(), name=name)
    assert (letter.kind, letter.text) == (expected, "Dear all,\n\n  *ä* {#x} one\n")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (pdf([]), "This PDF holds pictures of pages and no text: it was scanned"),
        (pdf(FIRST)[:300], "This PDF is damaged"),
        (b"%PDF-1.7\n" + b"\xff" * 2_000, "This PDF is damaged"),
        (pdf(*[[(800, "A page.")]] * 301), "This PDF has 301 pages; 300 is the most"),
        (b"%PDF-1.7\n" + bytes(letter_files.LARGEST_PDF), "15 MB is the most"),
        (b"\x89PNG\r\n\x1a\n", "Send the file that holds the letter"),
        (b"<!doctype html><p>Dear all", "This is a web page"), (b'<?xml version="1.0"?><a/>', "This is a web page"),
        (docx(""), "There are no words in this file"), (b" \n ", "There are no words in this file"),
        (packed(docx_parts(p("Dear all"), more={"word/vbaProject.bin": b"x"})), "macros"),
    ],
)  # fmt: skip
def test_what_is_no_letter_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as caught:
        take_letter(data=data, name="answer", field="file")
    assert caught.value.field == "file"


def test_scripts_and_files_inside_of_a_pdf_are_not_looked_at() -> None:
    action = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Names<</EmbeddedFiles<</Names[(x) 20 0 R]>>>>"
    data = pdf(FIRST, catalog=action, more={20: "<</Type/Filespec/F(secret.txt)>>"})
    assert "secret" not in take_letter(data=data).text
    assert "alert" not in take_letter(data=data).text


@given(st.binary(max_size=200), st.integers(0, 900))
@settings(max_examples=examples(60))
def test_a_broken_pdf_is_words_or_a_sentence(noise: bytes, at: int) -> None:
    whole = pdf(FIRST)
    with suppress(Invalid):
        assert read(whole[:at] + noise + whole[at + len(noise) :]).text
