"""Standards as XML keep their labels, titles, ids, terms and annexes; no document type is ever read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.documents.importers import read
from consult.documents.importers.sts import is_sts, parse
from consult.documents.parsed import ParsedDraft, Unit
from tests.lengths import examples

DATA = Path(__file__).parent.parent / "data" / "formats"
TEXT = (DATA / "standard-sts.xml").read_text("utf-8")


def units() -> dict[str, Unit]:
    return {u.key: u for u in read(TEXT).units}


def body(xml: str) -> ParsedDraft:
    return parse(f'<standard xmlns:tbx="urn:iso:std:iso:30042:ed-1"><body>{xml}</body></standard>')


def test_title_and_metadata_come_from_the_block_with_a_reference() -> None:
    draft = read(TEXT)
    assert (draft.format, draft.title) == ("sts", "Model cards — Rules — Part 1: Words")
    assert draft.metadata == {
        "title": "Model cards — Rules — Part 1: Words", "reference": "XYZ/CD 99-1", "stage": "CD",
        "project": "iso:proj:99", "committee": "XYZ/TC 1", "language": "en", "ics": "35.020",
    }  # fmt: skip


def test_sections_keep_their_labels_titles_and_ids() -> None:
    assert [(u.key, u.kind, u.label, u.title, u.depth) for u in read(TEXT).units if u.is_heading][1:] == [
        ("sec-intro", "clause", "", "Introduction", 1), ("sec-1", "clause", "1", "Scope", 1),
        ("sec-2", "clause", "2", "Terms and definitions", 1), ("sec-3", "clause", "3", "Duties", 1),
        ("sec-3-1", "clause", "3.1", "", 2), ("sec-a", "annex", "Annex A", "(informative) Examples", 1),
        ("sec-a-1", "clause", "A.1", "Short", 2), ("sec-bibl", "clause", "", "Bibliography", 1),
        ("footnotes", "clause", "", "Footnotes", 0),
    ]  # fmt: skip


def test_a_section_without_label_and_title_belongs_to_the_one_around_it() -> None:
    assert units()["sec-3-p1"].text == "Words without a number."


def test_a_term_is_one_unit_with_all_that_is_said_of_it() -> None:
    term = units()["sec-2-1"]
    assert (term.kind, term.label, term.title) == ("term", "2.1", "card")
    assert term.text == (
        "card DEPRECATED: sheet page that describes a model Note 1 to entry: A card can be short."
        " EXAMPLE A card of one page. [SOURCE: XYZ 1:2020, 3.1]"
    )
    assert units()["term-2-2"].label == "2.2"


def test_references_lead_to_what_they_name_and_say_its_number() -> None:
    html = units()["par-1"].html
    assert '<a href="#sec-3-1" rel="noopener">3.1</a>' in html
    assert '<a href="#ref-1" rel="noopener">[1]</a>' in html
    assert 'href="https://example.org/"' in html
    assert "ISO 9000" in html
    assert "iso:std" not in html
    assert 'href="#tf-a"' in units()["tab-1"].html
    assert 'href="#footnote-1"' in units()["sec-a-1-p1"].html


def test_what_sections_hold_keeps_its_meaning() -> None:
    by_key = units()
    shapes = [(u.kind, u.own_label, u.text) for key, u in by_key.items() if u.parent and key[:4] in ("sec-", "for-", "tab-", "tf-a", "fig-")]  # fmt: skip
    for expected in (
        ("point", "a)", "one"), ("point", "b)", "two"), ("note", "", "EXAMPLE A card."), ("paragraph", "", "E = (a)/(b) (1)"),
        ("table", "", "Table 1 — Fields Field namea yes"), ("paragraph", "", "a As printed."), ("note", "", "NOTE All of them."),
        ("figure", "", "Picture Figure 1 — A card"), ("code", "", "name = card"), ("paragraph", "", "Strange words."),
    ):  # fmt: skip
        assert expected in shapes
    assert 'colspan="2"' in by_key["tab-1"].html
    assert by_key["footnote-1"].text == "Under preparation."


def test_what_is_unknown_is_words_and_told() -> None:
    assert read(TEXT).warnings == [
        "Elements that have no place here were kept as plain words: <widget> (1), <gadget> (1).",
        "1 picture is shown as words.",
        "1 formula is shown as words.",
    ]


BARE = '<!DOCTYPE standard PUBLIC "-//NISO//DTD NISO STS Extended 1.0//EN" "https://example.org/sts.dtd">'
STANDARD = "<standard><body><sec><label>1</label><title>Scope</title><p>Words.</p></sec></body></standard>"


@pytest.mark.parametrize(
    "doctype",
    [BARE, '<!DOCTYPE standard SYSTEM "ISOSTS.dtd">', f"<?xml version='1.0'?>\n<!-- a > b -->\n{BARE}\n<?x y?>"],
)
def test_a_bare_reference_to_the_standards_own_document_type_is_ignored(doctype: str) -> None:
    assert is_sts(doctype + STANDARD)
    assert [u.label for u in read(doctype + STANDARD).units] == ["1", "1, paragraph 1"]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE standard [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE standard PUBLIC "-//NISO//DTD NISO STS 1.0//EN" "sts.dtd" [<!ENTITY a "b">]>',
        '<!DOCTYPE standard SYSTEM "http://example.org/other.dtd">',
        "<!DOCTYPE standard>",
        "<!DOCTYPE standard",
        '<!doctype standard [<!ENTITY % x SYSTEM "http://example.org/NISO">%x;]>',
    ],
)
def test_any_other_document_type_is_refused(doctype: str) -> None:
    with pytest.raises(Invalid, match="document type"):
        read(doctype + STANDARD.replace("Words.", "&x;"))


def test_entities_are_never_expanded() -> None:
    with pytest.raises(Invalid, match="Line 2 uses a named character"):
        read(f"{BARE}\n{STANDARD.replace('Words', '&nbsp;')}")
    assert read(STANDARD.replace("Words", "&lt;a&gt; &#x2014;")).units[1].text == "<a> —."


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        ("<standard>\n<body>\n<p>x</body></standard>", "breaks off at line 3"),
        ("<standard", "breaks off at line 1"),
        ("<standard/>", "no words"),
        ("<standard>" + "<sec>" * 200 + "x" + "</sec>" * 200 + "</standard>", "nested more than"),
        ("<standard>" + "<sec>" * 5_000 + "x", "nested more than"),
        ("<?xml version='1.0'?><w:document xmlns:w='x'>words</w:document>", "root is “document”"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(xml: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(xml)


def test_a_million_laughs_are_not_heard() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(Invalid, match="document type"):
        read(f'<?xml version="1.0"?><!DOCTYPE standard [<!ENTITY l0 "ha">{laughs}]><standard>&l9;</standard>')


TAGS = [
    "sec", "app", "app-group", "ref-list", "ref", "p", "list", "list-item", "label", "title", "annex-type", "table-wrap",
    "table", "tr", "td", "caption", "fig", "disp-formula", "preformat", "fn", "fn-group", "xref", "std", "bold", "term-sec",
    "tbx:termEntry", "tbx:langSet", "tbx:tig", "tbx:term", "tbx:definition", "tbx:note", "non-normative-note",
    "non-normative-example", "disp-quote", "def-list", "def-item", "term", "def", "alternatives", "strange", "array",
    "table-wrap-foot",
]  # fmt: skip
WORD = st.text("abcdefgäßжक字z", min_size=1, max_size=8)
TREE = st.recursive(
    WORD,
    lambda inner: st.tuples(
        st.sampled_from(TAGS),
        st.sampled_from(["", " id='x'", " sec-type='intro'", " rid='x'"]),
        st.lists(inner, max_size=4),
    ).map(lambda x: f"<{x[0]}{x[1]}> {' '.join(x[2])} </{x[0]}>"),
    max_leaves=25,
)


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(TREE, min_size=1, max_size=4).map(" ".join))
@example("<sec> <title> a </title> <title> b </title> <label> c </label> <label> d </label> </sec>")
@example("<tbx:termEntry> a <tbx:tig> b </tbx:tig> <tbx:langSet> c <tbx:tig> <tbx:term> d </tbx:term> </tbx:tig> </tbx:langSet> </tbx:termEntry>")  # fmt: skip
@example("<list-item> <non-normative-note> a </non-normative-note> b </list-item>")
@example("<sec> <annex-type> a </annex-type> </sec> <list> <list-item> <label> b </label> </list-item> </list>")
@example("<alternatives> a <table> </table> <p> b </p> </alternatives>")
@example("<alternatives> a <p> b </p> </alternatives> <fn> <label> c </label> d </fn>")
@example("<table-wrap> a <caption> b <p> c </p> </caption> d <label> e </label> </table-wrap>")
def test_no_word_of_a_standard_is_lost(xml: str) -> None:
    visible = set(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", xml)))
    if not visible:
        return
    draft = body(xml)
    found = " ".join(f"{u.label} {u.own_label} {u.title} {u.text}" for u in draft.units)
    assert visible - set(re.findall(r"\w+", found)) == set()
    assert len({u.key for u in draft.units}) == len(draft.units)
    assert all(u.parent is None or u.parent < at for at, u in enumerate(draft.units))
