"""Plain text with printed numbers becomes the clauses a reader sees; Markdown is left to Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.documents.importers import read
from consult.documents.importers.plain import is_numbered_text, parse
from consult.documents.parsed import ParsedDraft
from tests.lengths import examples

DATA = Path(__file__).parent.parent / "data" / "formats"


def file(name: str) -> str:
    return (DATA / name).read_bytes().decode("utf-8")


def outline(draft: ParsedDraft) -> list[tuple[int, str, str, str]]:
    """(depth, kind, label, title) of each heading."""
    return [(u.depth, u.kind, u.label, u.title) for u in draft.units if u.is_heading]


def test_chapters_articles_and_annexes_are_nested_as_they_are_printed() -> None:
    draft = read(file("articles.txt"))
    assert draft.format == "text"
    assert draft.title == "RULES ON MODEL CARDS"
    assert outline(draft) == [
        (0, "clause", "", "RULES ON MODEL CARDS"), (1, "clause", "Chapter I", "GENERAL PROVISIONS"),
        (2, "article", "Article 1", "Subject matter"), (2, "article", "Article 2", "Definitions"),
        (1, "clause", "Chapter II", "DUTIES OF PROVIDERS"), (2, "article", "Article 3", "Keeping cards"),
        (2, "clause", "Section 1", "Checks"), (3, "article", "Article 4", "Checks"),
        (1, "annex", "Annex A", "(normative) What a card holds"), (2, "clause", "A.1", "Names"),
        (3, "clause", "A.1.1", "Short names"), (1, "annex", "Annex B", "(informative) Examples"),
    ]  # fmt: skip


def test_points_hang_below_the_point_they_belong_to() -> None:
    draft = read(file("articles.txt"))
    points = {u.key: (u.own_label, u.text) for u in draft.units if u.key.startswith("article-1-i")}
    assert points == {
        "article-1-i1": ("1.", "These rules say what a model card holds and who keeps it."),
        "article-1-i2": ("2.", "They apply to every model that is offered to others:"),
        "article-1-i2-i1": ("(a)", "free of charge;"),
        "article-1-i2-i2": ("(b)", "for money, whether"),
        "article-1-i2-i2-i1": ("(i)", "at once, or"),
        "article-1-i2-i2-i2": ("(ii)", "by the month."),
    }


def test_letters_and_roman_numbers_at_one_margin_are_told_apart() -> None:
    text = "1 Scope\n\n(a) one:\n(i) first;\n(ii) second;\n(b) two.\n\n2 Terms\n\nWords."
    assert [(u.key, u.own_label) for u in parse(text).units if u.kind == "point"] == [
        ("1-i1", "(a)"), ("1-i1-i1", "(i)"), ("1-i1-i2", "(ii)"), ("1-i2", "(b)"),
    ]  # fmt: skip


def test_an_rfc_loses_its_pages_and_nothing_else() -> None:
    draft = read(file("rfc-style.txt"))
    assert draft.title == "The Model Card Exchange Format"
    assert outline(draft)[1:] == [
        (1, "clause", "", "Abstract"), (1, "clause", "1", "Introduction"), (2, "clause", "1.1", "Words"),
        (1, "clause", "2", "The Format"), (1, "annex", "Appendix A", "Grammar"),
        (1, "clause", "", "Author's Address"),
    ]  # fmt: skip
    by_key = {u.key: u for u in draft.units}
    assert by_key["1-p1"].text.endswith("so that both need to know where its parts begin and where they end.")
    assert by_key["2-i2"].text == "the date. A date without a day is allowed."
    assert by_key["2-c1"].text.splitlines()[1] == "| sender | ---------> | reader |"
    assert by_key["2-q1"].text.startswith("Somebody once said")
    assert [u.own_label for u in draft.units if u.kind == "point"] == ["•", "•", "1.", "2.", "3."]
    assert draft.warnings == ["Headers and footers of printed pages (5 lines) were left out."]
    assert not any("[Page" in u.text or "RFC 99999" in u.text or ". . ." in u.text for u in draft.units)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("1 Scope\n\nWords.\n\n2 Terms\n\nWords.", ["1", "2"]),
        ("1. Scope\n--------\n\nWords.\n\n2. Terms\n--------\n\nWords.", ["1", "2"]),
        ("1 Scope\nThis is said about the scope of it.\n\n1.1 More\nThis is said about more.", ["1", "1.1"]),
        ("5 Duties\n\n28 May 2025\n\nWords.\n\n6 Rights\n\nWords.", ["5", "6"]),
        ("5 Duties\n\nWords:\n\n1. Do this\n\n2. Do that\n\n6 Rights\n\nWords.", ["5", "6"]),
        (
            "4. Aims\n\nWords.\n\n5. Duties\n\nWords.\n\n6. You may not copy, modify, hand on, or distribute the Program\n"
            "Licensed here, other than as is said, and nobody else may do so at\nany time or place.\n\n7. Rights\n\nWords.",
            ["4", "5", "7"],
        ),
        ("Clause 1: Aim\n\nWords.\n\nClause 2: Means\n\nWords.", ["Clause 1", "Clause 2"]),
        ("A.1 Names\n\nWords.\n\nA.2 Dates\n\nWords.", ["A.1", "A.2"]),
    ],
)
def test_printed_numbers_are_headings_and_other_numbers_are_not(text: str, labels: list[str]) -> None:
    assert is_numbered_text(text)
    assert [u.label for u in read(text).units if u.is_heading and u.label] == labels


def test_capitals_make_headings_where_there_are_no_numbers() -> None:
    draft = read("SCOPE\n\nOne.\n\nTERMS\n\nTwo.\n\nDUTIES\n\nThree.")
    assert draft.format == "text"
    assert [u.title for u in draft.units if u.is_heading] == ["SCOPE", "TERMS", "DUTIES"]


@pytest.mark.parametrize(
    "text",
    [
        "# 1 Scope\n\nWords.\n\n# 2 Terms\n\nWords.",
        "1 Scope\n\nSee [this](#x).\n\n2 Terms\n\nWords.",
        "1 Scope\n\n```\ncode\n```\n\n2 Terms\n\nWords.",
        "1 Scope\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n2 Terms\n\nWords.",
        "---\ntitle: T\n---\n\n1 Scope\n\nWords.\n\n2 Terms\n\nWords.",
        "Scope\n=====\n\nWords.\n\nTerms\n=====\n\nWords.",
        "Only words.\n\nAnd more of them.",
        "1. one\n2. two\n3. three",
        "1. one\n\n2. two\n\n3. three",
        "",
    ],
)
def test_what_may_be_markdown_is_left_to_it(text: str) -> None:
    assert not is_numbered_text(text)


def test_lists_without_end_are_refused() -> None:
    text = "1 Scope\n\n2 Terms\n\n" + "\n".join(" " * n + "- word" for n in range(60))
    with pytest.raises(Invalid, match="nested more than 40 levels"):
        parse(text)


PIECE = st.sampled_from(
    ["1 Scope", "1.2 Terms", "Article 5", "ANNEX A (normative)", "CAPITALS", "====", "words go on and", "(a) one", "- x",
     "  - y", "    z", "\n", "\n\n", "NOTE this", "CHAPTER II", "1. Do", "i) r", "\f", "Otter   [Page 3]", "contents",
     "5. . . . . 7", "a   b   c", "|--|"]
)  # fmt: skip
LINES = st.lists(st.one_of(PIECE, st.text(max_size=20)), max_size=30).map("\n".join)


@settings(max_examples=examples(300), deadline=None)
@given(LINES)
@example("contents\n1 . . . . 2\n1 . . . . 2\n\f")
@example("\f\f\n[Page 1]")
def test_any_text_becomes_units_in_order_or_is_refused(text: str) -> None:
    is_numbered_text(text)
    try:
        draft = parse(text)
    except Invalid:
        return
    assert draft == parse(text)
    assert len({u.key for u in draft.units}) == len(draft.units)
    assert all(u.parent is None or u.parent < at for at, u in enumerate(draft.units))


WORD = st.text("abcdefgäßжक字z", min_size=1, max_size=8)
SENTENCE = st.lists(WORD, min_size=1, max_size=12).map(" ".join)
BLOCK = st.one_of(
    st.tuples(st.integers(1, 9), st.integers(1, 9), SENTENCE).map(lambda x: f"{x[0]}.{x[1]} T{x[2]}"),
    st.tuples(st.integers(1, 9), SENTENCE).map(lambda x: f"Article {x[0]}\n{x[1].capitalize()}"),
    SENTENCE,
    SENTENCE.map(lambda s: f"    {s}\n    {s}"),
    st.lists(SENTENCE, min_size=1, max_size=4).map(lambda x: "\n".join(f"({c}) {s}" for c, s in zip("abcd", x, strict=False))),
    st.lists(SENTENCE, min_size=1, max_size=4).map(lambda x: "\n\n".join(f"{n}. {s}" for n, s in enumerate(x, 1))),
    SENTENCE.map(lambda s: f"NOTE {s}"),
    SENTENCE.map(str.upper),
)  # fmt: skip


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=12).map("\n\n".join))
def test_no_word_is_lost(text: str) -> None:
    draft = parse(text)
    found = " ".join(f"{u.label} {u.own_label} {u.title} {u.text}" for u in draft.units).lower()
    assert set(re.findall(r"\w+", text.lower())) - set(re.findall(r"\w+", found)) == set()
