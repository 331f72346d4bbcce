"""OpenDocument texts as an outline: the same as Word files, by the rules of their own format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.documents.importers import take
from consult.documents.importers.readers import parse
from consult.documents.parsed import ParsedDraft, Unit, from_json, to_json
from tests.lengths import examples

from .office import frame, h, levels, odt, packed, picture, tp

DATA = Path(__file__).parent.parent / "data" / "draft-openchain-18974"
REAL = (DATA / "v1.0.en.odt").read_bytes()
HEADING = h("1 Scope")


def read(body: str, **values: object) -> ParsedDraft:
    return parse(odt(body, **values), "draft.odt")  # type: ignore[arg-type]


def only(draft: ParsedDraft, kind: str) -> Unit:
    (unit,) = [u for u in draft.units if u.kind == kind]
    return unit


def items(*texts: str) -> str:
    return "".join(f"<text:list-item>{t if t.startswith('<') else tp(t)}</text:list-item>" for t in texts)


def listed(inner: str, style: str = "L", attributes: str = "") -> str:
    return f'<text:list text:style-name="{style}" {attributes}>{inner}</text:list>'


def test_a_file_saved_by_libreoffice_gives_the_units_of_the_word_file() -> None:
    """All 159 units: 58 clauses, 46 paragraphs, 55 points; kept outside as inside."""
    ours, theirs = parse(REAL, "v1.0.en.odt"), parse((DATA / "v1.0.en.docx").read_bytes())
    assert ours.units == theirs.units
    assert (ours.title, ours.warnings, ours.format) == (theirs.title, [], "odt")
    assert take(data=REAL).parsed == ours


def test_headings_and_the_outline_that_numbers_them() -> None:
    outline = levels("Outline", ("1", "", "", 1), ("1", "", "", 2), tag="text:outline-style")
    draft = read(
        tp("Model cards", "Title") + h("Scope") + h("Aim", 2) + h("Unnumbered", 1, 'text:is-list-header="true"') + h("Terms")
        + tp("By its style", "Heading_20_2") + h("Begins anew", 1, 'text:restart-numbering="true" text:start-value="7"'),
        styles=outline,
    )  # fmt: skip
    assert draft.title == "Model cards"
    assert [(u.label, u.title) for u in draft.units] == [
        ("1", "Scope"), ("1.1", "Aim"), ("", "Unnumbered"), ("2", "Terms"), ("", "By its style"), ("7", "Begins anew"),
    ]  # fmt: skip


def test_lists_count_go_on_and_begin_anew() -> None:
    style = levels("L", ("a", "", ")", 1), ("i", "(", ")", 1), ("1", "", "", 3))
    draft = read(
        HEADING
        + listed(items("one", tp("two") + listed(items("inner", "inner two")), "three"), attributes='xml:id="x1"')
        + tp("Between.") + listed(items("four") + '<text:list-item text:start-value="9">' + tp("nine") + "</text:list-item>",
                                  attributes='text:continue-numbering="true"')
        + tp("Between.") + listed(items("one again")) + listed(items("ten"), attributes='text:continue-list="x1"')
        + listed("<text:list-header>" + tp("a header") + "</text:list-header>" + items(listed(items(listed(items("deep")))))),
        styles=style,
    )  # fmt: skip
    assert [(u.own_label, u.text) for u in draft.units if u.kind == "point"] == [
        ("a)", "one"), ("b)", "two"), ("(i)", "inner"), ("(ii)", "inner two"), ("c)", "three"), ("d)", "four"),
        ("i)", "nine"), ("a)", "one again"), ("j)", "ten a header"), ("a.i.1", "deep"),
    ]  # fmt: skip


def test_an_item_of_several_paragraphs_is_one_point_and_bullets_are_bullets() -> None:
    draft = read(HEADING + listed(items(tp("one") + tp("goes on"), "two"), "B"), styles=levels("B", ("•", "", "", 1)))
    assert [(u.own_label, u.html) for u in draft.units[1:]] == [("•", "<p>one</p><p>goes on</p>"), ("•", "<p>two</p>")]
    assert read(HEADING + listed(items("no style"), "none")).units[1].own_label == "•"


def test_a_table_keeps_its_head_and_its_merged_cells() -> None:
    def cell(inner: str, attributes: str = "") -> str:
        return f"<table:table-cell {attributes}>{inner}</table:table-cell>"

    wide, high = 'table:number-columns-spanned="2"', 'table:number-rows-spanned="2"'
    table = (
        f"<table:table><table:table-header-rows><table:table-row>{cell(tp('Field'))}{cell(tp('Value'), wide)}"
        f"<table:covered-table-cell/></table:table-row></table:table-header-rows><table:table-row>{cell(tp('name'), high)}"
        f"{cell(tp('first') + tp('second'))}{cell(tp('x'))}</table:table-row><table:table-row><table:covered-table-cell/>"
        f"{cell(listed(items('item')))}{cell(tp('y'))}"
        "</table:table-row></table:table>"
    )
    unit = only(read(HEADING + table + tp("Table 1 Fields", "Caption"), styles=levels("L", ("1", "", ".", 1))), "table")
    assert unit.html == (
        '<table><caption>Table 1 Fields</caption><thead><tr><th>Field</th><th colspan="2">Value</th></tr></thead><tbody>'
        '<tr><td rowspan="2">name</td><td><p>first</p><p>second</p></td><td>x</td></tr>'
        "<tr><td><p>1. item</p></td><td>y</td></tr></tbody></table>"
    )


def note(kind: str, text: str) -> str:
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>7</text:note-citation>'
        f"<text:note-body>{tp(text)}</text:note-body></text:note>"
    )


def test_notes_links_names_and_looks() -> None:
    draft = read(
        HEADING + tp('<text:bookmark-start text:name="req-12"/>Cards are <text:span text:style-name="B">short</text:span>.')
        + tp("Words" + note("footnote", "First.") + " and" + note("endnote", "At the end.") + note("footnote", "Second."))
        + tp('<text:a xlink:href="https://example.org/">out</text:a>, <text:a xlink:href="#req-12">in</text:a>,'
             ' <text:bookmark-ref text:ref-name="req-12">a rule</text:bookmark-ref>,'
             ' <text:a xlink:href="javascript:alert(1)">a trap</text:a>, H<text:span text:style-name="Sub">2</text:span>O')
    )  # fmt: skip
    assert (draft.units[1].key, draft.units[1].html) == ("req-12", "<p>Cards are <strong>short</strong>.</p>")
    assert draft.units[3].html == (
        '<p><a href="https://example.org/" rel="noopener">out</a>, <a href="#req-12" rel="noopener">in</a>,'
        ' <a href="#req-12" rel="noopener">a rule</a>, a trap, H<sub>2</sub>O</p>'
    )
    assert [(u.key, u.text) for u in draft.units if u.kind == "footnote"] == [
        ("footnote-1", "First."), ("footnote-i", "At the end."), ("footnote-2", "Second."),
    ]  # fmt: skip
    assert draft.warnings == []


def test_pictures_with_captions_in_frames_as_libreoffice_sets_them() -> None:
    box = f"<draw:frame><draw:text-box>{tp(frame('Pictures/a.png', 'A card') + 'Figure 1: A card', 'Illustration')}</draw:text-box></draw:frame>"
    both = (
        '<draw:frame><draw:image xlink:href="Pictures/a.svg"/><draw:image xlink:href="./Pictures/a.png"/>'
        "<svg:title>Both</svg:title></draw:frame>"
    )
    draft = read(
        HEADING
        + tp(box)
        + tp(both)
        + tp(frame("Pictures/a.svg", "A plan"))
        + tp(frame("http://127.0.0.1:9/x.png", "Far")),
        more={"Pictures/a.png": picture(), "Pictures/a.svg": "<svg/>"},
    )
    (name,) = draft.pictures
    assert [u.html for u in draft.units if u.kind == "figure"][:2] == [
        f'<figure><img src="picture:{name}" alt="A card"><figcaption>Figure 1: A card</figcaption></figure>',
        f'<figure><img src="picture:{name}" alt="Both"><figcaption>Both</figcaption></figure>',
    ]
    assert [u.text for u in draft.units if u.kind == "figure"][2:] == ["[Picture: A plan]", "[Picture: Far]"]
    assert any("“A plan” is not shown" in w for w in draft.warnings)
    assert any("somewhere else (http://127.0.0.1:9/x.png)" in w for w in draft.warnings)


def test_formulas_are_read_from_the_objects_that_hold_them() -> None:
    formula = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>x</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo>'
        "<mi>b</mi></mrow><mn>2</mn></mfrac><mo>+</mo><msup><mi>y</mi><mn>2</mn></msup><mo>-</mo><msqrt><mi>z</mi></msqrt>"
        "<mo>+</mo><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover></mrow>"
        '<annotation encoding="StarMath 5.0">x = {a+b} over 2</annotation></semantics></math>'
    )
    body = tp(
        'Let <draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="./ObjectReplacements/1"/></draw:frame>'
    )
    draft = read(HEADING + body, more={"Object 1/content.xml": formula, "ObjectReplacements/1": b"\x01\x00\x00\x00"})
    assert draft.units[1].text == "Let x=(a+b)/2+y^2-√(z)+∑_(i=1)^n"
    assert draft.warnings == []


def test_what_is_not_text_is_left_out_and_told() -> None:
    draft = read(
        "<text:tracked-changes><text:changed-region><text:deletion>" + tp("gone") + "</text:deletion></text:changed-region>"
        "</text:tracked-changes><text:table-of-content><text:index-body>" + tp("1 Scope 3", "Contents_20_1")
        + "</text:index-body></text:table-of-content>" + HEADING
        + tp("Seen<office:annotation>" + tp("a comment") + '</office:annotation><text:span text:style-name="H"> secret</text:span>')
        + "<text:section>" + tp("In a section.") + '</text:section><text:section text:display="none">' + tp("away") + "</text:section>"
    )  # fmt: skip
    assert [u.title or u.text for u in draft.units] == ["Scope", "Seen", "In a section."]
    told = " ".join(draft.warnings)
    assert "tracked changes (1)" in told
    assert "comments (1)" in told
    assert "Hidden text (2 pieces)" in told
    assert len(draft.warnings) == 3


def test_notes_quotations_and_listings_are_known() -> None:
    draft = read(
        HEADING + tp("NOTE This is no duty.") + tp("They said so.", "Quotations") + tp("one<text:s text:c='3'/>= 1", "Preformatted_20_Text")
        + tp("two<text:line-break/>three<text:tab/>x", "Preformatted_20_Text")
    )  # fmt: skip
    assert [(u.kind, u.text) for u in draft.units[1:]] == [
        ("note", "NOTE This is no duty."), ("quote", "They said so."), ("code", "one = 1\ntwo\nthree x"),
    ]  # fmt: skip


def test_a_file_without_styles_and_mimetype_is_read_and_an_empty_one_is_not() -> None:
    whole = odt(HEADING + tp("Words."))
    assert [u.title or u.text for u in parse(whole).units] == ["Scope", "Words."]
    with pytest.raises(Invalid, match="no words"):
        read("")
    with pytest.raises(Invalid, match="nested too deep"):
        read("<text:section>" * 300 + tp("deep") + "</text:section>" * 300)


def read_or_refused(data: bytes) -> None:
    try:
        draft = parse(data, "draft.odt")
    except Invalid:
        return
    assert from_json(to_json(draft)) == draft


TAGS = st.sampled_from(
    ["text:p", "text:h", "text:list", "text:list-item", "text:list-header", "text:span", "text:a", "text:s", "text:note",
     "text:note-body", "text:section", "text:numbered-paragraph", "table:table", "table:table-row", "table:table-cell",
     "table:table-header-rows", "draw:frame", "draw:image", "draw:text-box", "draw:object", "text:bookmark", "m:math", "m:mfrac",
     "m:msup", "office:annotation", "text:tracked-changes", "text:bookmark-ref"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["", "0", "1", "2", "-1", "99999999999999999999", "L", "B", "H", "Title", "Caption", "true", "none", "²"]
)
NAMED = st.dictionaries(
    st.sampled_from(["text:style-name", "text:outline-level", "text:start-value", "text:level", "text:continue-list", "xlink:href",
                     "text:name", "text:ref-name", "table:number-columns-spanned", "text:display", "table:number-columns-repeated"]),
    VALUES, max_size=3,
)  # fmt: skip


def element(tag: str, attributes: dict[str, str], children: list[str]) -> str:
    named = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f"<{tag} {named}>{''.join(children)}</{tag}>"


TREES = st.recursive(
    st.sampled_from(["1 Scope", "Words", " "]), lambda inner: st.builds(element, TAGS, NAMED, st.lists(inner, max_size=4)),
    max_leaves=40,
)  # fmt: skip


@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TREES, max_size=6))
def test_any_nesting_of_what_libreoffice_writes_is_read_or_refused(trees: list[str]) -> None:
    style = levels("L", ("a", "", ")", 1), ("i", "(", ")", 2))
    read_or_refused(odt("".join(tree for tree in trees if tree.startswith("<")), styles=style))


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(REAL) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_damaged_archive_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(REAL)
    for place, value in changes:
        data[place] = value
    read_or_refused(bytes(data))


def test_parts_that_are_not_texts_are_refused() -> None:
    with pytest.raises(Invalid, match="not an OpenDocument text"):
        parse(packed({"mimetype": "application/vnd.oasis.opendocument.text", "meta.xml": "<a/>"}))
