"""Sentences: cut where they end, and never inside of what readers see as one character."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consult.documents.graphemes import widen
from consult.documents.sentences import sentences

PIECES = ["A", "b", " ", ".", "! ", "? ", "。", "؟", "। ", "e.g.", "Art. 5", "6.3.1", "\u0301", "\u200d", "👩", "क्", "ष", "\r\n", "”"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("See Art. 5 and No. 3. Then stop.", ["See Art. 5 and No. 3.", "Then stop."]),
        ("Tools (e.g. CVE, cf. ISO) do. See 6.3.1 too.", ["Tools (e.g. CVE, cf. ISO) do.", "See 6.3.1 too."]),
        ("See 6.3.1. It tells.", ["See 6.3.1.", "It tells."]),
        ("1. Providers act. They tell.", ["1. Providers act.", "They tell."]),
        ("(a) To do. (b) To be.", ["(a) To do.", "(b) To be."]),
        ("It is “so.” (And on.) Then", ["It is “so.”", "(And on.)", "Then"]),
        ("Mr. J. R. Smith came. He left.", ["Mr. J. R. Smith came.", "He left."]),
        ("Cars, trucks, etc. They go.", ["Cars, trucks, etc.", "They go."]),
        ("it goes on ... and on.", ["it goes on ... and on."]),
        ("これは文。次の「文！」終", ["これは文。", "次の「文！」", "終"]),
        ("هل هذا؟ نعم.", ["هل هذا؟", "نعم."]),
        ("यह है। वह है॥", ["यह है।", "वह है॥"]),
        ("one = 1\ntwo = 2\n\nend", ["one = 1", "two = 2", "end"]),
        (" \n", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@example(" \u0300")
@example("A\u0600 ")
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_sentences_are_in_order_apart_whole_and_all_there(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert widen(text, start, end) == (start, end)
        at = end
    assert not text[at:].strip()
