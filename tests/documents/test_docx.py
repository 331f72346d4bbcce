"""Word files as an outline: what they print is what people cite, and nothing that was said is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.core.errors import Invalid
from consult.documents.importers.readers import parse
from consult.documents.parsed import ParsedDraft, Unit, from_json, to_json

from .office import docx, docx_parts, drawing, kind, listed, num, p, packed, picture, r

DATA = Path(__file__).parent.parent / "data" / "draft-openchain-18974"
HEADING = p("1 Scope", "berschrift1")


def read(body: str, **values: object) -> ParsedDraft:
    return parse(docx(body, **values), "draft.docx")


def rows(draft: ParsedDraft) -> list[tuple[str, str, str]]:
    return [(u.kind, u.own_label, u.title or u.text) for u in draft.units]


def only(draft: ParsedDraft, kind: str) -> Unit:
    (unit,) = [u for u in draft.units if u.kind == kind]
    return unit


@pytest.mark.parametrize("version", ["v1.0", "v1.1"])
def test_a_word_file_and_its_twin_in_markdown_give_the_same_units(version: str) -> None:
    """OpenChain 18974: clauses are its 58 headings; besides them 46 paragraphs and 55 points.

    Every one has the same place, number, title, words and address in both. What differs differs in the files
    themselves: an apostrophe in 2.3, and in v1.1 the word “Reference” in one title.
    """

    def units(name: str) -> tuple[ParsedDraft, list[tuple[object, ...]]]:
        draft = parse((DATA / name).read_bytes(), name)
        same = [
            (
                u.depth,
                u.kind,
                u.key.replace("-reference-", "-"),
                u.label,
                u.own_label,
                u.parent,
                u.is_heading,
                u.is_named,
                *tuple(words.replace("’", "'").replace(" Reference ", " ") for words in (u.title, u.text)),
            )
            for u in draft.units
        ]
        return draft, same

    word, of_word = units(f"{version}.en.docx")
    markdown, of_markdown = units(f"{version}.en.md")
    assert word.counts == markdown.counts == {"clause": 58, "point": 55, "paragraph": 46}
    assert of_word == of_markdown
    assert word.title == markdown.title
    assert word.warnings == []


def test_headings_are_known_by_style_in_any_language_by_what_it_is_based_on_and_by_level() -> None:
    draft = read(
        p("Model cards", "Title") + p("1 Scope", "berschrift1") + p("1.1 Aim", "berschrift2") + p("2 Terms", "MyClause")
        + p("3 Cards", properties='<w:outlineLvl w:val="0"/>') + p("Annex A\u00a0(normative) Forms", "Annex")
        + p("A.1 First form", properties='<w:outlineLvl w:val="1"/>')
    )  # fmt: skip
    assert draft.title == "Model cards"
    assert [(u.key, u.label, u.kind, u.title, u.depth) for u in draft.units] == [
        ("1", "1", "clause", "Scope", 0), ("1-1", "1.1", "clause", "Aim", 1), ("2", "2", "clause", "Terms", 0),
        ("3", "3", "clause", "Cards", 0), ("annex-a", "Annex A", "annex", "(normative) Forms", 0),
        ("a-1", "A.1", "clause", "First form", 1),
    ]  # fmt: skip


def test_numbers_that_word_prints_are_counted_as_it_counts() -> None:
    """Levels restart below a new number, a list with a start of its own begins there, one without goes on."""
    heads = kind(0, ("decimal", "%1"), ("decimal", "%1.%2"), ("lowerLetter", "%3)"))
    letters = kind(1, ("lowerLetter", "%1)"), ("lowerRoman", "(%2)"), ("decimalZero", "%1.%2.%3"))
    draft = read(
        "".join(
            p(title, "berschrift1" if depth == 0 else "berschrift2",
              f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')
            for title, depth in [("Scope", 0), ("Terms", 0), ("General", 1), ("Special", 1), ("Cards", 0), ("Parts", 1)]
        )
        + listed("one", 2) + listed("inner", 2, 1) + listed("inner two", 2, 1) + listed("two", 2) + listed("again", 2, 1)
        + p("Between.") + listed("goes on", 2) + listed("begins at five", 3) + listed("six", 3),
        numbering=heads + letters + num(1, 0) + num(2, 1) + num(3, 1, {0: 5}),
    )  # fmt: skip
    assert [(u.label, u.title) for u in draft.units if u.is_heading] == [
        ("1", "Scope"), ("2", "Terms"), ("2.1", "General"), ("2.2", "Special"), ("3", "Cards"), ("3.1", "Parts"),
    ]  # fmt: skip
    points = [u for u in draft.units if u.kind == "point"]
    assert [(u.own_label, u.text) for u in points] == [
        ("a)", "one"), ("(i)", "inner"), ("(ii)", "inner two"), ("b)", "two"), ("(i)", "again"), ("c)", "goes on"),
        ("e)", "begins at five"), ("f)", "six"),
    ]  # fmt: skip
    assert points[1].parent == draft.units.index(points[0])
    assert (points[0].key, points[1].key) == ("3-1-i1", "3-1-i1-i1")


@pytest.mark.parametrize(
    ("format", "text", "restart", "expected"),
    [
        ("upperRoman", "%1.", "", ["I.", "II.", "III."]), ("upperLetter", "Annex %1", "", ["Annex A", "Annex B", "Annex C"]),
        ("decimalZero", "%1", "", ["01", "02", "03"]), ("ordinal", "%1", "", ["1st", "2nd", "3rd"]),
        ("none", "§", "", ["§", "§", "§"]), ("chicago", "%1", "", ["1", "2", "3"]),
    ],
)  # fmt: skip
def test_formats_of_numbers(format: str, text: str, restart: str, expected: list[str]) -> None:
    draft = read(
        HEADING + "".join(listed(f"x{n}") for n in range(3)), numbering=kind(0, (format, text)) + num(1, 0)
    )  # fmt: skip
    assert [u.own_label for u in draft.units if u.kind == "point"] == expected


def test_a_level_can_go_on_after_the_one_above_and_print_only_digits() -> None:
    more = {1: '<w:lvlRestart w:val="0"/>', 2: "<w:isLgl/>"}
    lists = kind(0, ("upperRoman", "%1"), ("decimal", "(%2)"), ("decimal", "%1.%2.%3"), more=more) + num(1, 0)
    draft = read(
        HEADING + listed("a") + listed("b", depth=1) + listed("c") + listed("d", depth=1) + listed("e", depth=2),
        numbering=lists,
    )
    assert [u.own_label for u in draft.units[1:]] == ["I", "(1)", "II", "(2)", "2.2.1"]
    assert draft.units[-1].label == "2.2.1"
    assert draft.units[-1].kind == "paragraph"


def test_numbers_that_come_with_a_style() -> None:
    tied = '<w:pStyle w:val="ListNumber"/>'
    lists = kind(0, ("decimal", "%1"), ("decimal", "%1.%2."), more={1: tied}) + num(9, 0)
    draft = read(HEADING + p("first", "ListNumber") + p("second", "ListNumber"), numbering=lists)
    assert [u.own_label for u in draft.units[1:]] == ["1.1", "1.2"]


def test_bullets_blank_marks_and_lists_that_are_none() -> None:
    lists = kind(0, ("bullet", "\uf0b7"), ("bullet", " ")) + num(1, 0)
    draft = read(
        HEADING + listed("point") + listed("goes on", depth=1) + listed("not a list", 0) + listed("no such list", 77),
        numbering=lists,
    )
    assert rows(draft)[1:] == [
        ("point", "•", "point goes on"), ("paragraph", "", "not a list"), ("paragraph", "", "no such list"),
    ]  # fmt: skip
    assert draft.units[1].html == "<p>point</p><p>goes on</p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def test_a_table_keeps_its_head_and_its_merged_cells() -> None:
    table = (
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" + cell(p("Field")) + cell(p("Value"), '<w:gridSpan w:val="2"/>')
        + "</w:tr><w:tr>" + cell(p("name"), '<w:vMerge w:val="restart"/>') + cell(p("first") + p("second")) + cell(p("x"))
        + "</w:tr><w:tr>" + cell(p(""), "<w:vMerge/>") + cell(listed("item")) + cell("<w:tbl><w:tr>" + cell(p("inner"))
        + "</w:tr></w:tbl>" + p("")) + "</w:tr></w:tbl>"
    )  # fmt: skip
    unit = only(
        read(HEADING + p("Table 1 Fields", "Caption") + table, numbering=kind(0, ("decimal", "%1.")) + num(1, 0)),
        "table",
    )
    assert unit.html == (
        '<table><caption>Table 1 Fields</caption><thead><tr><th>Field</th><th colspan="2">Value</th></tr></thead><tbody>'
        '<tr><td rowspan="2">name</td><td><p>first</p><p>second</p></td><td>x</td></tr>'
        "<tr><td><p>1. item</p></td><td><table><tbody><tr><td>inner</td></tr></tbody></table></td></tr></tbody></table>"
    )
    assert unit.text == "Table 1 Fields Field Value name first second x 1. item inner"


def test_a_large_table_is_cut_between_rows_and_never_through_a_merged_cell() -> None:
    def row(number: int) -> str:
        merge = '<w:vMerge w:val="restart"/>' if number % 2 == 0 else "<w:vMerge/>"
        return f"<w:tr>{cell(p(f'pair {number}'), merge)}{cell(p(f'row {number} ' + 'word ' * 60))}</w:tr>"

    draft = read(HEADING + "<w:tbl>" + "".join(row(n) for n in range(200)) + "</w:tbl>")
    tables = [u for u in draft.units if u.kind == "table"]
    assert len(tables) > 2
    assert all(u.html.count('rowspan="2"') * 2 == u.html.count("<tr>") for u in tables)
    assert "row 199" in tables[-1].text


NOTE = '<w:r><w:footnoteReference w:id="{}"/></w:r>'


def test_footnotes_and_endnotes_stand_at_the_end_in_the_order_of_the_text() -> None:
    body = HEADING + p(
        r("Words") + NOTE.format(7) + r(" and more") + NOTE.format(3) + '<w:r><w:endnoteReference w:id="2"/></w:r>'
    )
    notes = (
        '<w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="3">{p("Second.")}</w:footnote><w:footnote w:id="7">{p("First.") + p("Its end.")}</w:footnote>'
    )
    draft = read(body, notes=notes, endnotes=f'<w:endnote w:id="2">{p("At the end.")}</w:endnote>')
    assert 'Words<sup><a href="#footnote-1"' in draft.units[1].html
    assert [(u.key, u.own_label, u.text) for u in draft.units if u.kind == "footnote"] == [
        ("footnote-1", "1", "First. Its end."), ("footnote-2", "2", "Second."), ("footnote-i", "i", "At the end."),
    ]  # fmt: skip


def test_links_lead_out_to_the_web_and_in_to_what_they_name() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF _Ref42 \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = (
        HEADING + '<w:bookmarkStart w:id="1" w:name="req-12"/>' + p("Cards are short.")
        + p('<w:bookmarkStart w:id="2" w:name="_Ref42"/>' + r("Terms"), "berschrift1")
        + p('<w:hyperlink r:id="rId8">' + r("the web", "<w:b/>") + "</w:hyperlink>" + r(", ")
            + '<w:hyperlink w:anchor="req-12">' + r("a rule") + "</w:hyperlink>" + r(", ") + field.format(r("clause 2"))
            + r(", ") + '<w:hyperlink r:id="rId9">' + r("a trap") + "</w:hyperlink>")
    )  # fmt: skip
    draft = read(
        body, rows=(("rId8", "hyperlink", "https://example.org/a?b=1&amp;c"), ("rId9", "hyperlink", "javascript:alert(1)")),
        external=("rId8", "rId9"),
    )  # fmt: skip
    assert draft.units[1].key == "req-12"
    assert draft.units[1].is_named
    assert draft.units[-1].html == (
        '<p><a href="https://example.org/a?b=1&amp;c" rel="noopener"><strong>the web</strong></a>, '
        '<a href="#req-12" rel="noopener">a rule</a>, <a href="#terms" rel="noopener">clause 2</a>, a trap</p>'
    )
    assert draft.warnings == []


def test_looks_that_mean_something_stay() -> None:
    body = HEADING + p(
        r("bold", "<w:b/>") + r("bold too", "<w:b/><w:i w:val='0'/>") + r(" plain ") + r("H") + r("2", '<w:vertAlign w:val="subscript"/>')
        + r("O, m") + r("2", '<w:vertAlign w:val="superscript"/>') + r(" gone", "<w:strike/>") + "<w:r><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>"
    )  # fmt: skip
    assert read(body).units[1].html == (
        "<p><strong>boldbold too</strong> plain H<sub>2</sub>O, m<sup>2</sup><s> gone</s> a<br>b</p>"
    )


def test_tracked_changes_are_read_as_accepted_and_told() -> None:
    gone = "<w:del><w:r><w:delText>may</w:delText></w:r></w:del>"
    body = (
        HEADING + p(r("Providers ") + gone + "<w:ins>" + r("shall") + "</w:ins>" + r(" publish ")
                    + '<w:r><w:commentReference w:id="1"/></w:r>', properties="<w:rPr><w:del/></w:rPr>")
        + p("a card.") + "<w:moveFrom>" + p("Moved away.") + "</w:moveFrom><w:ins>" + p("A new paragraph.") + "</w:ins>"
    )  # fmt: skip
    draft = read(body)
    assert [u.text for u in draft.units[1:]] == ["Providers shall publish a card.", "A new paragraph."]
    assert any("tracked changes" in w and "as if all were accepted" in w for w in draft.warnings)
    assert any("comments (1)" in w for w in draft.warnings)


def test_hidden_text_is_left_out_and_told() -> None:
    draft = read(HEADING + p(r("Seen") + r(" secret", "<w:vanish/>")) + p("Note to editors", "Hidden"))
    assert [u.text for u in draft.units[1:]] == ["Seen"]
    assert any("Hidden text (2 pieces)" in w for w in draft.warnings)


def test_the_table_of_contents_goes_without_a_word() -> None:
    toc = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        f"<w:sdtContent>{p('Contents')}{p('1 Scope 3', 'TOC1')}</w:sdtContent></w:sdt>"
    )
    field = (
        p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
          '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("1 Scope 3"))
        + p(r("2 Terms 4")) + p('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    )  # fmt: skip
    kept = f"<w:sdt><w:sdtContent>{p('In a control.')}</w:sdtContent></w:sdt>"
    draft = read(toc + field + HEADING + kept)
    assert [u.title or u.text for u in draft.units] == ["Scope", "In a control."]
    assert draft.warnings == []


def test_formulas_can_be_read_in_one_line() -> None:
    def t(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    formula = (
        f"<m:oMathPara><m:oMath>{t('x=')}<m:f><m:num>{t('a+b')}</m:num><m:den>{t('2')}</m:den></m:f>{t('+')}"
        f"<m:sSup><m:e>{t('y')}</m:e><m:sup>{t('2')}</m:sup></m:sSup>{t('-')}<m:rad><m:deg/><m:e>{t('z')}</m:e></m:rad>{t('+')}"
        f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{t('i=1')}</m:sub><m:sup>{t('n')}</m:sup><m:e>"
        f"<m:sSub><m:e>{t('c')}</m:e><m:sub>{t('i')}</m:sub></m:sSub></m:e></m:nary></m:oMath></m:oMathPara>"
    )
    assert read(HEADING + p(formula)).units[1].text == "x=(a+b)/2+y^2-√(z)+∑_(i=1)^n c_i"


def test_notes_terms_quotations_and_listings_are_known() -> None:
    draft = read(
        HEADING + p("NOTE 1 This is no duty.") + p("EXAMPLE A card.") + p("3.1", "TermNum") + p("model", "DefinitionTerm")
        + p("weights and code", "Definition") + p("card", "DefinitionTerm") + p("what tells about it", "Definition")
        + p("They said so.", "Quote") + p("one = 1", "SourceCode") + p("two = 2", "SourceCode")
    )  # fmt: skip
    assert [(u.kind, u.key, u.text) for u in draft.units[1:]] == [
        ("note", "1-n1", "NOTE 1 This is no duty."), ("note", "1-n2", "EXAMPLE A card."),
        ("term", "3-1", "model weights and code"), ("term", "1-d1", "card what tells about it"),
        ("quote", "1-q1", "They said so."), ("code", "1-c1", "one = 1\ntwo = 2"),
    ]  # fmt: skip


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{p('In a box.')}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert [u.text for u in read(HEADING + p(r("Before.") + both) + p("After.")).units[1:]] == [
        "Before.", "In a box.", "After.",
    ]  # fmt: skip


def test_pictures_are_figures_with_their_captions() -> None:
    draft = read(
        HEADING + p(drawing("rId5", "A card")) + p("Figure 1 – A card", "Caption") + p(drawing("rId5", "Again"))
        + p(r("Words and ") + drawing("rId5", "a sign")) + p(drawing("rId6", "A plan")),
        rows=(("rId5", "image", "media/a.png"), ("rId6", "image", "media/b.emf")),
        more={"word/media/a.png": picture(), "word/media/b.emf": b"\x01\x00\x00\x00" + b"x" * 60},
    )  # fmt: skip
    (name,) = draft.pictures
    figures = [u for u in draft.units if u.kind == "figure"]
    assert figures[0].html == (
        f'<figure><img src="picture:{name}" alt="A card"><figcaption>Figure 1 – A card</figcaption></figure>'
    )
    assert [f.text for f in figures] == ["Figure 1 – A card", "Again", "[Picture: A plan]"]
    assert f'Words and <img src="picture:{name}" alt="a sign">' in draft.units[3].html
    assert draft.pictures[name].media_type == "image/png"
    assert any("“A plan” is not shown" in w for w in draft.warnings)


def test_a_linked_picture_is_not_fetched_but_told() -> None:
    draft = read(
        HEADING + p(drawing("rId5", "Far away", "link")), rows=(("rId5", "image", "http://127.0.0.1:9/a.png"),),
        external=("rId5",),
    )  # fmt: skip
    assert only(draft, "figure").text == "[Picture: Far away]"
    assert any("somewhere else (http://127.0.0.1:9/a.png)" in w for w in draft.warnings)


def test_what_was_found_goes_through_json_unchanged() -> None:
    draft = read(
        HEADING + p(drawing("rId5", "A card")) + listed("x"), rows=(("rId5", "image", "media/a.png"),),
        more={"word/media/a.png": picture()},
    )  # fmt: skip
    assert from_json(to_json(draft)) == draft


@pytest.mark.parametrize(
    "name", ["word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "word/_rels/document.xml.rels"]
)
def test_parts_that_are_missing_are_not_missed(name: str) -> None:
    parts = docx_parts(HEADING + p("Words."))
    del parts[name]
    assert parse(packed(parts)).units[-1].text == "Words."


def test_strict_files_are_read_too() -> None:
    strict = "http://purl.oclc.org/ooxml/"
    parts = {
        name: part.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/", f"{strict}wordprocessingml/"
        ).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            f"{strict}officeDocument/relationships",
        )
        for name, part in docx_parts(HEADING + p("Words.")).items()
        if isinstance(part, str)
    }
    assert [u.title or u.text for u in parse(packed(parts)).units] == ["Scope", "Words."]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "no words"), (p(""), "no words"), ("<w:p>", "damaged"), (p("x", "berschrift1") * 10_001, "10,001 headings"),
        ("<w:sdt><w:sdtContent>" * 150 + p("deep") + "</w:sdtContent></w:sdt>" * 150, "nested too deep"),
    ],
    ids=["nothing", "empty", "not XML", "headings", "deep"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(body: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(body)
