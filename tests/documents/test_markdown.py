"""Markdown becomes numbered units: what is kept, what is said, what is refused."""

from __future__ import annotations

import contextlib
import time

import pytest

from consult.core.errors import Invalid
from consult.documents.importers import read, take
from consult.documents.importers.markdown import parse
from consult.documents.importers.outline import MOST_HEADINGS
from consult.documents.parsed import ParsedDraft, Unit


def shape(text: str) -> list[tuple[str, str, str, str]]:
    """(key, kind, label, text) of each unit."""
    return [(u.key, u.kind, u.label, u.text) for u in parse(text).units]


def unit(draft: ParsedDraft, key: str) -> Unit:
    return next(u for u in draft.units if u.key == key)


@pytest.mark.parametrize(
    ("heading", "key", "label", "own_label", "title", "kind"),
    [
        ("6.3.1 Duties", "6-3-1", "6.3.1", "6.3.1", "Duties", "clause"),
        ("6.3. Duties", "6-3", "6.3", "6.3", "Duties", "clause"),
        ("1. Scope", "1", "1", "1", "Scope", "clause"),
        ("1 Scope", "1", "1", "1", "Scope", "clause"),
        ("A.2 More duties", "a-2", "A.2", "A.2", "More duties", "clause"),
        ("Article 5 Prohibited practices", "article-5", "Article 5", "5", "Prohibited practices", "article"),
        ("Article 5: Prohibited practices", "article-5", "Article 5", "5", "Prohibited practices", "article"),
        ("Article 5", "article-5", "Article 5", "5", "", "article"),
        ("ANNEX III — High risk", "annex-iii", "Annex III", "III", "High risk", "annex"),
        ("Appendix B. History", "appendix-b", "Appendix B", "B", "History", "annex"),
        ("Section 4 - Names", "section-4", "Section 4", "4", "Names", "clause"),
        ("6.3.1", "6-3-1", "6.3.1", "6.3.1", "", "clause"),
    ],
)
def test_a_printed_number_is_kept(heading: str, key: str, label: str, own_label: str, title: str, kind: str) -> None:
    found = parse(f"# {heading}\n\nWords.").units[0]
    assert (found.key, found.label, found.own_label, found.title, found.kind) == (key, label, own_label, title, kind)


@pytest.mark.parametrize(
    "heading",
    ["28 May 2025", "2025 in numbers", "Part of the whole", "Section headings", "Chapter and verse", "A rule"],
)
def test_a_number_that_is_none_stays_in_the_title(heading: str) -> None:
    found = parse(f"# 1 Scope\n\n# {heading}\n\nWords.").units[1]
    assert (found.label, found.title) == ("", heading)


@pytest.mark.parametrize(
    ("titles", "labels"),
    [
        (["51 Classes", "52 Steps", "53 Duties"], ["51", "52", "53"]),
        (["51 Classes", "53 Duties"], ["51", "53"]),
        (["1 Scope", "1 Scope again"], ["1", "1"]),
        (["1 Scope", "28 May 2025", "2 Terms"], ["1", "", "2"]),
        (["1 Scope", "90 days of notice", "2 Terms"], ["1", "", "2"]),
        (["51", "52"], ["51", "52"]),
    ],
)
def test_lone_numbers_count_where_they_make_a_row(titles: list[str], labels: list[str]) -> None:
    draft = parse("\n\n".join(f"# {title}\n\nWords." for title in titles))
    assert [u.label for u in draft.units if u.is_heading] == labels


def test_each_chapter_may_begin_its_numbers_anew() -> None:
    draft = parse("# Chapter I\n\n## 1 One\n\n## 2 Two\n\n# Chapter II\n\n## 1 One\n\n## 2 Two")
    assert [u.label for u in draft.units] == ["Chapter I", "1", "2", "Chapter II", "1", "2"]
    assert [u.key for u in draft.units][-3:] == ["chapter-ii", "chapter-ii-1", "chapter-ii-2"]
    assert not draft.warnings


def test_headings_without_numbers_get_some() -> None:
    text = "# The standard\n\n## Scope\n\n### Who\n\n### What\n\n## Terms\n\n#### Deep\n\nWords."
    assert [(u.label, u.title, u.depth) for u in parse(text).units if u.is_heading] == [
        ("", "The standard", 0), ("1", "Scope", 1), ("1.1", "Who", 2), ("1.2", "What", 2), ("2", "Terms", 1),
        ("2.1", "Deep", 2),
    ]  # fmt: skip


def test_a_text_with_some_numbers_gets_no_further_ones() -> None:
    labels = [u.label for u in parse("# Foreword\n\na\n\n# 1 Scope\n\nb\n\n# Index\n\nc").units if u.is_heading]
    assert labels == ["", "1", ""]


