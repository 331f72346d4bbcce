"""A letter cut into comments: paragraphs, the proposed cut, what is missing. Pure."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from consult.debate import letters
from consult.debate.letters import BEGIN, JOIN, LEAVE, Fields, Plan

LETTER = """Open Source Alliance
12 March 2026

Dear committee,

We are a union of 200 libraries.

1. Clause 6.3.1 is too strict. It asks for logs of every run.

It should say "where possible". See also clause 6.3.1.

2. Article 5
We support this.

On § 4 we have three points:
- first
- second

In 1.2 the word may is missing.

Kind regards,
Ann Librarian"""
KNOWN = {"6.3.1": "6.3.1", "Article 5": "5", "5": "5", "4": "4", "1.2": "1.2"}
COMMENTS = Path(__file__).parents[1] / "data/comments-usda/comments.csv"
MARKS = "\u0301\u200d\u0600\u0e33\U0001f3fb\u094d\U0001f1e6\ufe0f"
texts = st.text(
    st.one_of(st.sampled_from(" \n\n\t.。!:;-•1a)(#A" + MARKS), st.characters(codec="utf-8")), max_size=300
)  # fmt: skip


def proposed(text: str) -> list[tuple[str, str]]:
    plan = letters.propose(text, KNOWN)
    return [(cut, block.words(text)) for cut, block in zip(plan.cuts, letters.blocks(text), strict=True)]


def test_a_letter_is_cut_where_it_speaks_of_something_else() -> None:
    assert [cut for cut, _ in proposed(LETTER)] == [
        LEAVE, LEAVE, BEGIN, BEGIN, JOIN, BEGIN, BEGIN, JOIN, JOIN, BEGIN, LEAVE,
    ]  # fmt: skip


def test_each_piece_is_about_the_clauses_it_names() -> None:
    plan = letters.propose(LETTER, KNOWN)
    assert [fields.clauses for _, fields in sorted(plan.fields.items())] == ["", "6.3.1", "5", "4", "1.2"]


def test_a_heading_takes_what_follows() -> None:
    text = "Scope\n\nIt is too wide.\n\nIt should be narrow.\n\nDefinitions\n\nThe word model is not defined."
    assert [cut for cut, _ in proposed(text)] == [BEGIN, JOIN, JOIN, BEGIN, JOIN]


def test_without_any_sign_each_long_paragraph_is_a_comment() -> None:
    long = "We think that this is a good idea, and we would like to see more of it in the next draft, because " * 2
    assert [cut for cut, _ in proposed(f"{long}.\n\n{long}.\n\nAnd so on.")] == [BEGIN, BEGIN, JOIN]


def test_a_number_within_a_sentence_begins_nothing() -> None:
    text = "What we said in the comment on the earlier draft, namely in clause\n6.3.1 of it, still holds."
    assert len(letters.blocks(text)) == 1


def test_a_very_long_paragraph_is_cut_behind_sentences() -> None:
    text = "This is a sentence of some length. " * 600
    found = letters.blocks(text)
    assert len(found) > 4
    assert all(text[block.start : block.end].endswith(". ") for block in found)


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [
        ((JOIN, JOIN), (BEGIN, JOIN, LEAVE)), ((BEGIN, LEAVE, JOIN), (BEGIN, LEAVE, BEGIN)),
        (("made up", BEGIN, JOIN), (LEAVE, BEGIN, JOIN)),
    ],
)  # fmt: skip
def test_what_goes_with_nothing_begins_itself(cuts: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert letters.settled(cuts, 3) == expected


def test_what_is_missing_is_said() -> None:
    fields = Fields(clauses="9.9, 1.2", positions=("safety",), costs=("safety",))
    told = letters.missing(fields, "x" * 30, {"1.2"}, 20)
    assert [sentence.split()[0] for sentence in told] == ["A", "Choose", "This", "This"]
    assert letters.missing(Fields("1.2", ("safety",), stance="object"), "x", {"1.2"}, 20) == []


@given(texts, st.lists(st.sampled_from([BEGIN, JOIN, LEAVE]), max_size=40))
def test_pieces_and_what_is_left_out_are_the_letter(text: str, cuts: list[str]) -> None:
    found = letters.blocks(text)
    assert "".join(text[block.start : block.end] for block in found) == text
    made = letters.pieces(text, found, letters.settled(cuts, len(found)))
    told, at = [], 0
    for piece in made:
        assert at <= piece.start < piece.end
        told += [text[at : piece.start], text[piece.start : piece.end]]
        at = piece.end
    assert "".join([*told, text[at:]]) == text


@given(texts)
def test_no_character_is_ever_cut_apart(text: str) -> None:
    whole = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    plan = letters.propose(text, KNOWN)
    found = letters.blocks(text)
    assert {block.start for block in found} | {block.end for block in found} <= whole
    for piece in letters.pieces(text, found, plan.cuts):
        assert {piece.start, piece.end} <= whole


@given(texts)
def test_a_plan_comes_back_as_it_was_kept(text: str) -> None:
    plan = letters.propose(text, KNOWN)
    assert letters.plan_of(plan.to_json()) == plan
    assert letters.with_fields(text, plan, KNOWN) == plan
    assert len(plan.cuts) == len(letters.blocks(text))


def test_real_comments_are_cut_without_losing_a_word() -> None:
    with COMMENTS.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    whole = "\n\n".join(texts)
    for text in (*texts, whole):
        plan = letters.propose(text, {})
        made = letters.pieces(text, letters.blocks(text), plan.cuts)
        assert made, text
        said = "".join(text[piece.start : piece.end] for piece in made)
        assert len("".join(said.split())) > 0.8 * len("".join(text.split()))


def test_what_was_kept_of_a_piece_comes_back_with_it() -> None:
    kept = Plan((BEGIN,), {2: Fields("1.2", ("safety",))})
    again = letters.with_fields("One.\n\nTwo.\n\nThree.", Plan((BEGIN, JOIN, BEGIN), kept.fields), {})
    assert again.fields[2].positions == ("safety",)
    assert again.fields[0] == Fields()
