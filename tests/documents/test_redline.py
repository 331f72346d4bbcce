"""Two wordings as pieces that stayed, went and came."""

from __future__ import annotations

from itertools import pairwise

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.documents import redline
from consult.documents.graphemes import CLUSTER, widen
from consult.documents.redline import Piece, pieces
from tests.lengths import examples

from . import real_drafts as real

AWKWARD = "ae\u0301 \u0308\u200d🇩🇪🇫👩‍🔬👍🏽क्षिनी한글각\r\n\t ́.,;12shall not\u200c\u0600\U000e0101"
ANY = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=["Cn", "Co", "Cs"])), max_size=60)
WORDS = st.lists(
    st.sampled_from(["a", "the", "shall", "not", "may", "30", "days", "model", ",", ".", "weights"]), max_size=25
).map(" ".join)
TEXT = st.one_of(ANY, WORDS)


@settings(max_examples=examples(300), deadline=None)
@given(TEXT, TEXT)
def test_the_pieces_are_the_old_text_and_the_new_one_exactly(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(piece.gone for piece in found) == old
    assert "".join(piece.come for piece in found) == new
    assert not any(a.is_same == b.is_same for a, b in pairwise(found))
    assert (old == new) == all(piece.is_same for piece in found)


@settings(max_examples=examples(200), deadline=None)
@given(TEXT, TEXT)
def test_no_letter_is_cut_apart(old: str, new: str) -> None:
    for text, parts in ((old, [p.gone for p in pieces(old, new)]), (new, [p.come for p in pieces(old, new)])):
        seen = {match.end() for match in regex.finditer(r"\X", text)} | {0}
        place = 0
        for part in parts:
            place += len(part)
            assert place in seen or not regex.search(r"\w|\p{So}", text[place - 1 : place + 1]), (text, place)


@settings(max_examples=examples(300), deadline=None)
@given(ANY)
@example("क्षि")
@example("👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿")
@example("각\u1100\u1161\u11a8")
def test_no_boundary_where_unicode_has_none(text: str) -> None:
    ours = {match.end() for match in CLUSTER.finditer(text)}
    assert ours <= {match.end() for match in regex.finditer(r"\X", text)}
    assert "".join(CLUSTER.findall(text)) == text


@settings(max_examples=examples(200), deadline=None)
@given(ANY, st.integers(0, 60), st.integers(0, 60))
def test_widening_only_widens(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = widen(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)
    if start < end:
        assert widen(text, first, last) == (first, last)


@pytest.mark.parametrize("name", ["OpenChain v1.1 → dis-initial", "AIPREF 01 → 02"])
def test_real_clauses_both_ways(name: str) -> None:
    old, new = real.pairs()[name]
    for ours, theirs in zip(old, new, strict=False):
        found = pieces(ours.text, theirs.text)
        assert "".join(p.gone for p in found) == ours.text
        assert "".join(p.come for p in found) == theirs.text


def test_changes_with_two_words_between_are_one_and_with_three_are_two() -> None:
    assert pieces("one two three four", "ONE two three FOUR") == [Piece("one two three four", "ONE two three FOUR")]
    assert pieces("a b c d e", "A b c d E") == [Piece("a", "A"), Piece(" b c d ", " b c d "), Piece("e", "E")]


@pytest.mark.parametrize(
    ("old", "new", "is_technical"),
    [
        ("Providers shall publish it.", "Providers should publish it.", True),
        ("Providers shall publish it.", "Providers shall not publish it.", True),
        ("Providers may publish it.", "Providers may quietly publish it.", False),
        ("It cannot be done.", "It can be done.", True),
        ("Answer within 30 days of it.", "Answer within 60 days of it.", True),
        ("Answer within 30 days of it.", "Answer within 30 hours of it.", True),
        ("Answer within 30 days of it.", "Answer inside 30 days of it.", False),
        ("At most 5 % of all.", "At most 10 % of all.", True),
        ("As Section 4.2 has it.", "As Section 5.1 has it.", False),
        ("See Table 3 for that.", "See Table 4 for that.", False),
        ("Version 2.0 applies here.", "Version 2.1 applies here.", True),
        ("The Shall is a word in caps.", "The shall is a word in caps.", False),
    ],
)
def test_duties_and_numbers_are_technical_and_places_are_not(old: str, new: str, is_technical: bool) -> None:
    assert any(piece.is_technical for piece in pieces(old, new)) is is_technical


@pytest.mark.parametrize(
    ("language", "old", "new", "is_technical"),
    [
        ("de", "Der Anbieter muss es melden.", "Der Anbieter sollte es melden.", True),
        ("de", "Der Anbieter darf es melden.", "Der Anbieter darf nicht melden.", True),
        ("de", "Der Anbieter muss es melden.", "Die Anbieter müssen es melden.", False),
        ("de-AT", "Er soll dies tun.", "Er kann dies tun.", True),
        ("fr", "Le fournisseur doit publier.", "Le fournisseur devrait publier.", True),
        ("fr", "Le fournisseur peut publier.", "Le fournisseur ne peut pas publier.", True),
        ("fr", "Le fournisseur doit publier.", "Les fournisseurs doivent publier.", False),
        ("es", "El proveedor debe publicar.", "El proveedor debería publicar.", True),
        ("es", "El proveedor debe publicar.", "El proveedor no debe publicar.", True),
        ("es", "El proveedor puede publicar.", "Los proveedores pueden publicar.", False),
        ("de", "Er shall it.", "Er should it.", False),
        ("xx", "It shall be.", "It should be.", True),
        ("", "It shall be.", "It should be.", True),
    ],
)
def test_duties_are_known_in_the_language_of_the_text(language: str, old: str, new: str, is_technical: bool) -> None:
    assert any(piece.is_technical for piece in pieces(old, new, language)) is is_technical


def test_html_is_safe_and_says_what_went_and_came() -> None:
    assert redline.html("keep <b> it", "lose <b> it") == "<del>keep</del><ins>lose</ins> &lt;b&gt; it"