def test_every_kind_of_block_is_a_unit_below_its_heading() -> None:
    text = """# 1 Scope

Words.

- first
- second
  - inner

| a | b |
|---|---|
| 1 | 2 |

![A drawing](https://example.org/a.png)

NOTE Mind this.

```python
x = 1
```

> Quoted.

<table><tr><td>raw</td></tr></table>
"""
    assert shape(text) == [
        ("1", "clause", "1", "Scope"),
        ("1-p1", "paragraph", "1, paragraph 1", "Words."),
        ("1-i1", "point", "1, item 1", "first"),
        ("1-i2", "point", "1, item 2", "second"),
        ("1-i2-i1", "point", "1, item 2, item 1", "inner"),
        ("1-t1", "table", "1, table 1", "a b 1 2"),
        ("1-f1", "figure", "1, figure 1", "Picture: A drawing"),
        ("1-n1", "note", "1, note 1", "NOTE Mind this."),
        ("1-c1", "code", "1, listing 1", "x = 1"),
        ("1-q1", "quote", "1, quotation 1", "Quoted."),
        ("1-t2", "table", "1, table 2", "raw"),
    ]


def test_points_keep_the_mark_they_have() -> None:
    assert [u.own_label for u in parse("7. seven\n8. eight\n\n- dash\n\n3) three").units] == ["7.", "8.", "•", "3)"]


def test_what_follows_an_inner_list_stays_with_its_point_in_order() -> None:
    draft = parse("# 1 A\n\n1. before\n\n   - inner\n\n   after\n\n2. next")
    assert [(u.key, u.text) for u in draft.units[1:]] == [
        ("1-i1", "before"), ("1-i1-i1", "inner"), ("1-i1-p1", "after"), ("1-i2", "next"),
    ]  # fmt: skip


def test_explicit_ids_win_over_numbers_and_counting() -> None:
    text = (
        "# 3.2 Duties {#duties}\n\nWords of it. {#first-words}\n\n- a point {#point}\n\n## 3.3 More <a id='more'></a>\n"
    )
    draft = parse(text)
    assert [(u.key, u.label, u.text) for u in draft.units] == [
        ("duties", "3.2", "Duties"), ("first-words", "3.2, paragraph 1", "Words of it."),
        ("point", "3.2, item 1", "a point"), ("more", "3.3", "More"),
    ]  # fmt: skip
    assert not draft.warnings
    assert all(u.is_named for u in draft.units)


def test_an_id_used_twice_gets_a_suffix_and_is_told() -> None:
    draft = parse("# One {#same}\n\n# Two {#same}\n")
    assert [u.key for u in draft.units] == ["same", "same-2"]
    assert draft.warnings == ["Line 3: the id “same” is used twice; the second one is reached as “same-2”."]


def test_a_number_printed_twice_is_told() -> None:
    draft = parse("# 1.1 One\n\n# 1.1 Two\n")
    assert [u.key for u in draft.units] == ["1-1", "1-1-2"]
    assert draft.warnings == ["Line 3: the number “1.1” is printed twice."]


def test_the_same_title_in_two_chapters_is_told_apart_by_the_chapter() -> None:
    draft = parse("# 1 One\n\n## Example\n\n# 2 Two\n\n## Example\n")
    assert [u.key for u in draft.units] == ["1", "example", "2", "2-example"]
    assert not draft.warnings


def test_front_matter_gives_the_title_and_is_not_text() -> None:
    draft = parse('---\ntitle: "The standard"\nVersion: 2\nlist:\n  - a\n---\n# 1 Scope\n')
    assert draft.title == "The standard"
    assert draft.metadata == {"title": "The standard", "version": "2"}
    assert [u.text for u in draft.units] == ["Scope"]


def test_dashes_above_a_heading_are_no_front_matter() -> None:
    assert [u.text for u in parse("---\nScope\n---\n\nWords.").units] == ["Scope", "Words."]


def test_footnotes_survive_also_unused_ones() -> None:
    draft = parse(
        "# 1 A\n\nSee[^a] this[^long].\n\n[^a]: The note.\n[^unused]: Nobody points here.\n\n[^long]: One.\n\n    Two.\n"
    )
    assert [(u.key, u.label, u.text) for u in draft.units[2:]] == [
        ("footnotes", "", "Footnotes"), ("footnote-a", "Footnote a", "The note."),
        ("footnote-unused", "Footnote unused", "Nobody points here."), ("footnote-long", "Footnote long", "One. Two."),
    ]  # fmt: skip
    assert '<sup><a href="#footnote-a" rel="noopener">a</a></sup>' in draft.units[1].html


