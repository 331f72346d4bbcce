"""Which unit of one version is which of the next: properties, known traps, and real drafts with a known truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.records import replace
from consult.documents.alignment import Alignment, Block, align
from tests.lengths import examples

from . import real_drafts as real

WORD = st.text("abcdeäß字", min_size=1, max_size=6)
TEXT = st.lists(WORD, min_size=1, max_size=15).map(" ".join)


@st.composite
def documents(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXT) -> list[Block]:
    """Headings with units below them, some of which hold others, some with the same words."""
    found: list[Block] = []
    for number in range(draw(st.integers(0, 12))):
        above = draw(st.sampled_from([None, *range(number)])) if number else None
        found.append(Block(f"k{number}", draw(texts), str(number), draw(st.booleans()), above))
    return found


def each_place_once(alignment: Alignment, old: Sequence[Block], new: Sequence[Block]) -> None:
    assert sorted(o for row in alignment.rows for o in row.old) == list(range(len(old)))
    assert sorted(n for row in alignment.rows for n in row.new) == list(range(len(new)))
    for row in alignment.rows:
        assert row.old or row.new
        assert (row.fate == "added") == (not row.old)
        assert (row.fate == "deleted") == (not row.new)
        assert (row.fate == "split") == (len(row.new) > 1)
        assert (row.fate == "merged") == (len(row.old) > 1)
        assert 0 <= row.similarity <= 1
        if row.fate in ("unchanged", "renumbered"):
            assert old[row.old[0]].text == new[row.new[0]].text


@settings(max_examples=examples(200), deadline=None)
@given(documents())
def test_a_version_with_itself_is_the_same_throughout(blocks: list[Block]) -> None:
    alignment = align(blocks, blocks)
    assert [(row.old, row.new, row.fate) for row in alignment.rows] == [
        ((n,), (n,), "unchanged") for n in range(len(blocks))
    ]


@settings(max_examples=examples(200), deadline=None)
@given(documents(), documents())
def test_every_unit_of_both_versions_has_exactly_one_fate(old: list[Block], new: list[Block]) -> None:
    alignment = align(old, new)
    each_place_once(alignment, old, new)
    assert all(place in alignment.by_old[place].old for place in range(len(old)))
    assert all(place in alignment.by_new[place].new for place in range(len(new)))


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(TEXT, unique_by=lambda t: t.strip(" .-"), max_size=14), st.randoms(use_true_random=False))
def test_what_is_shuffled_moved_and_nothing_else(texts: list[str], random: object) -> None:
    old = [Block(str(n), text) for n, text in enumerate(texts)]
    new = list(old)
    random.shuffle(new)  # type: ignore[attr-defined]
    alignment = align(old, new)
    assert {row.fate for row in alignment.rows} <= {"unchanged", "moved"}
    assert all(old[row.old[0]].text == new[row.new[0]].text and row.is_sure for row in alignment.rows)
    stayed = [row.new[0] for row in sorted(alignment.pairs(), key=lambda r: r.old) if row.fate == "unchanged"]
    assert stayed == sorted(stayed)
    assert len(stayed) == longest_rising([row.new[0] for row in sorted(alignment.pairs(), key=lambda r: r.old)])


def longest_rising(numbers: list[int]) -> int:
    best: list[int] = []
    for place, number in enumerate(numbers):
        best.append(1 + max((best[p] for p in range(place) if numbers[p] < number), default=0))
    return max(best, default=0)


def text(*lines: str) -> list[Block]:
    """Blocks from lines: "# 1 Scope" is a heading, the others stand below the last one."""
    found: list[Block] = []
    above = None
    for number, line in enumerate(lines):
        if line.startswith("# "):
            label, _, title = line[2:].partition(" ")
            found.append(Block(f"k{number}", title, label, is_heading=True))
            above = number
        else:
            found.append(Block(f"k{number}", line, parent=above))
    return found


def fates(alignment: Alignment) -> list[tuple[str, bool]]:
    return [(row.fate, row.is_sure) for row in alignment.rows]


ALPHA = "The provider shall keep the records of Alpha systems for ten years after the last one was sold."
BETA = "The provider shall keep the records of Beta systems for ten years after the last one was sold."
BETA_EDITED = "The provider shall keep the records of Beta systems for five years after the last one was sold."


def test_a_deleted_paragraph_is_not_mistaken_for_its_edited_sibling() -> None:
    """The trap of standards-workflow §4.1: Alpha went, Beta was edited and got Alpha's number."""
    old = [replace(b, label=label) for b, label in zip(text(ALPHA, BETA), "12", strict=True)]
    new = [replace(b, label="1") for b in text(BETA_EDITED)]
    alignment = align(old, new)
    assert not any(row.is_sure for row in alignment.pairs())
    assert alignment.by_new[0].old == (1,)


def test_the_same_number_proves_nothing() -> None:
    old = text("# 1 Scope", "This applies to all providers of models.", "# 2 Records", ALPHA)
    new = text("# 1 Purpose of it", "Everything here serves safety and nothing else at all.", "# 2 Scope",
               "This applies to all providers of models.", "# 3 Records", ALPHA)  # fmt: skip
    alignment = align(old, new)
    assert [row.new for row in map(alignment.by_old.__getitem__, range(4))] == [(2,), (3,), (4,), (5,)]
    assert alignment.by_old[0].fate == alignment.by_old[2].fate == "renumbered"
    assert alignment.by_old[3].fate == "unchanged"


