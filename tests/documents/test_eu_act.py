"""The AI Act, whole: every article, recital and annex has its address, with the words printed there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from consult.core.paths import PACKAGE
from consult.documents.importers import read
from consult.documents.importers.eu_act import is_act, letter, parse, roman
from consult.documents.pages import LARGEST_PAGE, spread, weight
from consult.documents.parsed import ParsedDraft, Unit

SOURCE = (PACKAGE / "demo" / "data" / "eu-ai-act" / "ai_act_full.md").read_text("utf-8")
ANNEXES = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii"]


@pytest.fixture(scope="module")
def act() -> ParsedDraft:
    return read(SOURCE)


@pytest.fixture(scope="module")
def units(act: ParsedDraft) -> dict[str, Unit]:
    return {unit.key: unit for unit in act.units}


def test_it_is_recognised_and_named(act: ParsedDraft) -> None:
    assert act.format == "eu-act"
    assert act.title == "Artificial Intelligence Act"
    assert not act.warnings
    assert not is_act("# 1 Scope\n\nArticle 1\n")


def test_113_articles_180_recitals_and_13_annexes_each_have_their_address(units: dict[str, Unit]) -> None:
    kinds = Counter(unit.kind for unit in units.values())
    assert (kinds["article"], kinds["recital"], kinds["annex"], kinds["chapter"]) == (113, 180, 13, 13)
    assert all(units[f"article-{n}"].label == f"Article {n}" and units[f"article-{n}"].title for n in range(1, 114))
    assert all(units[f"recital-{n}"].label == f"Recital {n}" and units[f"recital-{n}"].text for n in range(1, 181))
    assert all(units[f"annex-{n}"].label == f"Annex {n.upper()}" and units[f"annex-{n}"].title for n in ANNEXES)
    assert kinds["footnote"] == 58


@pytest.mark.parametrize(
    ("key", "label", "mark", "words"),
    [
        ("article-53", "Article 53", "53", "Obligations for providers of general-purpose AI models"),
        ("article-53-1", "53(1)", "1.", "Providers of general-purpose AI models shall:"),
        ("article-53-1-b-ii", "53(1)(b)(ii)", "(ii)", "contain, at a minimum, the elements set out in Annex XII;"),
        ("article-53-2", "53(2)", "2.", "The obligations set out in paragraph 1, points (a) and (b), shall not apply"),
        ("article-5-1-c-ii", "5(1)(c)(ii)", "(ii)", "detrimental or unfavourable treatment of certain natural persons"),
        ("article-5-1-h", "5(1)(h)", "(h)", "the use of ‘real-time’ remote biometric identification systems"),
        ("article-5-1-h-iii", "5(1)(h)(iii)", "(iii)", "the localisation or identification of a person suspected"),
        ("article-5-1-sub2", "5(1), subparagraph 2", "", "Point (h) of the first subparagraph is without prejudice"),
        ("article-2-3-sub2", "2(3), subparagraph 2", "", "This Regulation does not apply to AI systems where"),
        ("article-2-12", "2(12)", "12.", "This Regulation does not apply to AI systems released under free and"),
        ("article-3-1", "3(1)", "(1)", "‘AI system’ means a machine-based system"),
        ("article-3-49-c", "3(49)(c)", "(c)", "the infringement of obligations under Union law"),
        ("article-3-68", "3(68)", "(68)", "‘downstream provider’ means"),
        (
            "article-4-sub1",
            "Article 4, subparagraph 1",
            "",
            "Providers and deployers of AI systems shall take measures",
        ),
        ("article-113-c", "113(c)", "(c)", "Article 6(1) and the corresponding obligations in this Regulation"),
        ("article-108-6-sub2", "108(6), subparagraph 2", "", "‘3. When adopting delegated acts"),
        ("recital-1", "Recital 1", "(1)", "The purpose of this Regulation is to improve the functioning"),
        ("recital-180", "Recital 180", "(180)", "The European Data Protection Supervisor"),
        ("annex-iii-1-a", "Annex III, point 1(a)", "(a)", "remote biometric identification systems."),
        ("annex-iii-1-a-sub2", "Annex III, point 1(a), subparagraph 2", "", "This shall not include AI systems"),
        ("annex-vii-4-6", "Annex VII, point 4.6", "4.6.", "The decision of the notified body shall be notified"),
        (
            "annex-viii-section-b-2",
            "Annex VIII, Section B, point 2",
            "2.",
            "Where submission of information is carried",
        ),
        ("annex-xi-section-1-1-f", "Annex XI, Section 1, point 1(f)", "(f)", "the licence."),
        ("annex-xiii-g", "Annex XIII(g)", "(g)", "the number of registered end-users."),
        ("annex-ii-d3", "Annex II, indent 3", "—", "sexual exploitation of children, and child pornography,"),
        ("chapter-v-section-2", "Section 2", "2", "Obligations for providers of general-purpose AI models"),
        ("footnote-58", "Footnote 58", "(58)", "Directive (EU) 2020/1828"),
    ],
)
def test_keys_lead_to_the_printed_words(units: dict[str, Unit], key: str, label: str, mark: str, words: str) -> None:
    unit = units[key]
    assert (unit.label, unit.own_label) == (label, mark)
    assert unit.text.startswith(words)


def test_articles_stand_in_their_chapter_and_section(act: ParsedDraft, units: dict[str, Unit]) -> None:
    above = {unit.key: act.units[unit.parent].key if unit.parent is not None else "" for unit in act.units}
    assert above["article-53"] == "chapter-v-section-2"
    assert above["chapter-v-section-2"] == "chapter-v"
    assert above["article-5"] == "chapter-ii"
    assert units["chapter-v"].title == "General-purpose AI models"
    assert units["chapter-viii"].title == "EU database for high-risk AI systems"


def test_no_word_is_lost_and_none_is_added(act: ParsedDraft) -> None:
    def count(text: str) -> Counter[str]:
        return Counter(re.findall(r"\w+", text.lower()))

    shown = count(" ".join(f"{u.label if u.is_heading else u.own_label} {u.text}" for u in act.units))
    ours = count("Title and citations Recitals Enacting formula Signatures Footnotes")
    lost = count(SOURCE) - shown
    added = shown - count(SOURCE) - ours
    assert not lost
    assert set(added) <= {
        "annex",
        "i",
        "viii",
        "xi",
    }  # "Annex XI, Section 1": the annex's name is repeated with its sections


def test_pages_are_chapters_sections_and_annexes_and_stay_light(act: ParsedDraft) -> None:
    stretches = spread(act.units)
    keys = [s.key for s in stretches]
    assert {"recitals", "chapter-v", "chapter-iii-section-2", "annex-iii", "footnotes"} <= set(keys)
    assert max(sum(map(weight, act.units[s.start : s.end])) for s in stretches) <= LARGEST_PAGE
    assert len(stretches) < 70
    assert next(s for s in stretches if s.key == "recital-28").title == "Recitals, continued"


@pytest.mark.parametrize(("text", "value"), [("i", 1), ("iv", 4), ("ix", 9), ("xiv", 14), ("a", 0), ("", 0)])
def test_roman_numbers(text: str, value: int) -> None:
    assert roman(text) == value


@pytest.mark.parametrize(("text", "value"), [("a", 1), ("z", 26), ("aa", 27), ("ab", 0), ("1", 0)])
def test_lists_by_letters(text: str, value: int) -> None:
    assert letter(text) == value


def test_the_letter_i_and_the_roman_one_are_told_apart() -> None:
    letters = "\n".join(f"({c})\npoint {c};" for c in "abcdefghij")
    text = f"HAVE ADOPTED THIS REGULATION:\nArticle 1\nTitle\n1.   As follows:\n{letters}\n"
    assert "article-1-1-i" in {u.key for u in parse(text).units}
    nested = "\n".join(f"({c})\npoint {c};" for c in "abcdefgh") + "\n(i)\none;\n(ii)\ntwo;\n(i)\nnine\n(j)\nten"
    keys = [u.key for u in parse(text.replace(letters, nested)).units]
    assert {"article-1-1-h-i", "article-1-1-h-ii", "article-1-1-i", "article-1-1-j"} <= set(keys)


@pytest.mark.parametrize(
    "ending", ["", "\nArticle 2", "\n(a)", "\nCHAPTER I", "\nANNEX I", "\nANNEX I\nSection A", "\n1.", "\n—"]
)
def test_an_act_that_breaks_off_is_still_read(ending: str) -> None:
    text = f"HAVE ADOPTED THIS REGULATION:\nArticle 1\nTitle\n1.   Words.{ending}"
    assert "article-1-1" in {u.key for u in read(text).units}