def test_links_inside_the_text_lead_to_units_by_id_or_title() -> None:
    draft = parse(
        "# 1 Scope\n\n[x](#duties) [y](#our-terms) [z](#nowhere) [w](https://example.org/)\n\n# 2 Duties {#duties}\n\n# 3 Our terms\n"
    )
    html = draft.units[1].html
    assert '<a href="#duties" rel="noopener">x</a>' in html
    assert '<a href="#3" rel="noopener">y</a>' in html
    assert " z " in html
    assert 'href="https://example.org/"' in html
    assert draft.warnings == ["Links inside the document that lead nowhere are shown as plain words: #nowhere."]


def test_an_id_that_stands_alone_leads_to_what_follows() -> None:
    draft = parse('<a id="here"></a>\n\n# 1 Scope\n\n[x](#here)\n')
    assert 'href="#here"' in draft.units[1].html
    assert draft.units[0].key == "here"


def test_definitions_in_raw_html_are_a_unit_each() -> None:
    draft = parse(
        '# 1 Terms\n\n<dl>\n<dt id="def;model">Model</dt>\n<dd>weights and code</dd>\n<dt>Weights</dt><dd>numbers</dd>\n</dl>\n'
    )
    assert [(u.key, u.kind, u.text) for u in draft.units[1:]] == [
        ("def-model", "term", "Model weights and code"), ("1-d2", "term", "Weights numbers"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "told", "kept"),
    [
        ("<script>alert(1)</script> x", "<script> (1)", "x"),
        ("<iframe src='https://a.example'></iframe> x", "<iframe> (1)", "x"),
        ("<p onclick='a()' style='color:red'>x</p>", "onclick (1), style (1)", "x"),
        ("<details><summary>More</summary>x</details>", "<details> (1), <summary> (1)", "More x"),
        ("<img src=x onerror=alert(1)> x", "<img> (1), onerror (1)", "x"),
        ("<svg onload=alert(1)></svg> x", "<svg> (1), onload (1)", "x"),
    ],
)
def test_raw_html_is_made_safe_and_what_went_is_told(raw: str, told: str, kept: str) -> None:
    draft = parse(f"# 1 A\n\n{raw}\n")
    assert " ".join(draft.units[1].text.split()) in (kept, kept.replace(" ", ""))
    assert told in draft.warnings[0]
    assert not any(bad in draft.units[1].html.lower() for bad in ("<script", "onclick", "onerror", "<iframe", "style="))


def test_a_link_that_runs_a_script_is_no_link() -> None:
    html = parse('# 1 A\n\n<a href="javascript:alert(1)">x</a> [y](javascript:alert(1))').units[1].html
    assert "href" not in html


def test_words_in_angle_brackets_stay() -> None:
    assert parse("# 1 A\n\nWrite <your name> and <csaf-instance>/path here.").units[1].text == (
        "Write <your name> and <csaf-instance>/path here."
    )


def test_a_long_paragraph_over_dashes_is_no_heading() -> None:
    draft = parse("# 1 A\n\n" + "many words " * 30 + "\n-----\n")
    assert [u.kind for u in draft.units] == ["clause", "paragraph"]
    assert "kept as a paragraph" in draft.warnings[0]
    assert parse("Scope\n-----\n\nWords.").units[0].is_heading


def test_other_scripts_get_readable_keys() -> None:
    keys = [u.key for u in parse("# 1 Scope\n\n# Überschrift\n\n# 第一条\n\n# !?\n").units]
    assert keys == ["1", "uberschrift", "第一条", "section-1"]


def test_a_text_without_headings_is_one_page_and_says_so() -> None:
    draft = parse("Only words.\n\nMore words.")
    assert [u.key for u in draft.units] == ["p1", "p2"]
    assert draft.title == "Only words."
    assert "no headings" in draft.warnings[0]


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01", "---\n\n***\n", "<!-- nothing -->", "<script>x</script>"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"no words|empty"):
        parse(text)


def test_a_very_long_paragraph_table_or_listing_is_cut_where_it_can_be() -> None:
    rows = "\n".join(f"| {n} | {'x' * 60} |" for n in range(1000))
    table = parse(f"# 1 A\n\n| a | b |\n|---|---|\n{rows}\n")
    assert len(table.units) > 4
    assert all(u.kind == "table" and u.html.count("<th>") == 2 for u in table.units[1:])
    code = parse("# 1 A\n\n```\n" + "line of code\n" * 5000 + "```\n")
    assert sum(u.text.count("line of code") for u in code.units) == 5000
    words = parse("# 1 A\n\n" + "a line of words\n" * 5000)
    assert sum(u.text.count("a line of words") for u in words.units) == 5000
    assert max(len(u.html) for d in (table, code, words) for u in d.units) < 25_000


# Hostile input: an answer in reasonable time, or a sentence.


def test_ten_thousand_headings_pass_and_one_more_is_refused() -> None:
    assert len(parse("# a\n\n" * MOST_HEADINGS).units) == MOST_HEADINGS
    with pytest.raises(Invalid, match="10,001 headings; 10,000 is the most"):
        parse("# a\n\n" * (MOST_HEADINGS + 1))


