"""The structure of a Word file is corrected by keyboard alone and without JavaScript, kept, and read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.make import PASSWORD

from .conftest import Site, Surfer, Typist

DRAFT = Path("tests/data/draft-openchain-18974/v1.0.en.docx")
Arrive = Callable[..., Surfer]


def correct(editor: Surfer, address: str, key: str) -> None:
    """Open the panel of a part, from the list."""
    editor.open(f"{address}/structure?unit={key}")
    assert editor.page.locator(f"[id='u-{key}'].is-open").count() == 1


@pytest.mark.parametrize("has_script", [False, True])
def test_a_word_file_is_corrected_and_read(site: Site, surfer: Arrive, has_script: bool) -> None:
    consultation = site.make.consultation("draft")
    person = site.make.staff(consultation, "editor")
    address = f"/c/{consultation.slug}/manage/draft"
    editor = surfer(has_script=has_script, kind=Typist)
    editor.open("/sign-in")
    editor.fill(email=person.email, password=PASSWORD).press("Sign in")
    editor.open(address)
    editor.attach(DRAFT)
    editor.press("Look at it first")
    editor.press("Correct the structure")
    editor.sees("No corrections yet", "3 - Requirements")
    editor.press("Change 3 - Requirements")
    assert editor.page.locator("[id='u-3-requirements'].is-open").count() == 1
    editor.fill(number="3").press("Save the number")
    editor.sees("Gave “3 - Requirements” the number “3”")
    correct(editor, address, "verification-material-s")
    editor.fill(kind="paragraph").press("Save the kind")
    editor.sees("Made “Verification material(s):” a paragraph")
    correct(editor, address, "introduction-p8")
    editor.press("Merge the two")
    correct(editor, address, "introduction-p7")
    editor.press("Leave it out")
    editor.press("Undo the last one")
    correct(editor, address, "1-p1")
    assert editor.page.get_by_role("radio").count() == 0, "it is one sentence"
    editor.press("Divide it at any word")
    place = editor.page.get_by_role("radio").first.get_attribute("value")
    editor.fill(at=str(place)).press("Divide it there")
    editor.press("Back to the preview")
    editor.sees("You made 4 corrections so far")
    editor.press("Keep this draft")
    editor.sees("Structure corrected by hand in 4 places")
    editor.press("Read it as a reader would")
    editor.open(f"/c/{consultation.slug}/v1/clauses/3-1-1-p2")
    editor.sees("Verification material(s):")
    for key in ("3", "1-p2"):
        editor.open(f"/c/{consultation.slug}/v1/clauses/{key}")
    assert editor.errors == []
