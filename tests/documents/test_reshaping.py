"""Corrections of the structure: whatever is done, a well-formed draft comes out, and no word is lost or doubled."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.errors import Conflict, DomainError, Invalid
from consult.core.paths import PACKAGE
from consult.documents import reshaping
from consult.documents.desk import BULLETS, Desk
from consult.documents.importers import read, take
from consult.documents.parsed import INNER_LINK, ParsedDraft, Unit, words_of
from consult.documents.reshaping import Edit, Merge, Move, Omit, Rekind, Renumber, Split, replay, settled
from tests.lengths import examples

from .test_properties import TEXT

DATA = Path(__file__).parents[1] / "data"
REAL = (
    "draft-openchain-18974/v1.0.en.docx", "draft-openchain-18974/v1.0.en.odt", "formats/twin.md", "formats/twin-sts.xml",
    "formats/twin-akn.xml", "formats/articles.txt", "formats/respec.html", "formats/rfc-style.txt",
    "draft-ietf-aipref/draft-ietf-aipref-vocab-03.md", "draft-nist-sp800-63a/rev4-ipd/sec4_proofing.md",
)  # fmt: skip
LARGE = ("csaf-2.1/csaf-v2.1-csd01.md", "eu-ai-act/ai_act_full.md")
NUMBERS = ("", "5", "6.3.1", "(a)", "A.2", "Article 7", "§ 4", "<b>", "1" * 41)


@functools.cache
def real(name: str) -> ParsedDraft:
    path = DATA / name
    return take(data=path.read_bytes(), name=path.name).parsed


@functools.cache
def act() -> ParsedDraft:
    return read((PACKAGE / "demo/data" / LARGE[1]).read_text("utf-8"))


def words(draft: ParsedDraft) -> str:
    """All that is printed, without blanks."""
    return "".join("".join((u.own_label * (u.own_label not in BULLETS)) + u.text for u in draft.units).split())


def check(draft: ParsedDraft) -> None:
    """Parents before children and in the order of the text, depths, keys, words and links as they should be."""
    keys = {unit.key for unit in draft.units}
    assert len(keys) == len(draft.units)
    assert all(keys)
    line: list[int] = []
    for place, unit in enumerate(draft.units):
        del line[unit.depth :]
        assert unit.depth == len(line), unit
        assert unit.parent == (line[-1] if line else None), unit
        assert not unit.is_heading or unit.parent is None or draft.units[unit.parent].is_heading, unit
        assert unit.kind == "code" or unit.text == words_of(unit.html) or "<pre>" in unit.html, unit
        assert not unit.is_heading or unit.text == unit.title
        line.append(place)
    for unit in draft.units:
        assert all(link[1] in keys for link in INNER_LINK.finditer(unit.html)), unit


EDIT: dict[type, Callable[[st.DataObject, Unit], Edit]] = {
    Merge: lambda data, unit: Merge(unit.key),
    Split: lambda data, unit: Split(unit.key, data.draw(st.integers(-1, len(unit.text) + 1))),
    Renumber: lambda data, unit: Renumber(unit.key, data.draw(st.sampled_from(NUMBERS))),
    Rekind: lambda data, unit: Rekind(unit.key, data.draw(st.sampled_from([*reshaping.NAMES, "poem"]))),
    Move: lambda data, unit: Move(unit.key, data.draw(st.booleans())),
    Omit: lambda data, unit: Omit(unit.key),
}


def correct(data: st.DataObject, found: ParsedDraft, most: int = 12) -> None:
    """Correct a draft at random; after each step it is well-formed, and undoing gives the one before."""
    edits: list[Edit] = []
    before, refused = found, list[str]()
    for _ in range(data.draw(st.integers(1, most))):
        unit = data.draw(st.sampled_from(list(before.units)))
        edit = EDIT[data.draw(st.sampled_from(list(EDIT)))](data, unit)
        try:
            after = replay(found, [*edits, edit])
        except DomainError as error:
            refused.append(error.sentence)
            continue
        check(after.draft)
        assert len(after.told) == len(edits) + 1
        if isinstance(edit, Merge | Split | Move):
            assert words(after.draft) == words(before)
        assert replay(found, edits).draft == before
        edits, before = [*edits, edit], after.draft
    assert all(sentence.endswith(".") for sentence in refused)
    kept = settled(found, reshaping.from_json(reshaping.to_json(edits)))
    check(kept)
    assert [(u.text, u.kind, u.label, u.depth) for u in kept.units] == [
        (u.text, u.kind, u.label, u.depth) for u in before.units
    ]


@settings(max_examples=examples(150), deadline=None)
@given(st.data(), TEXT)
def test_any_corrections_of_any_text_leave_a_well_formed_draft(data: st.DataObject, text: str) -> None:
    correct(data, read(text))


@pytest.mark.parametrize("name", REAL)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_corrections_of_a_real_draft_leave_a_well_formed_draft(data: st.DataObject, name: str) -> None:
    correct(data, real(name), 20)


@pytest.mark.parametrize("name", [*REAL, *LARGE])
def test_a_draft_on_the_desk_is_the_draft_that_was_found(name: str) -> None:
    found = real(name) if name in REAL else read((PACKAGE / "demo/data" / name).read_text("utf-8"))
    for is_settled in (False, True):
        assert Desk(found.units).finish(found, is_settled=is_settled).units == found.units
    assert replay(found, []).draft is settled(found, []) is found


def draft(text: str) -> ParsedDraft:
    return read(text)


def outline(parsed: ParsedDraft) -> list[str]:
    return [f"{'  ' * u.depth}{u.key}: {u.own_label} {u.text}" for u in parsed.units]


def test_a_paragraph_torn_apart_is_one_again_and_keeps_its_marks() -> None:
    found = draft("# 1 Scope\n\nThis is **torn\n\n- one\n\nby a [page](#p2).\n\nSee [it](#1-p2).\n")
    assert found.units[3].key == "1-p2"
    merged = settled(found, [Omit("1-i1"), Merge("1-p2")])
    assert [u.html for u in merged.units[1:]] == [
        '<p>This is **torn by a page.</p>', '<p>See <a href="#1-p1" rel="noopener">it</a>.</p>',
    ]  # fmt: skip
    assert merged.units[2].key == "1-p2"
    assert merged.units[2].label == "1, paragraph 2"


def test_a_point_that_is_none_goes_back_with_its_letter() -> None:
    found = draft("# 1 Scope\n\nas in point\n\n1. of Article 5.\n")
    (_, joined) = replay(found, [Merge("1-i1")]).draft.units
    assert joined.text == "as in point 1. of Article 5."


def test_points_in_a_paragraph_become_points() -> None:
    found = draft("# 1 Scope\n\nA model: (a) has weights; (b) has <em>code</em>.\n")
    text = found.units[1].text
    after = settled(found, [Split("1-p1", text.index("(b)")), Split("1-p1", text.index("(a)"))])
    assert outline(after)[1:] == ["  1-p1:  A model:", "  1-i1: (a) has weights;", "  1-i2: (b) has code."]
    assert after.units[3].html == "<p>has <em>code</em>.</p>"


def test_no_character_is_cut_apart() -> None:
    found = draft("# 1 Scope\n\nwe \U0001f1ea\U0001f1fa qx\u0323\u0306 all\n")
    text = found.units[1].text
    start = text.index("\u0323")
    halves = replay(found, [Split("1-p1", start)]).draft.units[1:]
    assert [u.text for u in halves] == [text[: start - 1].strip(), text[start - 1 :]]
    flag = replay(found, [Split("1-p1", 4)]).draft.units[1:]
    assert [u.text for u in flag] == ["we", text[3:]]


def test_links_to_what_was_left_out_become_words_and_that_is_told() -> None:
    found = draft("# 1 Scope {#scope}\n\nSee [there](#gone) and [here](#scope).\n\nAway {#gone}\n")
    after = replay(found, [Omit("gone")]).draft
    assert after.units[1].html == '<p>See there and <a href="#scope" rel="noopener">here</a>.</p>'
    assert after.warnings[-1] == "Links inside the document that lead nowhere are shown as plain words: #gone."


def test_a_paragraph_becomes_a_heading_and_takes_what_follows() -> None:
    found = draft("# 1 Duties\n\n## 1.1 Old\n\none\n\n1.2 New *rules*\n\n- a\n  - b\n\ntwo\n\n## 1.3 Last\n\nthree\n")
    after = settled(found, [Rekind("1-1-p2", "clause")])
    assert outline(after) == [
        "1: 1 Duties", "  1-1: 1.1 Old", "    1-1-p1:  one", "  1-2: 1.2 New rules", "    1-2-i1: • a", "      1-2-i1-i1: • b",
        "    1-2-p1:  two", "  1-3: 1.3 Last", "    1-3-p1:  three",
    ]  # fmt: skip
    without = settled(draft("# 1 Duties\n\nShort words\n\none\n"), [Rekind("1-p1", "section")])
    assert outline(without) == ["1: 1 Duties", "  short-words:  Short words", "    short-words-p1:  one"]


def test_what_was_below_a_merged_part_is_below_the_one_it_went_into() -> None:
    found = draft("# 1 Scope\n\n- one\n  - inner\n- two\n  - last\n")
    after = replay(found, [Merge("1-i2")]).draft
    assert outline(after)[1:] == ["  1-i1: • one", "    1-i1-i1: • inner two", "      1-i2-i1: • last"]


def test_links_follow_a_part_that_was_merged_twice() -> None:
    found = draft("# 1 Scope\n\none {#a}\n\ntwo {#b}\n\nsee [this](#c), three {#c}\n")
    after = replay(found, [Merge("c"), Merge("b")]).draft
    assert after.units[1].html == '<p>one two see <a href="#a" rel="noopener">this</a>, three</p>'


def test_lines_of_a_listing_are_one_line_in_a_heading() -> None:
    found = draft("# 1 Scope\n\nTwo\n\n```\na  <\nb\n```\n")
    after = replay(found, [Merge("1-c1"), Rekind("1-p1", "section")]).draft.units[1]
    assert (after.title, after.text, after.html) == ("Two a < b", "Two a < b", "Two a &lt; b")


def test_a_heading_becomes_a_paragraph_and_gives_up_what_it_held() -> None:
    found = draft("# 1 One\n\na\n\n# 2 is no heading\n\nb\n\n## 2.1 Sub\n\nc\n")
    after = settled(found, [Rekind("2", "paragraph")])
    assert outline(after) == [
        "1: 1 One", "  1-p1:  a", "  1-p2: 2 is no heading", "  1-p3:  b", "  2-1: 2.1 Sub", "    2-1-p1:  c",
    ]  # fmt: skip
    twice = draft("# 1 Scope\n\n## Rationale\n\na\n\n## Rationale\n\nb\n")
    after = settled(twice, [Rekind("1-rationale", "note")])
    assert outline(after)[3:] == ["    rationale-n1:  Rationale", "    rationale-p2:  b"]
    assert outline(settled(found, [Omit("2")]))[2:] == ["  1-p2:  b", "  2-1: 2.1 Sub", "    2-1-p1:  c"]


def test_a_number_moves_out_of_the_words_and_into_the_address() -> None:
    found = draft("# 3 - Requirements {#req}\n\n# Three. More\n\na\n\n# 1.1 Known\n\nb\n")
    after = settled(found, [Renumber("1-1", "6.1")])
    assert [u.key for u in after.units[-2:]] == ["6-1", "6-1-p1"]
    assert after.units[-1].label == "6.1, paragraph 1"
    lone = draft("Words\n\n3 - Requirements\n\n# 1.1 Known\n")
    after = settled(lone, [Rekind("p2", "clause"), Renumber("p2", "3")])
    assert (after.units[1].label, after.units[1].title, after.units[1].key) == ("3", "Requirements", "3")


@pytest.mark.parametrize(
    ("key", "number", "labels"),
    [
        ("article-112-13", "14.", {"article-112-13": "112(14)"}),
        ("article-112-11", "12", {"article-112-11": "112(12)", "article-112-11-c": "112(12)(c)"}),
        ("article-112", "Article 113", {"article-112-11-c": "113(11)(c)"}),
        ("article-112-11-c", "(d)", {"article-112-11-c": "112(11)(d)"}),
        ("recital-180", "(181)", {"recital-180": "Recital 181"}),
        ("annex-vii-5-3", "5.4.", {"annex-vii-5-3": "Annex VII, point 5.4"}),
    ],
)
def test_what_a_text_is_cited_by_follows_its_number(key: str, number: str, labels: dict[str, str]) -> None:
    found = replay(act(), [Renumber(key, number)]).draft
    assert {unit.key: unit.label for unit in found.units if unit.key in labels} == labels


def test_an_id_of_the_authors_own_is_never_changed() -> None:
    found = draft("# 1 Scope {#scope}\n\none\n\ntwo {#two}\n")
    edits: list[Edit] = [Renumber("scope", "2"), Rekind("two", "note"), Split("scope-p1", 1), Rekind("scope", "annex")]
    assert [u.key for u in settled(found, edits).units] == ["scope", "scope-p1", "scope-p2", "two"]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Merge("1"), "Nothing stands above it"),
        (Merge("2"), "Make it a paragraph first"),
        (Merge("2-1"), "has the number “2.1” of its own"),
        (Merge("2-1-p1"), "longer than a heading can be"),
        (Split("1-p1", 0), "inside the words"),
        (Split("1-t1", 2), "inside a row of a table"),
        (Renumber("1", "1" * 41), "at most 40"),
        (Rekind("1-p1", "table"), "no table"),
        (Rekind("1-p1", "poem"), "one of the kinds"),
        (Rekind("2-1-p1", "clause"), "longer than a heading"),
        (Move("1", is_deeper=True), "first on its level"),
        (Move("1", is_deeper=False), "highest level"),
        (Move("1-p1", is_deeper=False), "directly below its heading"),
        (Omit("nowhere"), "not there any more"),
    ],
    ids=repr,
)
def test_what_makes_no_sense_is_refused_with_a_sentence(edit: Edit, sentence: str) -> None:
    found = draft(
        f"# 1 Scope\n\none\n\n| a | b |\n|---|---|\n| c | d |\n\n# 2 Duties\n\n## 2.1 Own\n\n{'word ' * 60}\n"
    )
    with pytest.raises((Invalid, Conflict), match=sentence):
        replay(found, [edit])


def test_more_corrections_than_anybody_makes_are_refused() -> None:
    with pytest.raises(Conflict, match="Correct the file itself"):
        replay(draft("# 1 a\n\nb"), [Rekind("1", "clause")] * 1_001)
    with pytest.raises(Invalid, match="all there is"):
        replay(draft("Word"), [Omit("p1")])
