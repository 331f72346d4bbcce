"""Correcting the structure of a text before it becomes the draft, through HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

import pytest

from consult.consultations.models import Consultation
from consult.documents.models import Clause, DraftVersion, StagedDraft
from tests.make import Make
from tests.visitor import Page, Visitor

TEXT = b"""# 1 Scope

This applies to all systems. It does not apply to toys.

Page 3 of 12

and to games, as [said below](#duties).

## 1.1 Terms {#terms}

A model: (a) has weights; (b) has code.

# 2 Duties {#duties}

Keep records.
"""
Visit = Callable[..., Visitor]


@pytest.fixture
def editing(make: Make, visit: Visit) -> tuple[Visitor, str]:
    """An editor who has uploaded a text, on the page of its structure."""
    consultation = make.consultation("draft")
    visitor = visit(make.staff(consultation, "editor"))
    visitor.open(f"/c/{consultation.slug}/manage/draft")
    upload(visitor)
    return visitor, f"/c/{consultation.slug}/manage/draft/structure"


def upload(visitor: Visitor, data: bytes = TEXT) -> Page:
    return visitor.press("Look at it first", files={"file": (BytesIO(data), "draft.md")})


def kept(visitor: Visitor, address: str, make: Make) -> list[Clause]:
    """Keep what was corrected; its clauses."""
    visitor.open(address.removesuffix("/structure"))
    visitor.press("Keep this draft")
    with make.writing() as session:
        version = session.query(DraftVersion).one()
        return list(session.query(Clause).filter_by(version_id=version.id).order_by(Clause.rank))


def test_a_text_is_corrected_step_by_step_and_kept(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, address = editing
    page = visitor.open(visitor.page.links()["Correct the structure"])  # type: ignore[union-attr]
    assert "No corrections yet" in page.text
    visitor.open(f"{address}?unit=1-p2")
    page = visitor.press("Leave it out")
    assert "Left out “Page 3 of 12”" in page.text
    visitor.open(f"{address}?unit=1-p3")
    page = visitor.press("Merge the two")
    assert page.url.startswith(f"{address}?unit=1-p1")
    assert (
        "Merged “and to games, as said below.” with “This applies to all systems. It does not apply to toys.”"
        in page.text
    )
    page = visitor.press("Divide it there", at="29")
    assert "Divided “This applies to all systems.” before “It does not apply" in page.text
    visitor.open(f"{address}?unit=terms-p1")
    visitor.press("Save the kind", kind="note")
    page = visitor.press("Save the number", number="(x)")
    assert "5 corrections" in page.text
    page = visitor.open(address.removesuffix("/structure"))
    assert "3 clauses, 3 paragraphs, 1 note" in page.text
    assert "5 corrections so far" in page.text
    clauses = kept(visitor, address, make)
    assert [(c.key, c.kind, c.label, c.text) for c in clauses] == [
        ("1", "clause", "1", "Scope"),
        ("1-p1", "paragraph", "1, paragraph 1", "This applies to all systems."),
        ("1-p2", "paragraph", "1, paragraph 2", "It does not apply to toys. and to games, as said below."),
        ("terms", "clause", "1.1", "Terms"),
        ("terms-n1", "note", "1.1, note 1", "A model: (a) has weights; (b) has code."),
        ("duties", "clause", "2", "Duties"),
        ("duties-p1", "paragraph", "2, paragraph 1", "Keep records."),
    ]
    assert clauses[4].own_label == "(x)"
    assert '/v1/clauses/duties"' in clauses[2].html
    with make.writing() as session:
        assert [edit["type"] for edit in json.loads(session.query(DraftVersion).one().edits)] == [
            "omit", "merge", "split", "rekind", "renumber",
        ]  # fmt: skip
    page = visitor.open(address.removesuffix("/structure"))
    assert "Structure corrected by hand in 5 places" in page.text
    assert make.count(StagedDraft) == 0


def test_undoing_gives_what_was_before(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, address = editing
    before = visitor.open(address).text
    for key, button in (("1-p2", "Leave it out"), ("terms", "Move a level up"), ("1-p3", "Merge the two")):
        visitor.open(f"{address}?unit={key}")
        visitor.press(button)
    page = visitor.press("Undo the last one")
    assert "2 corrections" in page.text
    page = visitor.press("Undo all")
    assert page.text == before
    with make.writing() as session:
        assert session.query(StagedDraft).one().edits == "[]"


def test_what_was_typed_wrongly_stays_on_the_page(editing: tuple[Visitor, str]) -> None:
    visitor, address = editing
    visitor.open(f"{address}?unit=terms")
    page = visitor.press("Save the number", number="9" * 41, status=422)
    assert any("at most 40 characters" in error for error in page.errors())
    assert page.form("Save the number").fields["number"] == ["9" * 41]
    page = visitor.press("Save the kind", kind="poem", status=422)
    assert any("Choose one of the kinds" in error for error in page.errors())
    page = visitor.press("Save the kind", kind="table", status=422)
    assert any("no table in these words" in error for error in page.errors())
    visitor.open(f"{address}?unit=1-p1")
    page = visitor.press("Divide it there", status=422)
    assert any("Choose where the new part begins" in error for error in page.errors())
    page = visitor.press("Divide it there", at="0", status=422)
    assert any("Choose a place inside the words" in error for error in page.errors())
    visitor.open(f"{address}?unit=1-p1&by=word")
    page = visitor.press("Divide it there", at="0", status=422)
    assert page.form("Divide it there").choices["at"][0] == "5", "still at any word"
    visitor.open(f"{address}?unit=duties")
    page = visitor.press("Merge the two", status=422)
    assert any("make it a paragraph first" in error.lower() for error in page.errors())


def test_a_correction_from_a_second_window_is_refused_with_a_sentence(editing: tuple[Visitor, str]) -> None:
    visitor, address = editing
    seen = visitor.open(f"{address}?unit=1-p3")
    visitor.open(f"{address}?unit=1-p2")
    visitor.press("Leave it out")
    corrected = visitor.page
    visitor.page = seen
    page = visitor.press("Merge the two", status=422)
    assert any("corrected meanwhile, perhaps by you in a second window" in error for error in page.errors())
    assert "1 correction" in page.text
    visitor.open(address)
    visitor.press("Undo the last one")
    visitor.page = corrected
    page = visitor.press("Undo the last one", status=422)
    assert any("second window" in error for error in page.errors())


def test_a_part_that_is_gone_is_said_to_be_gone(editing: tuple[Visitor, str]) -> None:
    visitor, address = editing
    page = visitor.open(f"{address}?unit=1-p2")
    form, page_of_number = page.form("Leave it out").fields, page.form("Save the number").fields
    page = visitor.send(f"{address}/corrections", {**form, "unit": "nowhere"}, status=422)
    assert any("not there any more" in error for error in page.errors())
    typed = page_of_number | {"unit": "nowhere", "number": "7.7"}
    assert "You typed the number “7.7”." in visitor.send(f"{address}/corrections", typed, status=422).text
    page = visitor.send(f"{address}/corrections", {**form, "act": "burn"}, status=422)
    assert any("Choose what to correct" in error for error in page.errors())


def test_pressing_twice_corrects_once(editing: tuple[Visitor, str], make: Make) -> None:
    visitor, address = editing
    seen = visitor.open(f"{address}?unit=1-p2")
    visitor.press("Leave it out")
    visitor.page = seen
    visitor.press("Leave it out")
    with make.writing() as session:
        assert len(json.loads(session.query(StagedDraft).one().edits)) == 1


def test_another_file_begins_without_corrections(editing: tuple[Visitor, str]) -> None:
    visitor, address = editing
    visitor.open(f"{address}?unit=1-p2")
    visitor.press("Leave it out")
    visitor.open(address.removesuffix("/structure"))
    page = upload(visitor)
    assert "corrections so far" not in page.text
    assert "No corrections yet" in visitor.open(address).text


def test_only_who_uploaded_it_sees_and_corrects_it(editing: tuple[Visitor, str], make: Make, visit: Visit) -> None:
    visitor, address = editing
    visit(make.person()).open(address, status=404)
    assert "sign-in" in visit().open(address, status=303, follow=False).headers["Location"]
    with make.writing() as session:
        row = session.get_one(Consultation, session.query(StagedDraft).one().consultation_id)
    form = visitor.open(f"{address}?unit=1-p2").form("Leave it out").fields
    other = visit(make.staff(row, "organiser"))
    assert "No text waits to be kept" in other.open(address).text
    token = other.open("/appearance").forms[0].fields["csrf_token"]
    page = other.send(f"{address}/corrections", form | {"csrf_token": token})
    assert "No text waits to be kept" in page.text
    with make.writing() as session:
        assert session.query(StagedDraft).one().edits == "[]"


def test_a_long_text_is_shown_sheet_by_sheet(make: Make, visit: Visit) -> None:
    consultation = make.consultation("draft")
    visitor = visit(make.staff(consultation, "editor"))
    visitor.open(f"/c/{consultation.slug}/manage/draft")
    upload(visitor, "\n\n".join(f"# {n} Clause\n\nWords.\n\nMore words." for n in range(1, 201)).encode())
    address = f"/c/{consultation.slug}/manage/draft/structure"
    page = visitor.open(address)
    assert page.text.count("Change ") == 102
    page = visitor.open(page.links()["Show the next parts"])
    assert "35 Clause" in page.text
    page = visitor.open(f"{address}?unit=150-p1")
    assert "Merge the two" in page.body
    assert "Parts 409 to 510 of 600" in page.text
    for strange in ("sheet=-1", "sheet=99999999", "sheet=x", "unit=nothing", "by=word"):
        visitor.open(f"{address}?{strange}")
