"""Saved pages become the clauses they show: structure, numbers, ids; what surrounds the text stays out, and is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.core.paths import PACKAGE
from consult.documents.importers import markdown, read
from consult.documents.importers.web import is_html, parse
from consult.documents.parsed import ParsedDraft, Unit
from tests.lengths import examples

DATA = Path(__file__).parent.parent / "data" / "formats"
CSAF = PACKAGE / "demo" / "data" / "csaf-2.1"


def file(name: str) -> ParsedDraft:
    return read((DATA / name).read_text("utf-8"))


def body(html: str) -> ParsedDraft:
    return read(f"<!DOCTYPE html>\n<html><body>{html}</body></html>")


def by_key(draft: ParsedDraft) -> dict[str, Unit]:
    return {u.key: u for u in draft.units}


def test_a_page_of_w3c_keeps_sections_ids_terms_and_notes() -> None:
    draft = file("respec.html")
    units = by_key(draft)
    assert (draft.title, draft.format, draft.metadata["language"]) == ("Model Cards 1.0", "html", "en")
    assert [(u.key, u.label, u.depth) for u in draft.units if u.is_heading] == [
        ("title", "", 0), ("w3c-state", "", 1), ("abstract", "", 1), ("scope", "1", 1), ("duties", "1.1", 2),
        ("refs", "A", 1),
    ]  # fmt: skip
    assert units["scope-n1"].kind == units["scope-n2"].kind == "note"
    assert "a &lt; b" in units["scope-n2"].html
    assert units["bib-cards"].text == "[CARDS] Cards. 2026."
    assert [(u.own_label, u.text) for u in draft.units if u.kind == "point"] == [
        ("a.", "the name;"), ("b.", "the use:"), ("•", "in law,"), ("•", "in care,"),
    ]  # fmt: skip
    assert units["duties-i2-p1"].text == "and more."
    assert units["fields"].kind == "table"
    assert 'rowspan="2"' in units["fields"].html
    assert 'colspan="2"' in units["fields"].html
    assert units["fields"].text == "Fields Field Needed name yes now later no never"
    assert units["drawing"].text == "Picture: A card Figure 1 A card as printed"
    assert "E = mc<sup>2</sup>" in units["duties-p2"].html


def test_what_is_left_out_is_told_and_contents_are_not() -> None:
    draft = file("respec.html")
    told = " ".join(draft.warnings)
    assert "left out: footer (1)" in told
    assert "2 pictures" in told
    assert "1 formula" in told
    assert "#nowhere" in told
    assert "Links to other files (1)" in told
    everything = " ".join(u.html for u in draft.units)
    assert not re.search(r"alert|color|Table of Contents|Served by", everything)
    assert 'href="#duties"' in everything
    assert "other.html" not in everything


def test_what_a_word_processor_saved_keeps_numbers_and_footnotes() -> None:
    draft = file("word-filtered.html")
    units = by_key(draft)
    assert draft.title == "Rules for model cards"
    assert [(u.key, u.kind, u.label, u.title) for u in draft.units if u.is_heading] == [
        ("rules-for-model-cards", "clause", "", "Rules for model cards"), ("cl-scope", "clause", "1", "Scope"),
        ("2", "clause", "2", "Duties"), ("annex-a", "annex", "Annex A", "(normative) Fields"),
        ("footnotes", "clause", "", "Footnotes"),
    ]  # fmt: skip
    assert units["footnote-1"].text == "Not what it does."
    assert '<a href="#footnote-1"' in units["cl-scope-p1"].html
    assert '<a href="#cl-scope"' in units["2-n1"].html
    assert [(u.own_label, u.text) for u in draft.units if u.kind == "point"] == [
        ("•", "first of all"), ("b)", "last of all"),
    ]  # fmt: skip
    assert units["2-t1"].text == "Field Needed name yes"
    assert units["2-f1"].text == "Picture: A drawing of a card"


def test_a_page_of_the_ietf_is_addressed_by_names_not_by_counted_ids() -> None:
    draft = file("xml2rfc.html")
    assert [(u.key, u.kind, u.label, u.title) for u in draft.units if u.is_heading] == [
        ("title", "clause", "", "Card Exchange"), ("abstract", "clause", "", "Abstract"),
        ("name-introduction", "clause", "1", "Introduction"), ("appendix-a", "annex", "Appendix A", "Grammar"),
    ]  # fmt: skip
    units = by_key(draft)
    assert 'href="#appendix-a"' in units["name-introduction-p1"].html
    assert 'href="https://www.rfc-editor.org/rfc/rfc2119"' in units["name-introduction-p1"].html
    assert units["appendix-a-c1"].text == "card = name\n       date"
    assert "¶" not in "".join(u.text for u in draft.units)


def test_csaf_as_a_page_gives_the_sections_and_ids_of_csaf_as_markdown() -> None:
    page = parse((CSAF / "csaf-v2.1-csd01.html").read_text("utf-8"))
    text = markdown.parse((CSAF / "csaf-v2.1-csd01.md").read_text("utf-8"))
    headings = [[(u.key, u.kind, u.label, u.title) for u in d.units if u.is_heading] for d in (page, text)]
    assert len(headings[0]) > 370
    assert headings[0][1:] == [h for h in headings[1][1:] if h[3] != "Table of Contents"]
    words = [{(u.kind, u.label, u.text) for u in d.units} for d in (page, text)]
    assert len(words[0]) > 2_900
    # The page holds the logo itself; the Markdown says where it is.
    assert words[0] - words[1] == {("figure", "Figure 1", "")}
    assert [picture.media_type for picture in page.pictures.values()] == ["image/png"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>1 A</h1><p>x<div>y</div>z", [("paragraph", "x"), ("paragraph", "y"), ("paragraph", "z")]),
        ("<h1>1 A</h1>loose <b>words</b> here", [("paragraph", "loose words here")]),
        ("<h1>1 A</h1><span><p>in a span</p></span>", [("paragraph", "in a span")]),
        ("<h1>1 A</h1><blockquote>said</blockquote>", [("quote", "said")]),
        ("<h1>1 A</h1><blockquote>NOTE said</blockquote>", [("note", "NOTE said")]),
        ("<h1>1 A</h1><aside>beside</aside>", [("note", "beside")]),
        ("<h1>1 A</h1><p class='example'>shown</p>", [("note", "shown")]),
        ("<h1>1 A</h1><dl><dt>t<dt>u<dd>v<dt>w<dd>x</dl>", [("term", "t u v"), ("term", "w x")]),
        ("<h1>1 A</h1><pre>  a\n  b</pre>", [("code", "  a\n  b")]),
        ("<h1>1 A</h1><table><tr><td>a<td>b</table>", [("table", "a b")]),
        ("<h1>1 A</h1><p hidden>no</p><p style='display: none'>no</p><p>yes</p>", [("paragraph", "yes")]),
        ("<h1>1 A</h1><p>a<br>b &lt;c&gt; &amp;amp;</p>", [("paragraph", "a b <c> &amp;")]),
        ("<h1>1 A</h1><ol start=4><li>four<li value=9>nine</ol>", [("point", "four"), ("point", "nine")]),
        ("<h1>1 A</h1><table><tr><td><h2>1.1 B</h2>in a table</table>", [("clause", "B"), ("paragraph", "in a table")]),
    ],
)
def test_each_sort_of_block(html: str, expected: list[tuple[str, str]]) -> None:
    assert [(u.kind, u.text) for u in body(html).units[1:]] == expected


def test_footnotes_of_pandoc_go_to_the_end() -> None:
    draft = body(
        '<h1>1 A</h1><p>a<a href="#fn1" class="footnote-ref" id="fnref1"><sup>1</sup></a></p><section class="footnotes" '
        'role="doc-endnotes"><hr><ol><li id="fn1"><p>below<a href="#fnref1" class="footnote-back">↩︎</a></p></li></ol>'
        "</section>"
    )
    assert [(u.key, u.text) for u in draft.units] == [
        ("1", "A"), ("1-p1", "a1"), ("footnotes", "Footnotes"), ("footnote-1", "below")
    ]  # fmt: skip
    assert 'href="#footnote-1"' in draft.units[1].html


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "blockquote", "table><tr><td", "span", "section"])
def test_a_page_nested_hundreds_deep_is_refused(tag: str) -> None:
    for depth in (160, 500, 5_000):
        with pytest.raises(Invalid, match="nested more than"):
            body(f"<{tag}>" * depth + "words")


@pytest.mark.parametrize("quote", ["", "'", '"', "=", "= '<", "x'"])
def test_a_tag_with_thousands_of_attributes_is_refused(quote: str) -> None:
    with pytest.raises(Invalid, match="Line 2 holds a tag with more than 2,000 attributes"):
        body(f"<p>a</p><p {' '.join(f'a{n}={quote}1{quote[-1:]}' for n in range(2_100))}>words")


def test_many_signs_in_one_paragraph_are_refused() -> None:
    with pytest.raises(Invalid, match="more than 100,000 characters like"):
        body("<p>" + "&lt; " * 100_001)


def test_html_is_known_by_its_beginning() -> None:
    assert is_html("\ufeff<?xml version='1.0'?>\n<!-- saved -->\n<!DOCTYPE html PUBLIC 'x'><html>")
    assert is_html("<html xmlns='http://www.w3.org/1999/xhtml'>")
    assert not is_html("<div align=center>\n\n# A title\n\n</div>")
    assert not is_html("# <html>")
    assert not is_html("<!-- " * 10_000)


@pytest.mark.parametrize("html", ["<html>", "<html><body><p></p><script>x</script></body></html>"])
def test_a_page_without_words_is_refused(html: str) -> None:
    with pytest.raises(Invalid, match="no words"):
        parse(html)


def test_nothing_dangerous_passes() -> None:
    draft = body(
        "<h1 onclick=x()>1 A</h1><p><a href='javascript:x()'>a</a><a href='data:text/html,x'>b</a>"
        "<img src=x onerror=x()><svg onload=x()><script>x()</script></svg></p><math><mi href='javascript:x()'>y</mi></math>"
    )
    assert not re.search(r"javascript|onclick|onerror|data:|<script|<img|<svg", "".join(u.html for u in draft.units))


TAGS = [
    "p", "div", "section", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th", "tbody", "caption", "h1", "h3",
    "pre", "blockquote", "aside", "figure", "figcaption", "b", "i", "a", "span", "code", "sup", "article", "details",
    "summary", "center", "unknown", "q", "font", "main",
]  # fmt: skip
WORD = st.text("abcdefgäßжक字z", min_size=1, max_size=8)
TREE = st.recursive(
    WORD,
    lambda inner: st.tuples(
        st.sampled_from(TAGS),
        st.sampled_from(["", " id=x", " class=note", " class=secno", " class=footnotes", " class=MsoListParagraph"]),
        st.lists(inner, max_size=4),
    ).map(lambda x: f"<{x[0]}{x[1]}> {' '.join(x[2])} </{x[0]}>"),
    max_leaves=25,
)


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(TREE, min_size=1, max_size=4).map(" ".join))
@example("<table> a <tr> b <td> c </td> d </tr> e </table>")
@example("<ul> a <li class=footnotes> b </li> c </ul> <dl> d <div> e <dt> f </dt> g </div> </dl>")
@example("<div class=footnotes> a <p> b <i> c </i> d </p> e </div>")
@example("<div class=footnotes> <div id=x> <div class=note> a </div> b </div> </div>")
@example("<h1 class=secno> a <b class=secno> c </b> <p> d </p> </h1>")
def test_no_word_of_a_page_is_lost(html: str) -> None:
    visible = set(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", html)))
    if not visible:
        return
    draft = body(html)
    found = " ".join(f"{u.label} {u.own_label} {u.title} {u.text}" for u in draft.units)
    assert visible - set(re.findall(r"\w+", found)) == set()
    assert len({u.key for u in draft.units}) == len(draft.units)
    assert all(u.parent is None or u.parent < at for at, u in enumerate(draft.units))


ANYTHING = st.text(st.one_of(st.sampled_from(list("<</>>&;#!-='\" \nabpdivhlitx1[]?")), st.characters()), max_size=200)


@settings(max_examples=examples(300), deadline=None)
@given(ANYTHING)
def test_any_text_is_read_the_same_way_twice_or_refused(text: str) -> None:
    try:
        draft = parse(text)
    except Invalid:
        return
    assert draft == parse(text)
    assert "<script" not in "".join(u.html for u in draft.units).lower()