def test_what_stands_alone_between_two_pairs_is_the_edited_one_among_look_alikes() -> None:
    old = text("# 1 Tests", "The relevant path for this test is a.", "First.", "The relevant path for this test is b.",
               "Second.", "The relevant path for this test is c.")  # fmt: skip
    new = text("# 1 Tests", "The relevant path for this test is a.", "First.", "The relevant paths for this test are b.",
               "Second.", "The relevant path for this test is c.")  # fmt: skip
    assert fates(align(old, new))[3] == ("edited", True)


def test_a_section_that_moves_takes_what_is_in_it_along() -> None:
    parts = [
        ("# 1 Scope", "All providers."),
        ("# 2 Terms", "A model is a set of weights."),
        ("# 3 Duties", ALPHA, BETA),
    ]
    old = text(*parts[0], *parts[1], *parts[2])
    new = text(*parts[2], *parts[0], *parts[1])
    alignment = align(old, new)
    assert [(row.fate, row.old[0]) for row in alignment.rows] == [
        ("moved", 4), ("unchanged", 5), ("unchanged", 6), ("unchanged", 0), ("unchanged", 1), ("unchanged", 2),
        ("unchanged", 3),
    ]  # fmt: skip


def test_a_paragraph_moved_to_another_section_and_edited_is_both() -> None:
    old = text("# 1 Scope", "All providers.", ALPHA, "# 2 Terms", "A model is a set of weights.")
    new = text("# 1 Scope", "All providers.", "# 2 Terms", "A model is a set of weights.", ALPHA.replace("ten", "five"))
    row = align(old, new).by_old[2]
    assert (row.fate, row.is_edited, row.new) == ("moved", True, (4,))


LONG = (
    "The operator keeps a log of every decision the system takes about a person during its life.",
    "On request of that person the log is given to her within thirty days and without any charge.",
)


@pytest.mark.parametrize("is_split", [True, False])
def test_a_paragraph_in_two_pieces_is_split_and_the_mirror_merged(is_split: bool) -> None:
    whole, pieces = text("# 1 Log", " ".join(LONG), "End."), text("# 1 Log", *LONG, "End.")
    alignment = align(whole, pieces) if is_split else align(pieces, whole)
    row = alignment.rows[1]
    assert (row.fate, row.is_sure) == ("split" if is_split else "merged", False)
    assert {row.old, row.new} == {(1,), (1, 2)}
    each_place_once(alignment, *((whole, pieces) if is_split else (pieces, whole)))


def test_an_id_of_the_authors_is_believed_when_asked() -> None:
    old = [Block("risk", "Every provider measures the risk.", is_named=True)]
    new = [Block("risk", "Dangers are written down by those who cause them.", is_named=True)]
    assert fates(align(old, new, use_ids=True)) == [("edited", True)]
    assert {fate for fate, _ in fates(align(old, new))} == {"added", "deleted"}


def test_csaf_ids_hidden() -> None:
    """Against the ids of its editors: headings, then every unit with an id (notes, terms, examples too)."""
    ids = [real.csaf_ids(number, of_headings=True) for number in (1, 2)]
    assert (len(ids[0] & ids[1]), len(ids[0] - ids[1]), len(ids[1] - ids[0])) == (272, 84, 157)
    found = align(real.csaf(1), real.csaf(2)).sure()
    for of_headings, truths in ((True, 349), (False, 555)):
        truth, named = real.csaf_truth(of_headings=of_headings)
        assert len(truth) == truths
        claimed = {old: new for old, new in found.items() if old in named}
        right = sum(truth.get(old) == new for old, new in claimed.items())
        assert right / len(claimed) >= 0.99, "precision"
        assert right / len(truth) >= 0.97, "recall"


@pytest.mark.parametrize("name", real.pairs())
def test_real_drafts_lose_no_unit_and_keep_what_is_the_same(name: str) -> None:
    """Words of some length that stand once in both versions can be nothing else."""
    old, new = real.pairs()[name]
    alignment = align(old, new)
    each_place_once(alignment, old, new)
    often = [Counter(b.text for b in blocks) for blocks in (old, new)]
    places = {b.text: n for n, b in enumerate(new)}
    for place, block in enumerate(old):
        if len(block.text) > 40 and often[0][block.text] == often[1][block.text] == 1:
            assert alignment.sure()[place] == places[block.text]


@pytest.mark.parametrize(
    ("name", "most_lost", "most_doubtful"),
    [
        ("OpenChain v1.0 → v1.1", 0, 0), ("OpenChain v1.1 → dis-initial", 12, 6),
        ("OpenChain dis-initial → dis-post-jtc1-edits", 8, 2), ("OpenChain dis-post-jtc1-edits → iso-18974-2023", 8, 0),
        ("AIPREF 03 → 04", 12, 5), ("AIPREF 04 → 05", 22, 0), ("AIPREF 06 → 07", 15, 0),
    ],
)  # fmt: skip
def test_edited_drafts_are_recognised_nearly_whole(name: str, most_lost: int, most_doubtful: int) -> None:
    rows = align(*real.pairs()[name]).rows
    assert sum(row.fate == "deleted" for row in rows) <= most_lost
    assert sum(not row.is_sure for row in rows) <= most_doubtful


def test_a_rewrite_is_reported_as_one() -> None:
    """NIST 800-63A rev 4: new text, with some paragraphs kept; what is not alike is not claimed to be the same."""
    old, new = real.pairs()["NIST 800-63A rev 3 → 4"]
    alignment = align(old, new)
    fate = Counter(row.fate for row in alignment.rows)
    assert fate["deleted"] > 150
    assert fate["added"] > 400
    long = [r for r in alignment.pairs() if r.is_sure and not old[r.old[0]].is_heading]
    assert all(row.similarity >= 0.6 for row in long)
