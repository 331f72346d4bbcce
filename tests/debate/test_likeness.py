"""How alike remarks and proposed changes are: properties, and what real comments say."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.likeness import ALIKE, NEARLY_SAME, folded, score, shingles
from consult.debate import changes, likeness
from consult.debate.likeness import Remark, what_is_new

CLAUSE = "Providers shall publish a summary of the content within 30 days after the model is placed on the market."
REAL = Path(__file__).parents[1] / "data" / "comments-usda" / "comments.csv"
TEXT = st.text(max_size=300)
WORDS = st.lists(
    st.sampled_from(["open", "modèle", "透明性", "شفافية", "प्रकाशित", "weights", "30", "days"]), max_size=60
)


@pytest.fixture(scope="module")
def real() -> dict[str, str]:
    with REAL.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["text"] for row in csv.DictReader(file)}


def like(one: str, other: str) -> float:
    return score(shingles(one), shingles(other))


@given(TEXT, TEXT)
def test_likeness_is_between_nothing_and_all_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= like(one, other) <= 1
    assert like(one, other) == like(other, one)


@given(TEXT)
def test_what_has_words_is_like_itself_whatever_its_case_signs_and_blanks(text: str) -> None:
    is_said = bool(folded(text))
    assert like(text, text) == float(is_said)
    assert like(text, f"  **{text}**!\n") == float(is_said)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=20, max_size=200).map("".join))
def test_accents_and_case_do_not_matter(word: str) -> None:
    accented = word.replace("a", "á").replace("e", "È").upper()
    assert folded(accented) == folded(word)


@given(WORDS)
def test_nothing_of_a_remark_is_new_beside_itself(words: list[str]) -> None:
    assert what_is_new(" ".join(words), " ".join(words)) == ""


def test_only_the_paragraphs_that_say_more_are_new() -> None:
    mine = "Say within how many days a summary is due.\n\nSmall labs need longer than that."
    assert (
        what_is_new(mine, "Please say: within how many days a summary is due?") == "Small labs need longer than that."
    )
    assert what_is_new(mine, "Something else.") == mine


def test_vowel_signs_belong_to_their_words() -> None:
    assert " " not in folded("प्रकाशित")
    assert folded("किताब") != folded("कतब")


def test_letters_of_one_campaign_are_alike_and_other_letters_are_not(real: dict[str, str]) -> None:
    form = real["0804"]
    assert form.startswith("Please reinstate work requirements for food stamps and support conservative waiver")
    assert like(form, real["1097"]) >= NEARLY_SAME  # two words left out
    assert ALIKE <= like(form, real["0887"]) < NEARLY_SAME  # half of it
    assert like(real["1022"], real["1073"]) >= ALIKE  # the whole letter within a longer one
    own = [text for text in real.values() if len(text) > 400]
    assert len(own) == 10
    assert max(like(*pair) for pair in combinations(own, 2)) < ALIKE / 2


def test_of_very_few_words_only_the_same_are_alike() -> None:
    assert like("I agree.", "i agree") == 1
    assert like("I agree.", "I agree with the nurse who wrote before me.") == 0
    assert like("", "") == like("…", "!") == 0


def test_the_most_alike_come_first_and_the_same_change_before_them() -> None:
    wanted = CLAUSE.replace("30 days", "14 days")
    known = {
        1: Remark("Thirty days are far too long for those who have to build on the summary."),
        2: Remark("Something else altogether, about pictures.", wanted),
        3: Remark("Thirty days are too long for those who have to build on the summary."),
        4: Remark("Who keeps the register?", CLAUSE.replace("30", "60")),
    }
    mine = Remark("Thirty days are too long for those who build on the summary.", wanted)
    found = likeness.closest(mine, known.items(), clause=CLAUSE)
    assert [one.id for one in found] == [2, 3, 1]
    assert [one.is_same_change for one in found] == [True, False, False]
    assert likeness.closest(mine, known.items(), clause=CLAUSE, most=1) == found[:1]


def change(was: str, wanted: str) -> changes.Change:
    found = changes.change(CLAUSE, CLAUSE.replace(was, wanted))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("30 days", "14 days"), ("within 30 days", "within 14 days"), True),
        (("30 days", "14 days"), ("30 days", "60 days"), False),  # another number
        (("shall publish", "should publish"), ("shall publish", "shall not publish"), False),  # another duty
        (("publish", "publish and keep up to date"), ("publish", "publish and keep updated"), True),
        (("publish", "publish and keep up to date"), ("market.", "market and keep up to date."), False),  # elsewhere
        ((" within 30 days", ""), (" within 30 days", ""), True),
        ((" within 30 days", ""), (" of the content", ""), False),
        (("a summary", "a detailed summary"), ("a summary", "a short summary"), False),
    ],
)
def test_changes_are_the_same_when_they_do_the_same_to_the_same_words(
    one: tuple[str, str], other: tuple[str, str], is_same: bool
) -> None:
    assert changes.is_same(change(*one), change(*other)) is is_same
    assert changes.is_same(change(*other), change(*one)) is is_same


def test_blanks_and_case_change_nothing() -> None:
    assert changes.change(CLAUSE, f"  {CLAUSE.upper()}\n") is None


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_every_change_is_the_same_as_itself(old: str, new: str) -> None:
    found = changes.change(old, new)
    assert found is None or changes.is_same(found, found)


def test_proposals_stand_together_in_the_order_in_which_they_came() -> None:
    fourteen, sixty = change("30 days", "14 days"), change("30 days", "60 days")
    groups = changes.together([("a", fourteen), ("b", sixty), ("c", change("within 30", "within 14"))])
    assert [[name for name, _ in group] for group in groups] == [["a", "c"], ["b"]]