@pytest.mark.parametrize(
    "text",
    [
        "> " * 500 + "deep",
        "\n".join("  " * n + "- deep" for n in range(500)),
        "- " * 500 + "deep",
        "1. " * 500 + "deep",
    ],
    ids=["quotations", "lists", "one line", "numbers"],
)
def test_five_hundred_levels_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match="nested more than 40 levels"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("*_[(" * 1_000_000, "Near line 3 more than 10,000 signs"),
        ("*a \n" * 10_001, "Near line 3 more than 10,000 signs"),
        ("| " + "`a " * 10_001, "Near line 3 more than 10,000 signs"),
        ("a\n" + "[" * 101, "Near line 3 more than 100 square brackets are open"),
        ("[" * 101 + "]" * 101, "Near line 3 more than 100 square brackets are open"),
        ("[a\n\n" * 1_001, "Up to line 2,003 .* 1,000 square brackets that are never closed"),
        ("*a*_b_\n\n" * 100_001, "Up to line 200,003 .* 400,000 signs"),
        ("```\n[\n```\n" + "*" * 10_001, "Near line 6 more than 10,000 signs"),
    ],
    ids=["openings", "lines", "a cell", "unclosed", "nested", "one in each", "in all", "after a listing"],
)
def test_mere_signs_are_refused_before_they_are_read(text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        parse("# a\n\n" + text)


def test_many_signs_that_belong_into_a_draft_are_read() -> None:
    listing = "```json\n" + '{"a_b": [\n' * 4_000 + "```"
    table = "| a | b |\n|---|---|\n" + "| `a_b` | [x](#a) |\n" * 4_000
    brackets = "[" * 100 + "]" * 100 + "\\[" * 900
    units = parse(f"# A\n\n{listing}\n\n{table}\n\n{brackets}\n").units
    assert {unit.kind for unit in units} == {"clause", "code", "table", "paragraph"}


@pytest.mark.parametrize("tag", ["<div>", "<blockquote>", "<span>", "x <span>"])
def test_raw_html_that_is_never_closed_is_refused(tag: str) -> None:
    with pytest.raises(Invalid, match="more than 500 tags that are never closed"):
        parse("# 1 A\n\n" + tag * 20_000)
    assert parse("# 1 A\n\n" + "<b>x</b><br>" * 2_000).units[1].text.count("x") == 2_000


def test_forty_levels_are_kept_whole() -> None:
    text = "\n".join("  " * n + f"- level{n}" for n in range(39))
    found = " ".join(u.text for u in parse(text).units)
    assert all(f"level{n}" in found.split() for n in range(39))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 8_000, "*a_" * 10_000, "`" * 20_000, "![" * 4_000, "<" * 20_000, "[a](" * 8_000, "&amp;" * 20_000,
        "[^a]" * 5_000 + "\n\n[^a]: note", "a **a" * 8_000, "|" * 5_000 + "\n|-|-|\n",
        "[a]: b\n" * 5_000 + "\nwords", "<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c \"" + "&a;" * 5_000 + "\">]>\n\nwords &c;",
        "\\" * 20_000, "~" * 20_000, "# " * 10_000, "<a href='" * 4_000, "{#" * 10_000, "x {#a" + " " * 20_000 + "y",
    ],
    ids=lambda text: text[:12].strip(),
)  # fmt: skip
def test_hostile_text_is_read_or_refused_soon(text: str) -> None:
    began = time.process_time()
    with contextlib.suppress(Invalid):
        parse(f"words\n\n{text}")
    assert time.process_time() - began < 8  # seconds; a quadratic parser needs minutes


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"), (b"\x00\x01\x02", "neither a text nor a document"), (b"%PDF-1.7\n\x00", "This is a PDF"),
        ("ü".encode("utf-16"), "UTF-16"), (b"ok\n\xfc", "Line 2 holds"), (b"x" * 5_242_881, "5 MB is the most"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as caught:
        take(data=data, field="text")
    assert caught.value.field == "text"


def test_the_source_is_kept_exactly() -> None:
    data = "\ufeff# 1 Scope\r\n\r\nGrüße\u0301 \u00a0 x\r\n".encode()
    taken = take(data=data)
    assert taken.source == data
    assert [u.title or u.text for u in taken.parsed.units] == ["Scope", "Grüßé x"]


def test_a_plain_text_is_markdown_too() -> None:
    assert read("Just words.").format == "markdown"


def test_headings_that_would_hide_behind_our_own_addresses_get_others() -> None:
    assert [u.key for u in parse("# Foreword\n\n# Print\n\n# Source {#source}\n\n# 1 A").units][1:3] == [
        "print-2",
        "source-2",
    ]
