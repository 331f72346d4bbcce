"""CSAF 2.1: both drafts keep their printed numbers and their own ids."""

from __future__ import annotations

import functools

import pytest

from consult.core.paths import PACKAGE
from consult.documents.importers import read
from consult.documents.pages import LARGEST_PAGE, spread, weight
from consult.documents.parsed import ParsedDraft

DATA = PACKAGE / "demo" / "data" / "csaf-2.1"


@functools.cache
def draft_of(name: str) -> ParsedDraft:
    return read((DATA / f"csaf-v2.1-{name}.md").read_text("utf-8"))


@pytest.fixture(params=["csd01", "csd02"])
def draft(request: pytest.FixtureRequest) -> ParsedDraft:
    return draft_of(request.param)


def test_numbers_and_ids_are_kept(draft: ParsedDraft) -> None:
    by_key = {unit.key: unit for unit in draft.units}
    assert draft.title == "Common Security Advisory Framework Version 2.1"
    for key, label, title in (
        ("construction-principles", "2.1", "Construction Principles"),
        ("date-and-time", "2.3", "Date and Time"),
        ("branches-type-category", "3.1.2.2", "Branches Type - Category"),
        ("acknowledgments", "Appendix A", "Acknowledgments"),
    ):
        assert (by_key[key].label, by_key[key].title) == (label, title)
    assert by_key["28-may-2025" if "28-may-2025" in by_key else "25-february-2026"].label == ""


def test_every_section_the_comments_name_has_a_label(draft: ParsedDraft) -> None:
    labels = {unit.label for unit in draft.units if unit.is_heading}
    assert {"2.1", "2.3", "3.1", "3.1.1.1", "3.2.4.10.1", "6.1.27.1", "9.1.5"} <= labels


def test_terms_references_and_listings_are_units_with_addresses(draft: ParsedDraft) -> None:
    by_key = {unit.key: unit for unit in draft.units}
    assert by_key["def-advisory"].text.lower().startswith("advisory reporting item that describes a condition")
    assert by_key["rfc2119"].kind == "paragraph"
    assert draft.counts["code"] > 400
    assert draft.counts["term"] > 80


def test_links_between_sections_lead_somewhere(draft: ParsedDraft) -> None:
    keys = {unit.key for unit in draft.units}
    led = [part.split('"')[0] for unit in draft.units for part in unit.html.split('href="#')[1:]]
    assert len(led) > 400
    assert set(led) <= keys


def test_the_table_of_contents_is_no_heading_and_pages_stay_light(draft: ParsedDraft) -> None:
    assert max(len(unit.title) for unit in draft.units) < 200
    assert any("kept as a paragraph" in warning for warning in draft.warnings)
    assert max(sum(map(weight, draft.units[s.start : s.end])) for s in spread(draft.units)) <= LARGEST_PAGE


def test_most_of_the_second_draft_is_recognised_in_the_first() -> None:
    headings = [{u.key for u in draft_of(name).units if u.is_heading} for name in ("csd01", "csd02")]
    assert len(headings[0] & headings[1]) > 300
