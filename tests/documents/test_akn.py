"""Laws as XML keep their numbers, ids and nesting, and are cited as lawyers cite them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.documents.importers import read
from consult.documents.importers.akn import parse
from consult.documents.parsed import ParsedDraft, Unit
from tests.lengths import examples

DATA = Path(__file__).parent.parent / "data" / "formats"
TEXT = (DATA / "act-akn.xml").read_text("utf-8")


def units() -> dict[str, Unit]:
    return {u.key: u for u in read(TEXT).units}


def body(xml: str) -> ParsedDraft:
    return parse(f"<akomaNtoso><act><body>{xml}</body></act></akomaNtoso>")


def test_title_and_metadata() -> None:
    draft = read(TEXT)
    assert (draft.format, draft.title) == ("akn", "Act on model cards")
    assert draft.metadata == {
        "title": "Cards Act", "number": "5", "language": "eng", "date": "2026-03-01", "country": "xx"
    }  # fmt: skip


def test_headings_are_those_of_the_act_with_the_id_they_had_first() -> None:
    assert [(u.key, u.kind, u.label, u.title, u.depth) for u in read(TEXT).units if u.is_heading][1:] == [
        ("chp-1", "chapter", "Chapter I", "General provisions", 1), ("art-4", "article", "Article 5", "Duties", 2),
        ("art-6", "article", "Article 6 bis", "", 2), ("sec-1", "section", "1", "Costs", 1),
        ("att-1", "annex", "Annex I", "Fields", 1), ("footnotes", "clause", "", "Footnotes", 0),
    ]  # fmt: skip


def test_paragraphs_and_points_are_cited_by_their_numbers() -> None:
    cited = [(u.kind, u.label, u.own_label, u.text) for u in read(TEXT).units if u.own_label and not u.is_heading]
    assert cited == [
        ("recital", "Recital 1", "(1)", "Cards help people."), ("recital", "Recital 2", "(2)", "People need help."),
        ("paragraph", "5(1)", "1.", "A provider keeps a card, see Article 6 and another act."),
        ("paragraph", "5(2)", "2.", "The card says:"), ("point", "5(2)(a)", "(a)", "what the model is for;"),
        ("point", "5(2)(b)", "(b)", "who may use it:"), ("point", "5(2)(b)(i)", "(i)", "courts;"),
        ("point", "5(2)(b), item 2", "•", "others."), ("paragraph", "1(1)", "(1)", "Cards are free."),
        ("paragraph", "Annex I, point 1", "1.", "name"), ("footnote", "Footnote *", "*", "Not yet in force."),
        ("footnote", "Footnote 1", "1", "A late note."),
    ]  # fmt: skip


def test_what_follows_the_points_stays_with_the_paragraph() -> None:
    by_key = units()
    assert by_key["art-5-para-2-p1"].text == "Nothing else is needed."
    assert by_key["art-4-p3"].text == "Without a number."
    assert by_key["act-on-model-cards-p2"].text == "Done at home."


def test_links_notes_and_quoted_articles() -> None:
    by_key = units()
    assert '<a href="#art-6" rel="noopener">Article 6</a>' in by_key["art-5-para-1"].html
    assert "another act" in by_key["art-5-para-1"].html
    assert "/akn/xx" not in by_key["art-5-para-1"].html
    assert '<sup><a href="#footnote-1" rel="noopener">1</a></sup>' in by_key["art-6-p1"].html
    assert "<strong>late</strong>" in by_key["footnote-1"].html
    assert by_key["art-6-q1"].kind == "quote"
    assert by_key["art-6-q1"].text == "“Article 2 Quoted a sheet ”"
    assert "article-2" not in by_key


def test_what_is_unknown_is_words_and_told() -> None:
    assert units()["att-1-p2"].text == "odd words"
    assert read(TEXT).warnings == [
        "Elements that have no place here were kept as plain words: <strange> (1).",
        "Links to other files (1) are shown as plain words.",
    ]


def test_version_2_names_by_id_and_gives_the_same() -> None:
    second = TEXT.replace("akn/3.0", "akn/2.0").replace("wId=", "data-x=").replace("eId=", "id=")
    assert [u.label for u in read(second).units] == [u.label for u in read(TEXT).units]
    assert "art-5" in {u.key for u in read(second).units}


def test_a_report_of_a_debate_is_its_speeches() -> None:
    draft = parse(
        "<akomaNtoso><debateReport><mainBody><debateSection eId='s1'><heading>Cards</heading><speech by='#x'>"
        "<from>Ms Otter</from><p>I like cards.</p></speech></debateSection></mainBody></debateReport></akomaNtoso>"
    )
    assert [(u.key, u.text) for u in draft.units] == [
        ("s1", "Cards"), ("s1-p1", "Ms Otter"), ("s1-p2", "I like cards.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        ('<!DOCTYPE akomaNtoso [<!ENTITY x "y">]><akomaNtoso>&x;</akomaNtoso>', "document type"),
        ("<akomaNtoso><act>", "breaks off"),
        ("<akomaNtoso/>", "no words"),
        ("<akomaNtoso>" + "<point>" * 500 + "x" + "</point>" * 500 + "</akomaNtoso>", "nested more than"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(xml: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(xml)


TAGS = [
    "part", "chapter", "section", "article", "paragraph", "point", "alinea", "list", "intro", "content", "wrapUp", "num",
    "heading", "subheading", "p", "blockList", "item", "listIntroduction", "recitals", "recital", "table", "tr", "td",
    "b", "ref", "authorialNote", "attachment", "doc", "preface", "docTitle", "longTitle", "quotedStructure", "mod",
    "crossHeading", "ul", "ol", "li", "hcontainer", "speech", "from", "strange", "quotedText", "subsection", "caption",
]  # fmt: skip
WORD = st.text("abcdefgäßжक字z", min_size=1, max_size=8)
TREE = st.recursive(
    WORD,
    lambda inner: st.tuples(
        st.sampled_from(TAGS), st.sampled_from(["", " eId='x'", " wId='y'", " marker='1'"]), st.lists(inner, max_size=4)
    ).map(lambda x: f"<{x[0]}{x[1]}> {' '.join(x[2])} </{x[0]}>"),
    max_leaves=25,
)


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(TREE, min_size=1, max_size=4).map(" ".join))
@example(
    "<paragraph> <num> a </num> <num> b </num> <content> <section> <num> c </num> d </section> </content> </paragraph>"
)
@example("<subsection> <num> a </num> </subsection> <recital> <num> b </num> </recital>")
@example("<subsection> <num> a </num> <subheading> b </subheading> c </subsection>")
@example("<recital> <paragraph> a <num> b </num> </paragraph> </recital>")
@example("<article> <num> . </num> <heading> a </heading> </article> <recital> <num> b </num> c </recital>")
@example("<table> a <tr> <td> b </td> c </tr> </table> <attachment> <heading> d </heading> e </attachment>")
def test_no_word_of_an_act_is_lost(xml: str) -> None:
    visible = set(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", xml)))
    if not visible:
        return
    draft = body(xml)
    found = " ".join(f"{u.label} {u.own_label} {u.title} {u.text}" for u in draft.units)
    assert visible - set(re.findall(r"\w+", found)) == set()
    assert len({u.key for u in draft.units}) == len(draft.units)
    assert all(u.parent is None or u.parent < at for at, u in enumerate(draft.units))
