"""Comments on words, carried to the next version: right, or said to be unknown."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.documents.alignment import Block, align
from consult.documents.anchoring import Carried, Carrier, anchor_at
from tests.lengths import examples

from .test_alignment import ALPHA, BETA, BETA_EDITED, LONG, documents, text
from .test_redline import ANY

BENCH = Path(__file__).parents[2] / "bench" / "anchoring.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The bench anybody can run; it is no package."""
    spec = importlib.util.spec_from_file_location("bench_anchoring", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_anchoring"] = module
    spec.loader.exec_module(module)
    return module


def test_on_real_drafts_nothing_is_silently_wrong(bench: ModuleType) -> None:
    """2,000 anchors for each pair of versions, as in `python bench/anchoring.py`."""
    results = bench.results(2_000)
    assert sum(result.total for result in results) == 2_000 * 16
    wrong = {r.name: [(anchor.exact, carried.quote) for anchor, carried in r.wrong] for r in results if r.wrong}
    assert max(result.share(len(result.wrong)) for result in results) <= 0.2, wrong
    for result in results:
        if result.name.startswith(("CSAF csd01 → ", "OpenChain", "AIPREF")):
            assert result.share(result.statuses["review"]) < 10, result.name
    assert sum(result.judged for result in results) / sum(result.total for result in results) > 0.7


def test_a_rewrite_leaves_orphans(bench: ModuleType) -> None:
    old, new = bench.real.pairs()["NIST 800-63A rev 3 → 4"]
    statuses = bench.run("NIST", old, new, 400).statuses
    assert statuses["orphan"] / statuses.total() > 0.4


def carry(old: Sequence[Block], new: Sequence[Block], quote: str, place: int | None = None) -> Carried:
    place = next(n for n, block in enumerate(old) if quote in block.text) if place is None else place
    start = old[place].text.index(quote)
    anchor = anchor_at(old[place].text, place, start, start + len(quote))
    return Carrier(old, new, align(old, new)).carry(anchor)


ROBIN = "Robin asked whether the records of small providers have to be kept for ten years."
OTHER = "Whoever speaks for a small provider may answer later, as Robin does."


@pytest.mark.parametrize(
    ("old", "new", "quote", "status"),
    [
        ([ALPHA, BETA], [BETA_EDITED], ALPHA[:40], "orphan"),  # the look-alike of what was removed
        ([ALPHA, BETA], [BETA_EDITED], BETA[:40], "review"),
        ([ROBIN, OTHER], [OTHER], "Robin", "orphan"),  # one surviving word somewhere else
        ([ROBIN, OTHER], [ROBIN.replace("ten", "five"), OTHER], "small providers have to be kept", "exact"),
        ([ROBIN], [ROBIN.replace("have to be kept", "must be kept")], "providers have to be kept for ten", "review"),
        ([LONG[0]], [LONG[0].replace("every decision", "each decision")], "a log of every decision the system", "shifted"),
        ([ROBIN], [ROBIN.replace("Robin", "ROBIN").replace("small providers", "Small Providers")], "small", "shifted"),
        ([ROBIN, ALPHA, LONG[0]], [LONG[0], ROBIN, ALPHA], "every decision", "exact"),  # the clause moved
        ([LONG[0]], ["It has been decided to leave all of this to the courts of the member states."], "a log", "orphan"),
        ([" ".join(LONG)], list(LONG), "within thirty days", "review"),  # split: to be confirmed
        ([f"{' '.join(LONG)} {ROBIN}", f"{ALPHA} {OTHER}"], [f"{ALPHA} {OTHER} {ROBIN}"], ROBIN[:50], "moved"),
    ],
)  # fmt: skip
def test_known_traps(old: list[str], new: list[str], quote: str, status: str) -> None:
    found = carry(text(*old), text(*new), quote)
    assert found.status == status
    if found.quote:
        assert text(*new)[found.place or 0].text[found.start : found.end] == found.quote


def test_the_same_words_twice_in_a_clause_are_told_apart_by_what_is_around() -> None:
    old = text("Providers shall keep records. Users shall see records of their own, and nobody shall sell records.")
    new = text(
        "Providers shall keep full records. Users shall see records of their own, and nobody shall sell records."
    )
    start = old[0].text.index("records of")
    found = Carrier(old, new, align(old, new)).carry(anchor_at(old[0].text, 0, start, start + 7))
    assert (found.status, found.start) == ("exact", new[0].text.index("records of"))


def test_capitals_are_no_other_words_and_say_nothing_of_the_place() -> None:
    old = text("The Provider names a Provider of last resort, and that Provider answers within thirty days.")
    new = text(old[0].text.replace("Provider answers", "provider answers").replace("a Provider", "another Provider"))
    start = old[0].text.index("Provider answers")
    found = Carrier(old, new, align(old, new)).carry(anchor_at(old[0].text, 0, start, start + 8))
    assert (found.status, found.quote) == ("shifted", "provider")
    assert found.start == new[0].text.index("provider answers")


@pytest.mark.parametrize(("term", "status"), [("component record", "moved"), ("record of components", "review")])
def test_a_term_that_gets_a_number_stands_below_it(term: str, status: str) -> None:
    definition = "data set that holds the supplier's name, the version of the component and who wrote the data"
    old = [Block("a", "Component Record", "", True), Block("b", definition, parent=0)]
    new = [Block("a", "", "2.1", True), Block("t", term, parent=0), Block("b", definition, parent=0)]
    found = carry(old, new, "Component Record")
    assert (found.status, found.quote) == (status, term if status == "moved" else "")


def test_words_that_are_gone_from_an_edited_clause_leave_the_clause_to_be_looked_at() -> None:
    words = "On request of that person"
    found = carry(text(" ".join(LONG), ROBIN), text(" ".join(LONG).replace(words, "Always"), ROBIN), words)
    assert (found.status, found.place) == ("review", 0)


def test_a_comment_on_a_whole_clause_follows_the_clause() -> None:
    old, new = text(ALPHA, ROBIN, LONG[0]), text(LONG[0].replace("every", "each"), ROBIN)
    carrier = Carrier(old, new, align(old, new))
    found = [carrier.carry(anchor_at(block.text, place, 0, 0)) for place, block in enumerate(old)]
    assert [(f.status, f.place) for f in found] == [("orphan", None), ("exact", 1), ("shifted", 0)]


@settings(max_examples=examples(150), deadline=None)
@given(documents(texts=ANY.filter(str.strip)), st.randoms(use_true_random=False))
def test_to_the_same_version_every_anchor_is_exact(blocks: list[Block], chance: random.Random) -> None:
    carrier = Carrier(blocks, blocks, align(blocks, blocks))
    for place, block in enumerate(blocks):
        start, end = sorted(chance.choices(range(len(block.text) + 1), k=2))
        anchor = anchor_at(block.text, place, start, end)
        assert carrier.carry(anchor) == Carried("exact", place, anchor.start, anchor.end, anchor.exact)


@settings(max_examples=examples(150), deadline=None)
@given(documents(texts=ANY), documents(texts=ANY), st.randoms(use_true_random=False))
def test_what_is_claimed_is_there_and_no_letter_is_cut(
    old: list[Block], new: list[Block], chance: random.Random
) -> None:
    carrier = Carrier(old, new, align(old, new))
    for place, block in enumerate(old):
        start, end = sorted(chance.choices(range(len(block.text) + 1), k=2))
        anchor = anchor_at(block.text, place, start, end)
        assert anchor.start <= start <= end <= anchor.end
        found = carrier.carry(anchor)
        assert (found.status == "orphan") == (found.place is None)
        if found.place is None:
            continue
        words = new[found.place].text
        assert words[found.start : found.end] == found.quote
        if found.status == "exact":
            assert found.quote == anchor.exact
        if found.status == "moved":
            assert found.quote.casefold() == anchor.exact.casefold()
        if found.quote:
            ends = {match.end() for match in regex.finditer(r"\X", words)} | {0}
            assert {found.start, found.end} <= ends


def test_a_sentence_that_went_is_not_mistaken_for_its_look_alike_in_the_same_clause() -> None:
    alpha, beta, gamma = (
        f"The {name} provider keeps the log of the day for its users." for name in ("red", "green", "blue")
    )
    old = text(f"{alpha} {beta} {gamma} {ROBIN}")
    for left in (f"{beta} {gamma} {ROBIN}", f"{beta} {gamma} Yes. {ROBIN}", f"{gamma} {beta} {ROBIN}"):
        assert carry(old, text(left), alpha).status == "review"
        found = carry(old, text(left), beta)
        assert found.status == "review" or found.quote == beta


def test_one_of_many_repetitions_is_not_claimed_when_one_of_them_went() -> None:
    again = "Keep the log of the day. "
    old, new = text(again * 40 + "Then rest."), text(again * 39 + "Then rest at last.")
    carrier = Carrier(old, new, align(old, new))
    for number in range(5, 35):
        start = number * len(again)
        found = carrier.carry(anchor_at(old[0].text, 0, start, start + len(again) - 1))
        assert (found.status, found.place) == ("review", 0)
