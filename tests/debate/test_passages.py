"""Passages: named, found, joined; and a text cut where they begin and end."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from consult.debate.passages import Span, Stretch, is_there, parse, settle, stretches
from consult.documents.graphemes import widen

TEXTS = st.one_of(st.text(), st.text(alphabet="ab \u0301\u200d👩👧क्ष\r\n"))
PAIRS = st.tuples(st.integers(0, 30), st.integers(0, 30))


@given(st.text())
@example("a:b:1-2")
@example("a:1-٢")
def test_whatever_is_sent_names_a_passage_or_none(name: str) -> None:
    span = parse(name)
    assert span is None or parse(str(span)) == span


def test_what_a_name_says() -> None:
    assert parse("annex:1:10-25") == Span("annex:1", 10, 25)
    for junk in (
        "",
        "a",
        "a:",
        "a:1",
        "a:1-",
        "a:-1-2",
        ":1-2",
        "a:1-2 ",
        "a\0:1-2",
        "a:1-12345678",
        "a" * 201 + ":1-2",
    ):
        assert parse(junk) is None, junk


@given(TEXTS, st.lists(PAIRS, max_size=8))
def test_what_is_settled_is_whole_apart_in_order_and_holds_all_words_that_were_asked_for(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    asked = [Span("k", *pair) for pair in pairs]
    found = settle([*asked, None, Span("unknown", 0, 1)], {"k": text})
    for span in found:
        assert is_there(span, {"k": text})
        assert widen(text, span.start, span.end) == (span.start, span.end)
    for one, other in pairwise(found):
        assert one.end < other.start
        assert text[one.end : other.start].strip()
    held = {at for span in found for at in range(span.start, span.end)}
    good = [span for span in asked if is_there(span, {"k": text})]
    assert {at for span in good for at in range(span.start, span.end) if not text[at].isspace()} <= held
    assert bool(found) == bool(good)
    assert settle(found, {"k": text}) == found


def test_passages_of_one_clause_that_touch_are_one_and_those_of_others_are_not() -> None:
    texts = {"b": "One. Two. Three.", "a": "One. Two."}
    spans = [Span("a", 0, 4), Span("b", 10, 16), Span("b", 0, 4), Span("b", 3, 8), Span("b", 5, 9), Span("b", 0, 99)]
    assert settle(spans, texts) == [Span("b", 0, 16), Span("a", 0, 4)]
    assert settle([Span("b", 0, 4), Span("b", 10, 16)], texts) == [Span("b", 0, 4), Span("b", 10, 16)]


def test_a_family_and_its_mark_are_never_cut() -> None:
    text = "a 👩‍👧 cafe\u0301 b"
    at = text.index("👧")
    assert settle([Span("k", at, at + 1)], {"k": text}) == [Span("k", 2, 5)]
    e = text.index("e")
    assert settle([Span("k", e - 3, e + 1)], {"k": text}) == [Span("k", e - 3, e + 2)]


SPOKEN = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from(["safety", "profit", "access", ""])))


@given(SPOKEN)
def test_every_offset_shows_just_who_speaks_about_it(spoken: list[tuple[int, int, str]]) -> None:
    spans = [(start, start + length, sign) for start, length, sign in spoken]
    found = stretches([span for span in spans if span[2]], [(start, end) for start, end, sign in spans if not sign])
    shown = {at: piece for piece in found for at in range(piece.start, piece.end)}
    assert sum(piece.end - piece.start for piece in found) == len(shown)
    for at in range(20):
        about = {sign for start, end, sign in spans if start <= at < end}
        piece = shown.get(at, Stretch(at, at + 1, [], is_here=False))
        assert set(piece.signs) == about - {""}
        assert piece.is_here == ("" in about)
    edges = {edge for start, end, _ in spans for edge in (start, end)}
    assert all({piece.start, piece.end} <= edges for piece in found)
    assert found == sorted(found, key=lambda piece: piece.start)
